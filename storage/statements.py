"""The few statements whose spelling differs between the two databases."""

from functools import cache

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.hot import Hot
from storage.many import Many
from storage.tables import COUNTER
from storage.transaction import Tx

Insert = postgresql.Insert | sqlite.Insert


def insert_or_ignore(tx: Tx, table: Table, *unique: str) -> Many:
    """Return an insert that does nothing when a row with the same unique columns is there; see ``rowcount``."""
    return _insert_or_ignore(tx.is_postgres, table, unique)


def upsert(tx: Tx, table: Table, *unique: str) -> Hot:
    """Return an insert that replaces an existing row's other columns by the new ones."""
    return _upsert(tx.is_postgres, table, unique)


def insert_many(table: Table) -> Many:
    """Return an insert of rows that cannot be there yet."""
    return Many(lambda _given: table.insert())


def insert(is_postgres: bool, table: Table) -> Insert:
    """Return an insert of the right dialect, to be given an ON CONFLICT clause."""
    return postgresql.insert(table) if is_postgres else sqlite.insert(table)


@cache
def _insert_or_ignore(is_postgres: bool, table: Table, unique: tuple[str, ...]) -> Many:
    new = insert(is_postgres, table).on_conflict_do_nothing(index_elements=list(unique)).inline()
    return Many(lambda _given: new.execution_options(preserve_rowcount=True))


@cache
def _upsert(is_postgres: bool, table: Table, unique: tuple[str, ...]) -> Hot:
    new = insert(is_postgres, table)
    changed = {
        column.name: new.excluded[column.name] for column in table.columns if column.name not in unique
    }
    return Hot(new.on_conflict_do_update(index_elements=list(unique), set_=changed).inline())


def upsert_counter(tx: Tx) -> Executable:
    """Return an insert of a counter at 1 that counts up instead when it is there, and returns the value."""
    return _upsert_counter(tx.is_postgres)


@cache
def _upsert_counter(is_postgres: bool) -> Executable:
    new = insert(is_postgres, COUNTER)
    counted = new.on_conflict_do_update(
        index_elements=["team_id", "name"], set_={"value": COUNTER.c.value + 1}
    )
    return counted.returning(COUNTER.c.value)
