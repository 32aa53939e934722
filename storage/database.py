"""The one door to the database: a use case goes in, a committed result comes out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future as ThreadFuture
from contextlib import suppress
from functools import partial
from typing import Any, Concatenate, TypeVar

from storage import inbox, schema
from storage.engines import POSTGRES_THREADS, READING_THREADS, open_engine
from storage.errors import (
    Closed,
    Conflict,
    DatabaseBehind,
    DatabaseReadOnly,
    DatabaseTooNew,
    DatabaseUnreachable,
    StorageError,
)
from storage.pool import Threads
from storage.transaction import Touched, Tx
from storage.units import Unit
from storage.writer import Writer

__all__ = [
    "Closed",
    "Conflict",
    "Database",
    "DatabaseBehind",
    "DatabaseReadOnly",
    "DatabaseTooNew",
    "DatabaseUnreachable",
    "StorageError",
    "Touched",
    "Tx",
]

T = TypeVar("T")


class Database:
    """SQLite or PostgreSQL behind one interface; one transaction per call.

    A use case is a plain function ``(tx, ...) -> value``. It runs on a database thread, so that the event loop never waits for
    a disk, and may run more than once when it lost a race: it must have no effect but through ``tx``.
    """

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._callbacks: list[tuple[asyncio.AbstractEventLoop | None, Callable[[Touched], None]]] = []
        self._closed = False
        self._writer: Writer | None = None
        self._threads: Threads | None = None
        if self.engine.dialect.name == "sqlite":
            self._writer = Writer(self.engine, committed=self._committed)
            self._readers = Threads(self.engine, 1, "database-reader", reading=True)
        else:
            self._threads = Threads(self.engine, POSTGRES_THREADS, "database-writer", reading=False)
            self._readers = Threads(self.engine, READING_THREADS, "database-reader", reading=True)

    def migrate(self) -> None:
        """Bring the tables up to date, under a lock; see `storage.schema.migrate` for what it raises."""
        schema.migrate(self.engine)

    def check(self, *, writable: bool = False) -> None:
        """See that the tables are up to date, and change nothing; see `storage.schema.check` for what it raises."""
        schema.check(self.engine, writable=writable)

    async def run(
        self, use_case: Callable[Concatenate[Tx, ...], T], *args: Any, once: str | None = None, **kwargs: Any
    ) -> T:
        """Run a use case in a transaction of its own and return its value once that is committed.

        ``once`` names what happens at most once (a delivery, a click): the key is claimed in the same transaction, and
        `storage.inbox.Duplicate` is raised when somebody had it before. It needs the use case to be given ``now=``. Whatever
        the use case raises undoes everything, the claim included, and is raised here.
        """
        return await self._run(_work(use_case, once, args, kwargs))

    async def read(self, function: Callable[Concatenate[Tx, ...], T], *args: Any, **kwargs: Any) -> T:
        """Run a function that only reads, beside the writers; writing raises."""
        if self._closed:
            raise Closed("The database is closed; the bot is stopping.")
        loop = asyncio.get_running_loop()
        work = partial(_call, function, args, kwargs)
        value, _ = await loop.run_in_executor(self._readers.executor, self._readers.run, work)
        return value

    def transact(
        self, use_case: Callable[Concatenate[Tx, ...], T], *args: Any, once: str | None = None, **kwargs: Any
    ) -> T:
        """`run` for callers without an event loop (commands, tests); blocks until committed."""
        work = _work(use_case, once, args, kwargs)
        if self._writer is not None:
            future: ThreadFuture[T] = ThreadFuture()
            self._writer.submit(Unit(work, future))
            return future.result()
        return self._postgres().executor.submit(self._on_postgres, work).result()

    def on_commit(self, callback: Callable[[Touched], None]) -> None:
        """Have ``callback`` called after each commit that left something to do, on the loop that asks now (or else inline).

        Several units that were committed together are announced together.
        """
        self._callbacks.append((_running_loop(), callback))

    def close(self) -> None:
        """Finish what is queued and close; later calls raise `Closed`."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            self._writer.close()
        if self._threads is not None:
            self._threads.close()
        self._readers.close()
        self.engine.dispose()

    async def _run(self, work: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        if self._writer is not None:
            future: asyncio.Future[T] = loop.create_future()
            self._writer.submit(Unit(work, future, loop))
            return await future
        return await loop.run_in_executor(self._postgres().executor, self._on_postgres, work)

    def _postgres(self) -> Threads:
        if self._closed or self._threads is None:
            raise Closed("The database is closed; the bot is stopping.")
        return self._threads

    def _on_postgres(self, work: Callable[[Tx], T]) -> T:
        assert self._threads is not None, "only PostgreSQL has a pool of writers"
        value, touched = self._threads.run(work)
        if touched:
            self._committed(touched)
        return value

    def _committed(self, touched: Touched) -> None:
        for loop, callback in self._callbacks:
            if loop is None:
                callback(touched)
                continue
            # A loop that has been closed has nothing left to do.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(callback, touched)


def _work(
    use_case: Callable[Concatenate[Tx, ...], T],
    once: str | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Callable[[Tx], T]:
    if once is None:
        return partial(_call, use_case, args, kwargs)
    if "now" not in kwargs:
        raise TypeError("once= needs the use case to be given now=, so that old keys can be forgotten")
    return partial(_once, once, use_case, args, kwargs)


def _call(
    use_case: Callable[Concatenate[Tx, ...], T], args: tuple[Any, ...], kwargs: dict[str, Any], tx: Tx
) -> T:
    return use_case(tx, *args, **kwargs)


def _once(
    key: str,
    use_case: Callable[Concatenate[Tx, ...], T],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    tx: Tx,
) -> T:
    inbox.claim_key(tx, key, kwargs["now"], workspace=kwargs.get("workspace"))
    return use_case(tx, *args, **kwargs)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
