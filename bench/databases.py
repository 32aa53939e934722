"""The databases a measure runs on: SQLite, and PostgreSQL where there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import seeding
from tests.harness import postgres


def kinds() -> tuple[str, ...]:
    """Return the databases that are there."""
    return ("SQLite",) if postgres.why_not() else ("SQLite", "PostgreSQL")


@contextmanager
def fresh(kind: str, home: Path) -> Iterator[str]:
    """Yield the address of an empty database, gone after the block."""
    if kind == "SQLite":
        home.mkdir(parents=True, exist_ok=True)
        yield seeding.url(home)
        return
    with postgres.server() as server, postgres.database(server) as url:
        yield url
