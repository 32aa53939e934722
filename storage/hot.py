"""Statements that run all day: compiled once, and on SQLite handed straight to the driver."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Found(Protocol):
    """What executing a statement returns, whichever way it went."""

    @property
    def rowcount(self) -> int: ...

    def __iter__(self) -> Iterator[Any]: ...

    def all(self) -> Sequence[Any]: ...

    def first(self) -> Any: ...

    def one(self) -> Any: ...


class Hot:
    """A statement whose cost matters. Write it in SQLAlchemy's terms, once, as a constant; give it its values at each call.

    SQLAlchemy spends several times longer on a statement than SQLite does. Here its compiler, types and dialect are used
    once per statement, and then only the values are converted. On PostgreSQL, where the network dominates, it is executed as usual.
    """

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._compiled: dict[tuple[str, ...], _Straight] = {}

    def execute(self, connection: Connection, values: Values | list[dict[str, Any]]) -> Found:
        if connection.dialect.name != "sqlite":
            found: Found = connection.execute(self.statement, values)
            return found
        first = values[0] if isinstance(values, list) else values
        names = tuple(first)
        straight = self._compiled.get(names)
        if straight is None:
            straight = self._compiled[names] = _Straight(self.statement, names, connection.dialect)
        driver: Any = connection.connection.dbapi_connection
        try:
            return straight.execute(driver, values)
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                straight.text, None, error, sqlite3.Error, hide_parameters=True
            ) from error


class _Rows:
    """The rows of one execution, as SQLAlchemy would name them."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        (row,) = self._rows
        return row


class _Straight:
    """A statement in SQLite's own words, and how its values go in and come out."""

    def __init__(self, statement: Any, names: tuple[str, ...], dialect: Dialect) -> None:
        # An insert is compiled for the columns it is given; anything else has its parameters in it.
        columns = list(names) if statement.is_insert else None
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=columns)
        assert not compiled.post_compile_params, (
            "a statement that changes with its values cannot be compiled once"
        )
        assert not (statement.is_dml and compiled.insert_prefetch), "a column with a default has to be given"
        self.text = str(compiled)
        self._in = [_Bind(compiled.binds[name], dialect) for name in compiled.positiontup or ()]
        returned = list(statement.exported_columns)
        self._row: Any = namedtuple("Row", [column.name for column in returned]) if returned else None
        self._out = [
            (number, process)
            for number, column in enumerate(returned)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def execute(self, driver: Any, values: Values | list[dict[str, Any]]) -> Found:
        if isinstance(values, list):
            done = driver.executemany(self.text, [self._given(each) for each in values])
            return _Rows([], done.rowcount)
        done = driver.execute(self.text, self._given(values))
        if self._row is None:
            return _Rows([], done.rowcount)
        return _Rows([self._made(row) for row in done.fetchall()], done.rowcount)

    def _given(self, values: Values) -> list[Any]:
        return [bind.of(values) for bind in self._in]

    def _made(self, row: Sequence[Any]) -> Any:
        cells = list(row)
        for number, process in self._out:
            cells[number] = process(cells[number])
        return self._row._make(cells)


class _Bind:
    """One parameter: which value it takes, or has, and how that is converted."""

    __slots__ = ("_fixed", "_key", "_process")

    def __init__(self, parameter: BindParameter[Any], dialect: Dialect) -> None:
        self._process: Processor | None = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        self._key = parameter.key
        self._fixed = None if parameter.required else self._converted(parameter.effective_value)

    def of(self, values: Values) -> Any:
        return self._converted(values[self._key]) if self._key in values else self._fixed

    def _converted(self, value: Any) -> Any:
        return value if self._process is None else self._process(value)
