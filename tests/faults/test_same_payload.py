from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.items import ItemKind
from bot.sandbox import Fault
from storage import evidence, outbox
from storage.verification import verify
from tests.faults.conftest import Note
from tests.harness.replicas import Replicas, file_url, telling_of
from tests.harness.story import ACME, Story

pytestmark = pytest.mark.fault

ROOM = "inc-1-checkout-is-down"
TABLE = "The same payload three times"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
COPIES = 3

BOTS = (
    pytest.param(1, id="one bot"),
    pytest.param(2, id="two replicas", marks=pytest.mark.postgres),
)


@pytest.fixture(params=BOTS)
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    url = file_url(tmp_path) if request.param == 1 else request.getfixturevalue("postgres_url")
    async with telling_of(request.param, url) as told:
        yield told


async def three_times(story: Story, act: Awaitable[Any]) -> list[Any]:
    """Let somebody act so that Slack delivers it three times at once; return the bot's three answers."""
    story.sandbox.faults.add(Fault("duplicate_delivery", times=1, copies=COPIES))
    before = len(story.sandbox.delivery.answers)
    await act
    await story.settles()
    delivered = list(story.sandbox.delivery.answers)[before:]
    copies = Counter(id(parcel) for parcel, _ in delivered)
    [thrice] = [parcel for parcel, count in copies.items() if count == COPIES]
    answers = [answer for parcel, answer in delivered if id(parcel) == thrice]
    assert all(answer.acknowledged for answer in answers), "Slack has nothing to try again"
    return [answer.body for answer in answers]


async def is_whole(story: Story, note: Note, what: str) -> None:
    assert (await story.reads(verify)).ok
    assert await story.reads(outbox.aside_ones, ACME) == ()
    assert isinstance(story.world, Replicas)
    note(TABLE, what=what, bots=len(story.world.bots), copies=COPIES, effects=1)


async def test_a_click_takes_the_page_once(story: Story, note: Note) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    answers = await three_times(story, story.world.person("ivan").clicks("Acknowledge", on="you are asked"))

    assert answers == [None] * COPIES
    assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN"]
    assert not story.ivan.told, "nobody is told that they were second to themselves"
    assert not await story.audit("input.rejected")
    await is_whole(story, note, "a click")


async def test_a_command_is_done_once_and_answered_the_same_each_time(story: Story, note: Note) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    answers = await three_times(story, story.world.person("ivan").runs("/incident", "ack", channel=ROOM))

    assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN"]
    assert "You have INC-1" in str(answers[0])
    assert answers == [answers[0]] * COPIES
    await is_whole(story, note, "a command")


async def test_escalating_by_command_asks_one_rung_further_and_no_more(story: Story, note: Note) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    answers = await three_times(story, story.world.person("ivan").runs("/escalate", "", channel=ROOM))

    steps = [event.data["reason"] for event in await story.audit("ladder.step")]
    assert steps.count("asked_now") == 2, "one for each open page"
    assert answers == [answers[0]] * COPIES
    await is_whole(story, note, "a command that moves on")


async def test_a_submission_opens_one_incident(story: Story, note: Note) -> None:
    await story.ana.runs("/incident", "open Checkout is down", channel="general")
    await story.ana.fills(SEV2)
    answers = await three_times(story, story.world.person("ana").submits())

    assert answers == [answers[0]] * COPIES
    assert story.ana.form is None
    assert len(await story.audit("incident.opened")) == 1
    assert len([call for call in story.calls("conversations.create") if call.took_effect]) == 1
    assert len([text for text in story.ivan.inbox if "you are asked" in text]) == 1
    await is_whole(story, note, "a submission")


async def test_a_wrong_submission_says_what_is_wrong_each_time_and_is_on_record_once(
    story: Story, note: Note
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ana.runs("/incident", "next Roll back", channel=ROOM)
    await story.ana.fills({"By when": story.now - timedelta(hours=1)})
    answers = await three_times(story, story.world.person("ana").submits())

    assert answers == [answers[0]] * COPIES
    assert answers[0]["response_action"] == "errors"
    assert len(await story.audit("input.rejected")) == 1
    assert not await story.audit("nextstep.set")
    await is_whole(story, note, "a wrong submission")


async def test_a_shortcut_opens_one_form(story: Story, note: Note) -> None:
    await three_times(story, story.world.person("ana").uses_shortcut("Open an incident"))

    opened = [call for call in story.calls("views.open") if call.took_effect]
    assert len(opened) == 1
    assert story.ana.form is not None
    assert not story.ana.told
    assert not await story.audit("input.rejected")
    await is_whole(story, note, "a shortcut")


async def test_a_message_is_heard_once(story: Story, note: Note) -> None:
    incident = await story.opens("ana", "Checkout is down", **SEV2)
    await three_times(story, story.world.person("ana").says("All customers see errors now", channel=ROOM))

    assert [said.excerpt for said in await story.reads(evidence.said, incident.id, 10)] == [
        "All customers see errors now"
    ]
    assert len([item for item in await story.items() if item.kind is ItemKind.APPROVAL]) == 2, (
        "a text and one suggestion"
    )
    await is_whole(story, note, "a message")


async def test_a_reaction_answers_once(story: Story, note: Note) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await three_times(story, story.world.person("ivan").reacts("eyes", on="you are asked"))

    assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN"]
    await is_whole(story, note, "a reaction")
