import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.cli import manifest
from bot.sandbox import Fault, Sandbox
from bot.sandbox.clock import SandboxClock
from storage import audit
from storage.database import Database, Tx
from storage.verification import verify
from tests.faults.conftest import Note
from tests.harness.process import Running, tocsin_run

pytestmark = pytest.mark.fault

ROOM = "inc-1-checkout-is-down"
TABLE = "SIGTERM to `tocsin run` while something is under way"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
GRACE = 10.0
PATIENCE = 60.0
# Real seconds that Slack takes to answer.
SLOW = 0.5
# What an opening says: its card, its announcement, two pages, and a draft for the executives.
SAID = 5


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=manifest.load(), clock=SandboxClock()) as started:
        yield started
        assert started.violations == []


@pytest.fixture
async def runs(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Callable[[], asyncio.Task[Running]]]:
    """Return what starts the bot and waits until it is ready; whatever still runs in the end is ended."""
    started: list[Running] = []

    async def run() -> Running:
        bot = await tocsin_run(sandbox, tmp_path / "tocsin.db", "--socket", "--port", "0")
        started.append(bot)
        await bot.ready()
        return bot

    yield lambda: asyncio.create_task(run())
    for bot in started:
        await bot.stop()


def first(sandbox: Sandbox, moment: str, method: str) -> asyncio.Event:
    """Return what is set at the first such moment of such a call."""
    seen = asyncio.Event()

    def called(when: str, what: str, _: object) -> None:
        if (when, what) == (moment, method):
            seen.set()

    sandbox.faults.on_call(called)
    return seen


async def opens(sandbox: Sandbox) -> None:
    ana = sandbox.person("ana")
    await ana.runs("/incident", "open Checkout is down", channel="general")
    await ana.gets_form("Open an incident", seconds=PATIENCE)
    await ana.fills(SEV2)
    await ana.submits()


async def stopped(bot: Running) -> float:
    """Ask the bot to stop, see that it ends well, and return how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    bot.terminate()
    assert await bot.ended() == 0, bot.out
    return loop.time() - began


def said(sandbox: Sandbox) -> Counter[str]:
    return Counter(
        str(message.metadata["event_payload"]["key"])
        for channel in sandbox.workspace.channels.values()
        for message in channel.messages.values()
        if message.metadata is not None
    )


async def everything_is_said(sandbox: Sandbox) -> None:
    """Wait until every message of the opening stands where it belongs."""
    changed = asyncio.Event()
    unwatch = sandbox.workspace.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(PATIENCE):
            while len(said(sandbox)) < SAID:
                changed.clear()
                await changed.wait()
    finally:
        unwatch()


def events(tx: Tx) -> list[str]:
    return [event.kind for event in audit.export(tx)]


@pytest.mark.parametrize(
    ("moment", "method"),
    [("before", "conversations.create"), ("after", "conversations.create"), ("before", "chat.postMessage")],
)
async def test_what_is_under_way_ends_within_ten_seconds_and_nothing_is_lost(
    sandbox: Sandbox,
    runs: Callable[[], asyncio.Task[Running]],
    tmp_path: Path,
    note: Note,
    moment: str,
    method: str,
) -> None:
    bot = await runs()
    # Slack is slow, so that the call is in the middle of its way when the signal comes.
    for slow in ("conversations.create", "chat.postMessage"):
        sandbox.faults.add(Fault("latency", slow, times=None, seconds=SLOW))
    under_way = first(sandbox, moment, method)
    await opens(sandbox)
    async with asyncio.timeout(PATIENCE):
        await under_way.wait()
    took = await stopped(bot)
    assert took < GRACE
    assert "Traceback" not in bot.out
    before = said(sandbox)

    await runs()
    await everything_is_said(sandbox)
    assert set(said(sandbox).values()) == {1}
    created = [call for call in sandbox.calls if call.method == "conversations.create" and call.took_effect]
    assert len(created) == 1
    database = Database(f"sqlite:///{tmp_path / 'tocsin.db'}")
    assert (await database.read(verify)).ok
    assert (await database.read(events)).count("incident.opened") == 1
    database.close()
    note(
        TABLE,
        when=f"{moment} {method}",
        stopped_after=f"{took:.1f} s",
        exit=0,
        said_before=len(before),
        said_after=len(said(sandbox)),
        lost=0,
        doubled=0,
    )


async def test_a_click_that_is_being_answered_is_answered_before_the_end(
    sandbox: Sandbox, runs: Callable[[], asyncio.Task[Running]], note: Note
) -> None:
    bot = await runs()
    arrived, go = held_up(sandbox, "views.open")
    asked = asyncio.create_task(
        sandbox.person("ana").runs("/incident", "open Checkout is down", channel="general")
    )
    async with asyncio.timeout(PATIENCE):
        await arrived.wait()
    asyncio.get_running_loop().call_later(SLOW, go.set)
    took = await stopped(bot)

    await asked
    assert sandbox.person("ana").form is not None
    assert sandbox.person("ana").told == [], "Slack showed no failure"
    note(TABLE, when="while a command is answered", stopped_after=f"{took:.1f} s", exit=0, lost=0, doubled=0)


def held_up(sandbox: Sandbox, method: str) -> tuple[asyncio.Event, asyncio.Event]:
    """Hold up a call; return what is set when it has come in, and what lets it go on."""
    arrived, go = asyncio.Event(), asyncio.Event()

    async def called(moment: str, what: str, _: object) -> None:
        if (moment, what) == ("before", method):
            arrived.set()
            await go.wait()

    sandbox.faults.on_call(called)
    return arrived, go


async def test_an_idle_bot_stops_at_once(runs: Callable[[], asyncio.Task[Running]], note: Note) -> None:
    took = await stopped(await runs())
    assert took < GRACE
    note(TABLE, when="idle", stopped_after=f"{took:.1f} s", exit=0, lost=0, doubled=0)
