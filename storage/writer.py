"""SQLite's one writer: a thread that commits many units of work at once."""

import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.engines import explained
from storage.errors import Closed, Conflict
from storage.transaction import Touched, Tx
from storage.units import Unit

# A commit costs the same for one unit as for many, but the first of a batch waits for the last.
BATCH = 48
ATTEMPTS = 3


class Writer:
    """Runs units one after the other and commits whatever has queued up together (group commit).

    Each unit stands in a savepoint of its own, so that a failing one is undone alone. Nobody is told of success before the
    commit is on disk; when the commit itself fails, everybody in the batch is told so.
    """

    def __init__(self, engine: Engine, *, committed: Callable[[Touched], None]) -> None:
        self._engine = engine
        self._committed = committed
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="database-writer", daemon=True)
        self._thread.start()

    def submit(self, unit: Unit) -> None:
        if self._closed:
            raise Closed("The database is closed; the bot is stopping.")
        self._queue.put(unit)

    def close(self) -> None:
        """Finish what is queued, then stop."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        connection: Connection | None = None
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            if not batch:
                continue
            touched = Touched()
            try:
                connection = connection or self._engine.connect()
                touched = _run(connection, batch)
            except Exception as error:
                self._fail(batch, error)
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                    connection = None
            if touched:
                self._committed(touched)
            _settle(batch)
        if connection is not None:
            connection.close()

    def _next_batch(self) -> tuple[list[Unit], bool]:
        first = self._queue.get()
        if first is None:
            return [], True
        batch = [first]
        while len(batch) < BATCH:
            try:
                unit = self._queue.get_nowait()
            except Empty:
                break
            if unit is None:
                return batch, True
            batch.append(unit)
        return batch, False

    def _fail(self, batch: list[Unit], error: Exception) -> None:
        known = explained(error, self._engine.url) if isinstance(error, DBAPIError) else None
        for unit in batch:
            unit.error = unit.error or known or error


def _run(connection: Connection, batch: list[Unit]) -> Touched:
    touched = Touched()
    with connection.begin():
        driver: Any = connection.connection.dbapi_connection
        for unit in batch:
            touched |= _run_in_savepoint(connection, driver, unit)
    return touched


def _run_in_savepoint(connection: Connection, driver: Any, unit: Unit) -> Touched:
    for attempt in range(1, ATTEMPTS + 1):
        tx = Tx(connection=connection)
        driver.execute("SAVEPOINT unit")
        try:
            unit.result = unit.work(tx)
            tx.flush()
            audit.flush(tx)
        except Exception as error:
            if not driver.in_transaction:
                raise  # the whole transaction is gone (a full disk, say), and with it every unit of the batch
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            if isinstance(error, Conflict) and attempt < ATTEMPTS:
                continue
            unit.error = error
            return Touched()
        driver.execute("RELEASE unit")
        return tx.touched
    raise AssertionError("every attempt returns, raises or is repeated")


def _settle(batch: Iterable[Unit]) -> None:
    waiting: dict[AbstractEventLoop, list[Unit]] = {}
    for unit in batch:
        if unit.loop is None:
            unit.settle()
        else:
            waiting.setdefault(unit.loop, []).append(unit)
    for loop, units in waiting.items():
        try:
            loop.call_soon_threadsafe(_settle_all, units)
        except RuntimeError:
            continue  # that loop has been closed: nobody waits there any more


def _settle_all(units: list[Unit]) -> None:
    for unit in units:
        unit.settle()
