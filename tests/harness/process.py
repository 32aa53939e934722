"""`tocsin run` as a process of its own, against a sandbox in the test."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
READY = b"tocsin is ready"
# The slowest machine has started long before; beyond it something hangs.
PATIENCE = 60.0


class Running:
    """The process of a bot; `out` is what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.out = ""

    async def ready(self) -> None:
        """Wait for the line that says that it takes work."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self._process.stdout.readline()
                self.out += line.decode()
                if READY in line:
                    return
                assert line, f"the bot ended before it was ready: {await self._said()}"

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does."""
        self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait for its end and return its exit status."""
        async with asyncio.timeout(PATIENCE):
            await self._said()
            return await self._process.wait()

    async def stop(self) -> None:
        """End it, however it is."""
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()

    async def _said(self) -> str:
        assert self._process.stdout is not None
        self.out += (await self._process.stdout.read()).decode()
        return self.out


async def tocsin_run(sandbox: Sandbox, database: Path, *arguments: str) -> Running:
    """Start `tocsin run` with nothing but its environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "TOCSIN_DATABASE_URL": f"sqlite:///{database}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        *arguments,
        cwd=database.parent,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return Running(process)
