"""Bringing a database to the version that this code needs, once, whoever starts first."""

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.engines import explained
from storage.errors import DatabaseTooNew
from storage.migrations import HEAD, REVISIONS

# Any constant does, as long as every replica uses the same one.
_LOCK = 0x70C51


def migrate(engine: Engine) -> None:
    """Migrate to `HEAD` under a lock; cheap when it is there already.

    Raises `DatabaseTooNew`, `DatabaseReadOnly` or `DatabaseUnreachable`, each with one sentence to act on. Every migration
    is applied whole or not at all.
    """
    try:
        with engine.connect() as connection, connection.begin() as probe:
            if version(connection) == HEAD:
                # A database that can only be read says so now, not at the first incident.
                connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
                probe.rollback()
                return
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if version(connection) != HEAD:
                _upgrade(connection)
    except DBAPIError as error:
        known = explained(error, engine.url)
        if known is None:
            raise
        raise known from error


def version(connection: Connection) -> str | None:
    """Return the revision a database is at, or nothing for an empty one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        where = connection.engine.url.render_as_string(hide_password=True)
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
