"""The tables of the faults: what each test measured, printed when all have run, on one worker or on many."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness import postgres

Note = Callable[..., None]
TABLE = "fault table"


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Return what notes one line of a table: ``note("title of the table", column=value, ...)``."""

    def write(title: str, **columns: object) -> None:
        record_property(TABLE, (title, {name: str(value) for name, value in columns.items()}))

    return write


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    missing = postgres.why_not()
    if missing:
        pytest.skip(missing)
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as url:
        yield url


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print one table for each title, in the order in which the tests are written."""
    tables: dict[str, list[dict[str, str]]] = {}
    for report in (*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())):
        for title, columns in (value for name, value in report.user_properties if name == TABLE):
            tables.setdefault(title, []).append(columns)
    for title, rows in tables.items():
        terminalreporter.section(title)
        for line in _drawn(rows):
            terminalreporter.write_line(line)


def _drawn(rows: list[dict[str, str]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in sorted(rows, key=_order))]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _order(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row.values())[:2]
