"""Running units of work on PostgreSQL, and readers on either database: a few threads, a transaction each."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.engines import explained
from storage.errors import Conflict, DatabaseReadOnly, StorageError
from storage.transaction import Touched, Tx

T = TypeVar("T")

ATTEMPTS = 4
# Serialization failure, deadlock, lock timeout: the transaction lost a race and may be tried again.
_LOST_RACE = frozenset({"40001", "40P01", "55P03"})


class Threads:
    """A few threads with a connection each, kept between calls."""

    def __init__(self, engine: Engine, count: int, name: str, *, reading: bool) -> None:
        self._engine = engine
        self._reading = reading
        self._mine = threading.local()
        self._opened: list[Connection] = []
        self.executor = ThreadPoolExecutor(count, thread_name_prefix=name)

    def close(self) -> None:
        """Finish what is queued, then let go of the connections."""
        self.executor.shutdown(wait=True)
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def run(self, work: Callable[[Tx], T]) -> tuple[T, Touched]:
        """Run one transaction on the calling thread and commit it; a lost race is run again from the start.

        A connection that broke before the commit is replaced and the work repeated; one that breaks *while* committing is
        not, because nobody knows whether the commit was made: that is raised.
        """
        for attempt in range(1, ATTEMPTS + 1):
            committing = False
            try:
                connection = self._connection()
                with connection.begin() as transaction:
                    tx = Tx(connection=connection, writable=not self._reading)
                    result = work(tx)
                    tx.flush()
                    audit.flush(tx)
                    committing = True
                    transaction.commit()
                return result, tx.touched
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
            except DBAPIError as error:
                again = _code(error) in _LOST_RACE or (error.connection_invalidated and not committing)
                if error.connection_invalidated:
                    self._forget()
                if not again or attempt == ATTEMPTS:
                    raise (self._explained(error) or error) from error
        raise AssertionError("every attempt returns, raises or is repeated")

    def _explained(self, error: DBAPIError) -> StorageError | None:
        known = explained(error, self._engine.url)
        if self._reading and isinstance(known, DatabaseReadOnly):
            return StorageError(
                "A read-only transaction was asked to write; that is a mistake in the program."
            )
        return known

    def _connection(self) -> Connection:
        kept: Connection | None = getattr(self._mine, "connection", None)
        if kept is None:
            kept = self._engine.connect().execution_options(
                reading=self._reading, postgresql_readonly=self._reading
            )
            if self._reading and kept.dialect.name == "sqlite":
                driver: Any = kept.connection.dbapi_connection
                driver.execute("PRAGMA query_only = ON")
            self._mine.connection = kept
            self._opened.append(kept)
        return kept

    def _forget(self) -> None:
        kept: Connection | None = getattr(self._mine, "connection", None)
        if kept is not None:
            self._mine.connection = None
            self._opened.remove(kept)
            kept.close()


def _code(error: DBAPIError) -> Any:
    return getattr(error.orig, "sqlstate", None)
