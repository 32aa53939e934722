"""Bringing a database to the version that this code needs, once, whoever starts first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.engines import cannot_open, explained, shown
from storage.errors import DatabaseBehind, DatabaseTooNew
from storage.migrations import HEAD, REVISIONS

# Any constant does, as long as every replica uses the same one.
_LOCK = 0x70C51


def migrate(engine: Engine) -> None:
    """Migrate to `HEAD` under a lock; cheap when it is there already.

    Raises `DatabaseTooNew`, `DatabaseReadOnly` or `DatabaseUnreachable`, each with one sentence to act on. Every migration
    is applied whole or not at all.
    """
    with _explaining(engine):
        if _version_of(engine, writable=True) == HEAD:
            return
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if version(connection) != HEAD:
                _upgrade(connection)


def check(engine: Engine, *, writable: bool = False) -> None:
    """See that a database is there and at `HEAD`, and, if asked, that it can be written; nothing is made or changed.

    Raises `DatabaseBehind`, and what `migrate` raises.
    """
    where = shown(engine.url)
    if not _is_made(engine):
        raise DatabaseBehind(f"There is no database {where} yet; `tocsin run` makes it.", None)
    with _explaining(engine):
        found = _version_of(engine, writable=writable)
    if found is None:
        raise DatabaseBehind(f"The database {where} is empty; `tocsin run` fills it.", None)
    if found != HEAD:
        raise DatabaseBehind(
            f"The database {where} is of an earlier version of Tocsin; `tocsin db migrate` brings it up to date.",
            found,
        )


@contextmanager
def _explaining(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        known = explained(error, engine.url)
        if known is None:
            raise
        raise known from error


def _is_made(engine: Engine) -> bool:
    """Say whether a file is there: connecting to SQLite would make an empty one."""
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name.startswith("file:") or Path(name).exists():
        return True
    if not os.access(Path(name).absolute().parent, os.W_OK):
        raise cannot_open(engine.url)
    return False


def _version_of(engine: Engine, *, writable: bool) -> str | None:
    options = {} if writable else {"reading": True}
    with engine.connect().execution_options(**options) as connection, connection.begin() as probe:
        found = version(connection)
        if found == HEAD and writable:
            # A database that can only be read says so now, not at the first incident.
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        probe.rollback()
        return found


def version(connection: Connection) -> str | None:
    """Return the revision a database is at, or nothing for an empty one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        where = shown(connection.engine.url)
        raise DatabaseTooNew(
            f"The database {where} was migrated by a later version of Tocsin (to {found}; this one knows up to {HEAD}); "
            "install that version or restore the backup made before it."
        )
    return found


def _upgrade(connection: Connection) -> None:
    # Imported here: a start on a current database should not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
