"""The two databases that every storage test runs on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage.database import Database
from tests.harness import postgres

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    missing = postgres.why_not()
    if missing:
        pytest.skip(missing)
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as url:
        database = Database(url)
        database.migrate()
        database.close()
        name = make_url(url).database
        assert name is not None
        yield name


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'tocsin.db'}"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'tocsin.db'}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("migrated")
    with postgres.database(server, like=template) as found:
        yield found


@pytest.fixture
def another(url: str) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def open_one() -> Database:
        database = Database(url)
        database.migrate()
        opened.append(database)
        return database

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def db(another: Callable[[], Database]) -> Database:
    return another()
