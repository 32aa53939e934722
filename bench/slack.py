"""The sandbox in a process of its own, and the handle by which a measure tells it what to do."""

import asyncio
import multiprocessing
import traceback
from multiprocessing.connection import Connection
from typing import Any, Self


class SlackFailed(Exception):
    """The sandbox's process could not do what it was asked; the message holds its stack."""


class Slack:
    """A Slack of our own in another process. `ask` runs a method of `bench.workspace.Workspace` there."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.environment: dict[str, str] = self.ask("open")

    def ask(self, what: str, *args: Any) -> Any:
        """Run a method over there and return its value; blocks."""
        self._pipe.send((what, args))
        ok, value = self._pipe.recv()
        if not ok:
            raise SlackFailed(value)
        return value

    def close(self) -> None:
        """End the process."""
        if self._process.is_alive():
            self.ask("close")
            self._pipe.send(None)
        self._process.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _live(pipe: Connection) -> None:
    asyncio.run(_obey(pipe))


async def _obey(pipe: Connection) -> None:
    from bench.workspace import Workspace

    workspace = Workspace()
    loop = asyncio.get_running_loop()
    while (order := await loop.run_in_executor(None, pipe.recv)) is not None:
        what, args = order
        try:
            pipe.send((True, await getattr(workspace, what)(*args)))
        except Exception:
            pipe.send((False, traceback.format_exc()))
