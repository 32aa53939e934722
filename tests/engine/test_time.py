import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.decision import Timer, TimerKind
from bot.domain.incident import Incident
from bot.domain.items import ItemKind
from bot.sandbox import Fault
from storage import items, timers
from storage.database import Tx
from tests.engine.acme import Acme


@pytest.mark.promise("M-04")
async def test_what_falls_due_happens_without_anybody_looking(workspace: Acme) -> None:
    await workspace.opens()
    await workspace.settles()
    before = len(workspace.said())
    due = await workspace.bot.next_due()
    assert due is not None

    called = workspace.called()
    workspace.clock.set(due)
    async with asyncio.timeout(5):
        await called.wait()
    await workspace.settles()

    assert len(workspace.said()) > before


async def test_what_fell_due_while_nobody_ran_happens_at_the_next_start(workspace: Acme) -> None:
    await workspace.opens()
    await workspace.settles()
    before = len(workspace.said())
    await workspace.bots_stop()

    workspace.clock.skip(timedelta(hours=2))
    await workspace.bot_starts()
    await workspace.all_is_sent()

    assert len(workspace.said()) > before
    assert set(workspace.said().values()) == {1}


async def test_a_timer_that_cannot_be_run_stops_no_other_and_is_set_aside_in_the_end(workspace: Acme) -> None:
    one, other = await workspace.opens("one"), await workspace.opens("other")
    await workspace.settles()
    before = len(workspace.said())

    def mix_up(tx: Tx) -> None:
        [page] = [i for i in items.of_incident(tx, other.id) if i.kind is ItemKind.ACKNOWLEDGE][:1]
        wrong = Timer(kind=TimerKind.BACKUP, incident_id=one.id, item_id=page.id, at=workspace.clock())
        timers.arm(tx, one.workspace, [wrong])

    await workspace.bot.db.run(mix_up)
    due = await workspace.bot.db.read(_first_page_timer, one)
    workspace.clock.set(due)
    await workspace.settles()
    assert len(workspace.said()) > before, "the nag of the same batch was sent"

    await workspace.time_passes(timedelta(minutes=4), step=timedelta(seconds=15))

    [aside] = await workspace.bot.db.read(timers.aside_ones)
    assert aside.kind is TimerKind.BACKUP
    assert "NotFound" in aside.why


@pytest.mark.fault
async def test_a_stop_lets_what_is_in_flight_end(workspace: Acme) -> None:
    workspace.sandbox.faults.add(Fault("latency", times=None, seconds=0.2))
    called = workspace.called()
    await workspace.opens()
    async with asyncio.timeout(5):
        await called.wait()
    await workspace.bots_stop()
    workspace.sandbox.faults.lift()
    made = len(workspace.channels)

    await workspace.bot_starts()
    await workspace.settles()

    assert made == 1, "the call under way was not cut off"
    assert await workspace.is_all_sent(), "nothing was left under a lease"
    assert len(workspace.channels) == 1
    assert set(workspace.said().values()) == {1}


async def test_a_bot_stops_twice_without_complaint(workspace: Acme) -> None:
    await workspace.bot.stop()
    await workspace.bot.stop()

    assert not workspace.sandbox.dispatch.busy


def _first_page_timer(tx: Tx, incident: Incident) -> datetime:
    return next(t.at for t in timers.of_incident(tx, incident.id) if t.kind is TimerKind.NAG)
