import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine.acme import Acme, acme
from tests.harness import postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    missing = postgres.why_not()
    if missing:
        pytest.skip(missing)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tocsin.db'}"
        return
    with postgres.database(request.getfixturevalue("server")) as found:
        yield found


@pytest.fixture
async def replicas(url: str) -> AsyncIterator[Acme]:
    async with acme(url) as workspace:
        await workspace.bot_starts()
        yield workspace


async def test_two_replicas_send_everything_once(replicas: Acme) -> None:
    await asyncio.gather(*(replicas.opens(f"incident-{number}") for number in range(10)))
    await replicas.all_is_sent()

    assert len(replicas.channels) == 10
    assert set(replicas.said().values()) == {1}
    assert replicas.calls("conversations.create") == 10


async def test_two_replicas_run_what_falls_due_once(replicas: Acme) -> None:
    for number in range(10):
        await replicas.opens(f"incident-{number}")
    await replicas.all_is_sent()
    before = len(replicas.said())
    for _ in range(6):
        due = await replicas.bot.next_due()
        assert due is not None
        replicas.clock.set(max(due, replicas.clock()))
        await asyncio.gather(*(bot.settle() for bot in replicas.bots))
    await replicas.all_is_sent()

    assert len(replicas.said()) >= before + 10
    assert set(replicas.said().values()) == {1}


async def test_what_a_killed_replica_had_in_hand_the_other_finishes(replicas: Acme) -> None:
    for number in range(5):
        await replicas.opens(f"incident-{number}")
    await replicas.bots.pop().stop(grace=0.0)
    await replicas.all_is_sent()

    assert len(replicas.channels) == 5
    assert set(replicas.said().values()) == {1}
