"""One unit of work: a use case, its arguments, and who waits for the outcome."""

from asyncio import AbstractEventLoop
from asyncio import Future as LoopFuture
from collections.abc import Callable
from concurrent.futures import Future as ThreadFuture
from dataclasses import dataclass
from typing import Any

from storage.transaction import Tx


@dataclass(slots=True)
class Unit:
    """A use case to run in a transaction; ``loop`` is where the waiting future lives, if it lives on a loop."""

    work: Callable[[Tx], Any]
    future: "LoopFuture[Any] | ThreadFuture[Any]"
    loop: AbstractEventLoop | None = None
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Hand the outcome to whoever waits; on the loop's own thread when there is a loop."""
        if self.future.done():
            return  # the caller was cancelled meanwhile; what it asked for has been done all the same
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)
