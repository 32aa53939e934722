import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.clock import system_clock
from bot.engine.counts import Counts
from bot.engine.heartbeat import Heartbeat
from bot.engine.ticker import Ticker

Tick = Callable[[], Awaitable[datetime | None]]
SOON = timedelta(milliseconds=200)
# Far below the pulse of a second, far above what a busy machine needs.
AT_ONCE = timedelta(milliseconds=500)


class Metronome:
    """A ticker whose every tick is noted, and does and returns what the test says."""

    def __init__(self) -> None:
        self.ticks: asyncio.Queue[datetime] = asyncio.Queue()
        self.counts, self.heartbeat = Counts(), Heartbeat()
        self.ticker = Ticker(system_clock, self._tick, self.counts, self.heartbeat)
        self.then: Tick = self.nothing

    async def nothing(self) -> datetime | None:
        return None

    async def _tick(self) -> datetime | None:
        self.ticks.put_nowait(system_clock())
        return await self.then()

    async def next(self) -> datetime:
        async with asyncio.timeout(5):
            return await self.ticks.get()


@pytest.fixture
async def metronome() -> AsyncIterator[Metronome]:
    made = Metronome()
    yield made
    await made.ticker.stop()


async def test_it_wakes_when_the_next_thing_is_due(metronome: Metronome) -> None:
    due = system_clock() + SOON

    async def tick() -> datetime | None:
        return due if system_clock() < due else None

    metronome.then = tick
    metronome.ticker.start()
    await metronome.next()
    woke = await metronome.next()

    assert due <= woke < due + AT_ONCE


async def test_a_commit_that_sets_a_timer_wakes_it_in_time(metronome: Metronome) -> None:
    metronome.ticker.start()
    await metronome.next()
    due = system_clock() + SOON
    metronome.ticker.poke(due)
    woke = await metronome.next()

    assert due <= woke < due + AT_ONCE


async def test_a_commit_in_the_middle_of_a_tick_is_not_forgotten(metronome: Metronome) -> None:
    asked: list[datetime] = []

    async def tick() -> datetime | None:
        if not asked:
            asked.append(system_clock() + SOON)
            metronome.ticker.poke(asked[0])
        return None

    metronome.then = tick
    metronome.ticker.start()
    await metronome.next()
    woke = await metronome.next()

    assert asked[0] <= woke < asked[0] + AT_ONCE


async def test_a_tick_that_fails_is_followed_by_the_next_one(
    metronome: Metronome, caplog: pytest.LogCaptureFixture
) -> None:
    async def tick() -> datetime | None:
        metronome.then = metronome.nothing
        raise RuntimeError("the database is away")

    metronome.then = tick
    with caplog.at_level(logging.ERROR):
        metronome.ticker.start()
        await metronome.next()
        await metronome.next()
        await metronome.next()

    assert "a tick failed" in caplog.text
    assert metronome.counts.ticks >= 1, "only good ticks count"
    assert metronome.heartbeat.age < 2


async def test_housekeeping_that_fails_is_tried_again(
    metronome: Metronome, caplog: pytest.LogCaptureFixture
) -> None:
    turns: asyncio.Queue[int] = asyncio.Queue()

    async def work() -> None:
        turns.put_nowait(1)
        raise RuntimeError("not today")

    with caplog.at_level(logging.ERROR):
        metronome.ticker.every(timedelta(milliseconds=50), work, "sweep")
        metronome.ticker.start()
        async with asyncio.timeout(5):
            await turns.get()
            await turns.get()

    assert "sweep failed" in caplog.text


async def test_a_stop_waits_for_the_tick_under_way(metronome: Metronome) -> None:
    going, finished = asyncio.Event(), asyncio.Event()

    async def tick() -> datetime | None:
        await going.wait()
        finished.set()
        return None

    metronome.then = tick
    metronome.ticker.start()
    await metronome.next()
    stopping = asyncio.create_task(metronome.ticker.stop())
    await asyncio.sleep(0)
    assert not stopping.done()

    going.set()
    await stopping
    assert finished.is_set()
    assert metronome.ticks.empty()
