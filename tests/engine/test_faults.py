from datetime import timedelta
from typing import Any

import pytest

from bot.domain.decision import Decision, Notice, NoticeKind
from bot.domain.incident import ChannelState
from bot.sandbox import Fault
from storage import audit, incidents, outbox
from storage.apply import apply
from storage.database import Tx
from tests.engine.acme import Acme

METHODS = (
    "conversations.create",
    "conversations.setTopic",
    "conversations.setPurpose",
    "conversations.invite",
    "bookmarks.add",
    "pins.add",
    "chat.postMessage",
    "users.conversations",
    "conversations.history",
    "conversations.open",
    "bookmarks.list",
)
KINDS: tuple[Any, ...] = (
    "rate_limited",
    "server_error_before",
    "server_error_after",
    "abort_before",
    "abort_after",
)

pytestmark = pytest.mark.fault


def is_whole(workspace: Acme) -> bool:
    """One incident has one channel, everything in it once, and nobody was told anything twice."""
    [room] = workspace.channels
    assert len(room.bookmarks) == len(room.pins) == 1
    assert room.topic.value.startswith("INC-1")
    assert room.purpose.value
    assert {"U0ANA", "U0TOCSIN"} < set(room.members)
    assert set(workspace.said().values()) == {1}
    return True


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", METHODS)
async def test_whatever_fails_once_on_any_call_nothing_is_lost_and_nothing_is_said_twice(
    workspace: Acme, method: str, kind: Any
) -> None:
    workspace.sandbox.faults.add(Fault(kind, method, times=2, retry_after=2))
    if method in ("users.conversations", "conversations.history", "conversations.open", "bookmarks.list"):
        workspace.sandbox.faults.add(Fault("abort_after", "conversations.create"))
        workspace.sandbox.faults.add(Fault("abort_after", "chat.postMessage", times=6))
        workspace.sandbox.faults.add(Fault("abort_after", "bookmarks.add"))
    await workspace.opens()
    took = await workspace.all_is_sent()

    assert is_whole(workspace)
    assert took < timedelta(minutes=1)


async def test_every_call_failing_after_its_effect_still_says_everything_once(workspace: Acme) -> None:
    for method in ("conversations.create", "chat.postMessage", "bookmarks.add", "pins.add"):
        workspace.sandbox.faults.add(Fault("server_error_after", method, times=4))
    await workspace.opens()
    await workspace.all_is_sent()

    assert is_whole(workspace)


@pytest.mark.promise("M-01")
async def test_an_outage_of_ten_minutes_loses_nothing_and_says_nothing_twice(workspace: Acme) -> None:
    workspace.sandbox.faults.add(Fault("outage"))
    for number in range(5):
        await workspace.opens(f"incident-{number}")
    await workspace.time_passes(timedelta(minutes=10), step=timedelta(seconds=5))
    during = len(workspace.sandbox.calls)
    assert workspace.channels == []
    assert during < 600, "an outage is probed, not hammered"

    workspace.sandbox.faults.lift("outage")
    took = await workspace.all_is_sent()

    assert len(workspace.channels) == 5
    assert set(workspace.said().values()) == {1}
    assert took <= timedelta(seconds=15)
    assert await workspace.bot.db.read(outbox.aside_ones, workspace.bot.workspace) == ()


async def test_a_slow_channel_holds_up_no_other(workspace: Acme) -> None:
    await workspace.opens()
    await workspace.settles()
    workspace.sandbox.faults.add(Fault("rate_limited", "chat.postMessage", times=1, retry_after=60))
    said = len(workspace.said())
    await _says(workspace, ("C0ESCINCIDENTS", "C0GENERAL"))

    assert len(workspace.said()) == said + 1
    await workspace.all_is_sent()
    assert len(workspace.said()) == said + 2


async def test_a_message_that_cannot_be_drawn_is_set_aside_and_holds_up_nobody(workspace: Acme) -> None:
    incident = await workspace.opens()
    await workspace.settles()

    def spoil(tx: Tx) -> None:
        now = workspace.clock()
        bad = Notice(kind=NoticeKind.REDRAW, to="channel:C0GENERAL", key="bad", data={"kind": "card"})
        apply(tx, Decision(incident=incidents.load(tx, incident.id), notices=(bad,)), actor="test", now=now)

    await workspace.bot.db.run(spoil)
    await workspace.time_passes(timedelta(minutes=2), step=timedelta(seconds=2))

    [aside] = await workspace.bot.db.read(outbox.aside_ones, workspace.bot.workspace)
    assert aside.key == "bad"
    assert "KeyError" in aside.why
    assert await workspace.is_all_sent()
    events = await workspace.bot.db.read(audit.events, incident.id)
    assert "notify.failed" in {event.kind for event in events}


async def test_a_locked_out_app_keeps_everything_until_the_token_is_mended(workspace: Acme) -> None:
    dispatch = workspace.sandbox.dispatch
    token, dispatch._bot_token = dispatch._bot_token, "xoxb-another"
    await workspace.opens()
    await workspace.time_passes(timedelta(minutes=5), step=timedelta(seconds=10))
    assert workspace.channels == []

    dispatch._bot_token = token
    workspace.sandbox.violations.clear()
    await workspace.all_is_sent()

    assert is_whole(workspace)


async def _says(workspace: Acme, channels: tuple[str, ...]) -> None:
    incident = await workspace.bot.db.read(incidents.by_number, workspace.bot.workspace, 1)
    assert incident is not None

    def say(tx: Tx) -> None:
        lines = tuple(
            Notice(
                kind=NoticeKind.ANNOUNCEMENT,
                to=f"channel:{channel}",
                key=f"line/{channel}",
                data={"moment": "open"},
            )
            for channel in channels
        )
        fresh = incidents.load(tx, incident.id)
        apply(tx, Decision(incident=fresh, notices=lines), actor="test", now=workspace.clock())

    await workspace.bot.db.run(say)
    await workspace.settles()


async def test_a_call_that_alone_keeps_failing_is_given_up_and_the_incident_goes_on(workspace: Acme) -> None:
    workspace.sandbox.faults.add(Fault("server_error_before", "conversations.create", times=None))
    await workspace.opens()
    await workspace.time_passes(timedelta(minutes=3), step=timedelta(seconds=2))

    incident = await workspace.bot.db.read(incidents.by_number, workspace.bot.workspace, 1)
    assert incident is not None
    assert incident.channel_state is ChannelState.FALLBACK
    assert set(workspace.said().values()) == {1}
