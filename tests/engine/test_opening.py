from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.decision import NoticeKind
from bot.domain.incident import ChannelState
from storage import incidents, outbox
from tests.engine.acme import Acme, acme

FURNITURE = (
    "conversations.create",
    "conversations.setTopic",
    "conversations.setPurpose",
    "bookmarks.add",
    "conversations.invite",
    "pins.add",
)


@pytest.mark.promise("M-01")
async def test_an_opening_makes_one_channel_and_furnishes_it_in_few_calls(workspace: Acme) -> None:
    before = len(workspace.sandbox.calls)
    await workspace.opens()
    await workspace.settles()

    [room] = workspace.channels
    assert room.name == "inc-1-checkout-is-down"
    assert room.topic.value.startswith("INC-1")
    assert room.purpose.value
    assert len(room.bookmarks) == len(room.pins) == 1
    assert {workspace.calls(method) for method in FURNITURE} == {1}
    pages = sum(call.args.get("channel", "").startswith("U") for call in workspace.sandbox.calls)
    assert len(workspace.sandbox.calls) - before - pages <= 8
    assert set(workspace.said().values()) == {1}


async def test_a_taken_name_is_never_taken_over(workspace: Acme) -> None:
    theirs = workspace.sandbox.workspace.create_channel("inc-1-checkout-is-down", user="U0MONA")
    await workspace.opens()
    await workspace.settles()

    assert [room.name for room in workspace.channels] == [
        "inc-1-checkout-is-down",
        "inc-1-checkout-is-down-2",
    ]
    assert "U0TOCSIN" not in theirs.members
    assert not theirs.messages or all(message.user != "U0TOCSIN" for message in theirs.messages.values())


async def test_an_old_channel_of_ours_is_not_adopted_either(workspace: Acme) -> None:
    old = workspace.sandbox.workspace.create_channel("inc-1-checkout-is-down", user="U0TOCSIN")
    workspace.clock.skip(timedelta(days=1))
    await workspace.opens()
    await workspace.settles()

    incident = await workspace.bot.db.read(incidents.by_number, workspace.bot.workspace, 1)
    assert incident is not None
    assert incident.channel_name == "inc-1-checkout-is-down-2"
    assert incident.channel_id != old.id


@pytest.mark.promise("M-01")
async def test_where_no_channel_can_be_made_the_incident_goes_on_in_the_fallback(tmp_path: Path) -> None:
    async with acme(tmp_path, without_scope="channels:manage") as workspace:
        await workspace.opens()
        await workspace.settles()

        incident = await workspace.bot.db.read(incidents.by_number, workspace.bot.workspace, 1)
        assert incident is not None
        assert incident.channel_state is ChannelState.FALLBACK
        assert incident.channel_problem == "missing_scope"
        assert workspace.channels == []
        fallback = workspace.sandbox.workspace.channel_named("esc-catchall")
        assert fallback is not None
        assert any("INC-1" in message.text for message in fallback.messages.values())


async def test_a_message_to_a_channel_that_does_not_exist_is_set_aside_and_on_record(workspace: Acme) -> None:
    room = workspace.sandbox.workspace.channel_named("esc-incidents")
    assert room is not None
    workspace.sandbox.workspace.archive(room, user="U0MONA")
    await workspace.opens()
    await workspace.settles()

    assert await workspace.is_all_sent()
    assert len(workspace.channels) == 1
    [aside] = await workspace.bot.db.read(outbox.aside_ones, workspace.bot.workspace)
    assert aside.kind is NoticeKind.ANNOUNCEMENT
    assert aside.why == "is_archived"


async def test_a_channel_that_the_bot_was_let_into_meanwhile_is_found(workspace: Acme) -> None:
    room = workspace.sandbox.workspace.channel_named("esc-incidents")
    assert room is not None
    workspace.sandbox.workspace.leave(room, "U0TOCSIN")
    workspace.clock.skip(timedelta(minutes=5))
    await workspace.bot._engine.places.refresh()
    workspace.sandbox.workspace.join(room, "U0TOCSIN")
    workspace.clock.skip(timedelta(minutes=5))
    await workspace.opens()
    await workspace.settles()

    assert any("INC-1" in message.text for message in room.messages.values())


async def test_a_channel_that_the_bot_is_not_in_costs_only_what_was_meant_for_it(workspace: Acme) -> None:
    room = workspace.sandbox.workspace.channel_named("esc-incidents")
    assert room is not None
    workspace.sandbox.workspace.leave(room, "U0TOCSIN")
    await workspace.bot._engine.places.refresh()
    await workspace.opens()
    await workspace.settles()

    assert await workspace.is_all_sent()
    [aside] = await workspace.bot.db.read(outbox.aside_ones, workspace.bot.workspace)
    assert aside.why == "channel_not_found"
    assert len(workspace.channels) == 1
