"""A process that has imported and warmed up everything; each bot of the crash tests is forked from it.

It reads orders from a Unix socket (standard input), forks, and answers with the child's number. A child is the whole bot,
wired exactly as `tocsin run` wires it; the only things of its own are a clock that the test moves and a death at a commit.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bot import packs
from bot.app import Bot
from bot.settings import Settings
from tests.crash.board import Board
from tests.crash.doubles import DOUBLES
from tests.harness.story import telling

LARGEST_ORDER = 65536


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a bot needs to live: its Slack, its database, the board, where it may complain, and a test double."""

    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    database_url: str
    board: str
    log: str
    double: str = ""

    def text(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def main(template: Path) -> None:
    """Warm up, leave a migrated database with a known roster at ``template``, then fork to order until the end of input."""
    policy = packs.load(packs.DEFAULT)
    asyncio.run(_warm_up(template))
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders = socket.socket(fileno=sys.stdin.fileno())
    orders.send(b"ready")
    while True:
        message, fds, _, _ = socket.recv_fds(orders, LARGEST_ORDER, 1)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            orders.detach()
            _live(Order(**json.loads(message)), socket.socket(fileno=fds[0]), policy)
        os.close(fds[0])
        orders.send(str(pid).encode())


async def _warm_up(template: Path) -> None:
    """Live through an incident, so that what is compiled and cached once is there in every child."""
    url = f"sqlite:///{template}"
    async with telling(template.parent, database_url=url):
        pass
    async with telling(template.parent, database_url=f"sqlite:///{template}.warm") as story:
        await story.ana.runs("/incident", "open Checkout is down", channel="general")
        await story.ana.submits()
        await story.minutes_pass(20)


def _live(order: Order, control: socket.socket, policy: Any) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        board = Board(Path(order.board))
        _die_at_commits(board)
        if order.double:
            DOUBLES[order.double]()
        asyncio.run(_serve(order, control, board, policy))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(1)


def _die_at_commits(board: Board) -> None:
    dying = threading.local()

    def before(connection: Connection) -> None:
        if connection.get_execution_options().get("reading") or not board.about_to_commit():
            return
        if not board.after:
            _die(board)
        dying.now = True

    def commit(self: DefaultDialect, connection: Any) -> None:
        made(self, connection)
        if getattr(dying, "now", False):
            _die(board)

    made: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit
    event.listen(Engine, "commit", before)
    DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def _die(board: Board) -> None:
    board.last_words()
    os.kill(os.getpid(), signal.SIGKILL)


async def _serve(order: Order, control: socket.socket, board: Board, policy: Any) -> None:
    """Run the bot; on the side, say when it is ready and do what is due when the test says that time has passed."""
    settings = Settings(
        bot_token=SecretStr(order.bot_token),
        app_token=SecretStr(order.app_token),
        signing_secret=SecretStr(order.signing_secret),
        api_url=order.api_url,
        database_url=order.database_url,
        port=0,
    )
    reader, writer = await asyncio.open_connection(sock=control)
    bot = Bot(settings, clock=lambda: board.now, policy=policy, transport="socket")
    await bot.start()
    writer.write(b"ready\n")
    while wish := (await reader.readline()).strip():
        answer = ""
        if wish == b"settle":
            await bot.settle()
        elif wish == b"next":
            due = await bot.next_due()
            answer = due.isoformat() if due is not None else ""
        writer.write(f"{answer}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
