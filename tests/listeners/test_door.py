import json

import pytest

from blocks import ids
from bot.domain.items import ItemState
from bot.listeners.again import runner
from storage import inbox
from tests.listeners.door import GENERAL, Door, click, command, event, message


@pytest.mark.promise("M-04")
async def test_the_same_click_three_times_has_one_effect(door: Door) -> None:
    incident = await door.opened()
    (page, *_) = await door.pages(incident)
    holder = page.holders[0]
    for _ in range(3):
        answer = await door.receives(click(ids.ACKNOWLEDGE, page.id, user=holder))
        assert (answer.status, answer.body) == (200, "")
    assert [item.state for item in await door.pages(incident) if item.id == page.id] == [
        ItemState.ACKNOWLEDGED
    ]
    assert len(await door.audit("ack.received")) == 1
    assert await door.audit("input.rejected") == []


async def test_a_refused_command_is_answered_privately_and_leaves_one_audit_row(door: Door) -> None:
    for _ in range(2):
        answer = await door.receives(command("opne Checkout"))
        said = json.loads(answer.body)
        assert said["response_type"] == "ephemeral"
        assert "Did you mean `/incident open`" in said["text"]
    (row,) = await door.audit("input.rejected")
    assert row.actor == "U0ANA"
    assert row.data["what"] == "/incident opne"


@pytest.mark.parametrize(
    "text", ["sev 9", "stage nowhere", "reopen what", "reopen INC-7", "ack", "who", "close", "next", "update"]
)
async def test_a_command_that_cannot_be_done_here_says_so_in_one_sentence(door: Door, text: str) -> None:
    answer = await door.receives(command(text))
    assert json.loads(answer.body)["response_type"] == "ephemeral"
    assert len(await door.audit("input.rejected")) == 1


async def test_what_a_person_types_cannot_call_the_channel_from_an_answer(door: Door) -> None:
    answer = await door.receives(command("<!channel>"))
    assert "<!channel>" not in json.loads(answer.body)["text"]


async def test_a_title_that_is_too_long_is_refused_with_its_length(door: Door) -> None:
    answer = await door.receives(command(f"open {'x' * 300}"))
    assert "300 characters; 150 fit" in json.loads(answer.body)["text"]


async def test_people_of_another_workspace_are_refused_before_anything_is_looked_at(door: Door) -> None:
    outsider = {"id": "U0EXT", "team_id": "T0OTHER"}
    incident = await door.opened()
    (page, *_) = await door.pages(incident)
    await door.receives({**click(ids.ACKNOWLEDGE, page.id), "user": outsider})
    (row,) = await door.audit("access.denied")
    assert "another workspace" in row.data["why"]
    assert all(item.answered_by is None for item in await door.pages(incident))


async def test_somebody_who_has_left_is_refused(door: Door) -> None:
    await door.receives(command("list", user="U0DELA"))
    assert len(await door.audit("access.denied")) == 1


@pytest.mark.parametrize(
    "body",
    [
        click("some:button", "gone"),
        click(ids.ACKNOWLEDGE, "no-such-item"),
        click(ids.APPROVE, "not json"),
        click(f"{ids.STAGE_PREFIX}nowhere", "a" * 32),
        {**click("", ""), "type": "shortcut", "callback_id": "gone"},
        command("", name="/gone"),
    ],
)
async def test_buttons_and_commands_of_other_times_are_answered_not_ignored(
    door: Door, body: dict[str, object]
) -> None:
    answer = await door.receives(body)
    assert answer.status == 200
    assert len(await door.audit("input.rejected")) == 1


async def test_a_link_is_only_a_link(door: Door) -> None:
    answer = await door.receives(click(f"{ids.LINK_PREFIX}channel", "x"))
    assert answer.status == 200
    assert await door.audit("input.rejected") == []


async def test_a_trigger_that_is_too_old_is_told_as_such(door: Door) -> None:
    answer = await door.receives(command("open Checkout is down"))
    assert "took too long" in json.loads(answer.body)["text"]


async def test_a_failure_of_ours_is_visible_and_changes_nothing(door: Door) -> None:
    door.db.close()
    answer = await door.receives(command("list"))
    assert answer.status == 200
    assert "nothing was changed" in json.loads(answer.body)["text"]


async def test_an_event_that_cannot_be_stored_is_not_acknowledged(door: Door) -> None:
    door.db.close()
    answer = await door.receives(message("hello"))
    assert answer.status == 500


async def test_an_event_is_stored_before_it_is_handled_and_finished_after(door: Door) -> None:
    assert (await door.receives(message("hello"))).status == 200
    assert (await door.receives(message("hello"))).status == 200
    left = await door.db.run(inbox.undone, door.deps.clock(), now=door.deps.clock())
    assert left == ()


async def test_an_event_that_was_left_unfinished_is_run_again(door: Door) -> None:
    incident = await door.opened()
    (page, *_) = await door.pages(incident)
    body = event(
        "reaction_added",
        reaction="eyes",
        item={"type": "message", "channel": GENERAL, "ts": "1.1"},
        user=page.holders[0],
    )
    await door.db.run(inbox.store_event, "event:Ev1", body, now=door.deps.clock())
    assert (await door.receives(body)).status == 200, "a second delivery is only acknowledged"

    assert await runner(door.app)(body)
    assert await door.db.run(inbox.undone, door.deps.clock(), now=door.deps.clock()) == ()


@pytest.mark.parametrize(
    "odd",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"user": ""},
    ],
)
async def test_what_nobody_said_is_not_stored(door: Door, odd: dict[str, str]) -> None:
    assert (await door.receives(message("hello", **odd))).status == 200
    assert await door.db.run(inbox.undone, door.deps.clock(), now=door.deps.clock()) == ()
    assert await door.db.run(inbox.store_event, "event:Ev1", {}, now=door.deps.clock())


@pytest.mark.promise("M-03")
async def test_typing_approve_decides_nothing(door: Door) -> None:
    incident = await door.opened()
    await door.receives(message("approve"))
    assert all(item.answered_by is None for item in await door.pages(incident))


async def test_home_shows_what_one_owes(door: Door) -> None:
    incident = await door.opened()
    (page, *_) = await door.pages(incident)
    holder = page.holders[0]
    answer = await door.receives(event("app_home_opened", tab="home", channel="D1", user=holder))
    assert answer.status == 200
    home = door.sandbox.workspace.views.homes[holder]
    assert "Checkout is down" in json.dumps(home.blocks)


async def test_home_shows_nothing_to_whoever_may_not_act(door: Door) -> None:
    await door.opened()
    await door.receives(event("app_home_opened", tab="home", channel="D1", user="U0DELA"))
    assert "U0DELA" not in door.sandbox.workspace.views.homes
    assert len(await door.audit("access.denied")) == 1


async def test_the_messages_tab_is_left_alone(door: Door) -> None:
    await door.receives(event("app_home_opened", tab="messages", channel="D1"))
    assert [call.method for call in door.sandbox.calls if call.method == "views.publish"] == []


async def test_slack_is_asked_once_who_we_are(door: Door) -> None:
    for number in range(5):
        await door.receives(command("list", trigger=f"1.{number}"))
    assert len([call for call in door.sandbox.calls if call.method == "auth.test"]) == 1
