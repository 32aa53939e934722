"""Opening the two databases so that they behave alike: strict, durable, and in UTC."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from storage.columns import dumps
from storage.errors import DatabaseReadOnly, DatabaseUnreachable, StorageError

POSTGRES_THREADS = 4
READING_THREADS = 2

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA cache_size = -16000",
)
# Bitmap scans lose the order of an index. From statistics older than a storm the planner expects next to nothing due, prefers one,
# and so reads and sorts all that is due for every few rows that are taken in order.
_POSTGRES_OPTIONS = (
    "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s "
    "-c enable_bitmapscan=off"
)


def open_engine(url: str) -> Engine:
    """Return an engine for ``sqlite:///path`` or ``postgresql://...``; nothing is connected yet.

    Raises `DatabaseUnreachable` when the address is not one of these or the driver is missing.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseUnreachable(_WRONG_ADDRESS) from None
    match address.get_backend_name():
        case "sqlite":
            return _sqlite(address)
        case "postgresql" | "postgres":
            return _postgres(address)
        case _:
            raise DatabaseUnreachable(_WRONG_ADDRESS)


def explained(error: DBAPIError, url: URL) -> StorageError | None:
    """Return what a driver's error means for whoever runs the bot, or nothing when it is a bug of ours."""
    text = str(error.orig).lower()
    where = shown(url)
    if "readonly" in text or "read-only" in text:
        return DatabaseReadOnly(
            f"The database {where} can be read but not written; give the bot's user write access to it."
        )
    if "unable to open" in text:
        return cannot_open(url)
    if "not a database" in text or "malformed" in text:
        return DatabaseUnreachable(
            f"The file of {where} is not an intact SQLite database; restore it from a backup."
        )
    if error.connection_invalidated or "connection" in text:
        return DatabaseUnreachable(
            f"The database {where} does not answer; is it running, and are host, user and password right?"
        )
    return None


def cannot_open(url: URL) -> DatabaseUnreachable:
    """Return the refusal of a file that is not there and cannot be made."""
    return DatabaseUnreachable(
        f"The database {shown(url)} cannot be opened; does its folder exist, and may the bot's user write there?"
    )


def shown(url: URL) -> str:
    """Return an address as people write it, without its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


_WRONG_ADDRESS = "TOCSIN_DATABASE_URL is not a database address; use sqlite:///tocsin.db or postgresql://user:password@host/name."


def _sqlite(address: URL) -> Engine:
    if address.database in (None, "", ":memory:"):
        raise DatabaseUnreachable(
            "An in-memory database forgets everything; name a file, as in sqlite:///tocsin.db."
        )
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        poolclass=NullPool,
        json_serializer=dumps,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 10},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is said by us, below
    for pragma in _SQLITE_PRAGMAS:
        try:
            connection.execute(pragma)
        except sqlite3.OperationalError:
            if "journal_mode" not in pragma:
                raise


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN would read first and write later, and two writers would both believe they won.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgres(address: URL) -> Engine:
    try:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=POSTGRES_THREADS + READING_THREADS,
            max_overflow=2,
            json_serializer=dumps,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            connect_args={"options": _options(address), "connect_timeout": 10, "application_name": "tocsin"},
        )
    except (ImportError, NoSuchModuleError):
        raise DatabaseUnreachable(
            "PostgreSQL needs its driver; install it with: pip install 'psycopg[binary]'."
        ) from None


def _options(address: URL) -> Any:
    given = address.query.get("options")
    return f"{_POSTGRES_OPTIONS} {given}" if isinstance(given, str) else _POSTGRES_OPTIONS
