"""Bots as processes of their own: forked from a zygote, asked things on the side, and killed."""

import asyncio
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.crash.zygote import Order

ROOT = Path(__file__).resolve().parents[2]
# No life takes longer to be born or to answer on the slowest machine; beyond it something hangs.
PATIENCE = 60.0


class Died(Exception):
    """The bot died while it was asked something."""


class Zygote:
    """The process that bots are forked from; `template` is a database that is migrated and knows the roster."""

    def __init__(self, home: Path) -> None:
        self.template = home / "template.db"
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders = ours
        command = [sys.executable, "-m", "tests.crash.zygote", str(self.template)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=theirs.fileno())
        theirs.close()
        ours.settimeout(PATIENCE)
        assert ours.recv(16) == b"ready", "the zygote did not come up; see its output"

    def bear(self, order: Order) -> tuple[int, socket.socket]:
        """Start a bot; return its process number and the line to it."""
        ours, theirs = socket.socketpair()
        socket.send_fds(self._orders, [order.text()], [theirs.fileno()])
        theirs.close()
        return int(self._orders.recv(16)), ours

    def close(self) -> None:
        self._orders.close()
        self._process.wait(PATIENCE)


class Life:
    """One bot process from birth to death."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        self._reader, self._writer = reader, writer
        self._asking = asyncio.Lock()
        self.over = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._handle, self._ended)

    async def ready(self) -> None:
        await self._answer()

    async def asks(self, wish: str) -> str:
        """Have the bot do something, and return its answer; raises `Died`."""
        async with self._asking:
            with contextlib.suppress(ConnectionError):
                self._writer.write(f"{wish}\n".encode())
            return await self._answer()

    def kill(self) -> None:
        """End it as a power cut does. When this returns not one more instruction of it runs."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self._await_end()

    def bury(self) -> None:
        """Let go of what is left of it."""
        self._await_end()
        self._ended()
        self._writer.close()
        os.close(self._handle)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        self.over.set()

    def _await_end(self) -> None:
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        assert poll.poll(PATIENCE * 1000), "the bot would not die"

    async def _answer(self) -> str:
        async with asyncio.timeout(PATIENCE):
            try:
                line = await self._reader.readline()
            except ConnectionError:
                line = b""
        if not line:
            raise Died
        return line.decode().strip()
