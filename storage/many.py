"""Statements for many rows at once: one journey on PostgreSQL, however many rows there are."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Text, bindparam, column, func, select
from sqlalchemy.types import TypeEngine

from storage.columns import Json
from storage.hot import Found, Hot, Values

# Gives the statement a row's value, by the name and type it goes by.
Given = Callable[[str, TypeEngine[Any]], ColumnElement[Any]]


class Many(Hot):
    """A statement to be executed for each of some rows, which must be about different things.

    SQLite's driver repeats it row by row. To PostgreSQL all rows go as one JSON document, which costs a fraction of sending,
    planning and answering each of them. Write an update as a function of what it is `Given`; an insert needs no more than its
    table and its ON CONFLICT. One that is ``exact`` has to meet a row for each of its values.
    """

    def __init__(self, statement: Callable[[Given], Any], *, exact: bool = False) -> None:
        super().__init__(statement(_named))
        self.exact = exact
        self._of = statement
        self._together: dict[tuple[str, ...], Any] = {}

    def execute(self, connection: Connection, values: Values | list[dict[str, Any]]) -> Found:
        if connection.dialect.name == "sqlite" or not isinstance(values, list):
            return super().execute(connection, values)
        names = tuple(values[0])
        together = self._together.get(names)
        if together is None:
            together = self._together[names] = self._from_document(names)
        found: Found = connection.execute(together, {"document": values, "rows": len(values)})
        return found

    def _from_document(self, names: tuple[str, ...]) -> Any:
        if self.statement.is_insert:
            columns = self.statement.table.c
            rows = _rows({name: columns[name].type for name in names})
            return self.statement.from_select(names, select(*(rows.c[name] for name in names)))
        types: dict[str, TypeEngine[Any]] = {}

        def noted(name: str, type: TypeEngine[Any]) -> ColumnElement[Any]:
            types[name] = type
            return _named(name, type)

        self._of(noted)
        rows = _rows(types)
        return self._of(lambda name, _type: rows.c[name]).execution_options(preserve_rowcount=True)


def _named(name: str, type: TypeEngine[Any]) -> ColumnElement[Any]:
    return bindparam(name, type_=type)


def _rows(types: dict[str, TypeEngine[Any]]) -> Any:
    # Into a column of a declared length, a text that is too long is refused; here it would be cut.
    columns = [column(name, Text() if isinstance(kind, String) else kind) for name, kind in types.items()]
    document = func.jsonb_to_recordset(bindparam("document", type_=Json))
    given = document.table_valued(*columns, name="given").render_derived(with_types=True)
    # The number tells the planner that there are few.
    return select(*given.c).limit(bindparam("rows")).subquery("rows_given")
