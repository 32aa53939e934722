import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.incident import Incident
from storage import incidents, outbox
from storage.database import Tx
from tests.harness.story import ACME, Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
REFUSALS = {"input.rejected", "access.denied"}


async def state(story: Story) -> tuple[Any, ...]:
    """Return everything that a refusal must leave as it is."""

    def query(tx: Tx) -> tuple[Incident, ...]:
        return incidents.open_ones(tx, ACME)

    open_ones = await story.reads(query)
    owed = [await story.items(incident.number) for incident in open_ones]
    posts = [len(story.calls(method)) for method in ("chat.postMessage", "conversations.create")]
    return open_ones, owed, posts, await story.reads(outbox.next_visible)


@asynccontextmanager
async def refused(
    story: Story, why: str, *, kind: str = "input.rejected", rows: int = 1
) -> AsyncIterator[None]:
    """See that what follows changes nothing and leaves one audit row that says why."""
    before, known = await state(story), len(await story.audit())
    yield
    new = (await story.audit())[known:]
    assert [event.kind for event in new] == [kind] * rows
    assert all(why in event.data["why"] for event in new)
    assert await state(story) == before


async def test_an_unknown_word_is_answered_with_the_nearest_one_that_is_known(story: Story) -> None:
    async with refused(story, "`/incident opne`"):
        told = await story.ana.runs("/incident", "opne Checkout is down")
    assert "I don't know /incident opne. Did you mean /incident open" in " ".join(told)
    assert "/incident help" in " ".join(told)


async def test_a_title_of_300_characters_is_told_its_length(story: Story) -> None:
    async with refused(story, "300 characters"):
        told = await story.ana.runs("/incident", f"open {'x' * 300}")
    assert "That title has 300 characters; 150 fit." in " ".join(told)
    assert "/incident open Checkout is down" in " ".join(told)
    assert story.ana.form is None


async def test_an_empty_form_is_kept_open_and_names_the_field(story: Story) -> None:
    await story.ana.runs("/incident", "open")
    await story.ana.submits()
    assert story.ana.form.errors, "Slack itself asks for what is required"

    async with refused(story, "title"):
        await story.ana.fills({"What is wrong": "   "})
        await story.ana.submits()
    assert "title" in story.ana.form.errors["What is wrong?"].lower()


async def test_a_second_mistake_in_the_same_form_is_on_record_too(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Post update", channel=ROOM)
    await story.ivan.fills({"Condition": "Nothing yet", "Actions": "Looking", "Needs": "None"})
    for written, why in (("soonish", "cannot read that"), ("yesterday 10:00", "has passed")):
        async with refused(story, why):
            await story.ivan.fills({"When is the next update": written})
            await story.ivan.submits()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("soonish", "I cannot read that as a time."),
        ("2026-11-19 10:00", "2026-11-19 10:00 has passed."),
        ("in 500 days", "more than a year away"),
    ],
)
async def test_a_time_that_cannot_be_meant_is_answered_with_examples(
    story: Story, written: str, why: str
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Post update", channel=ROOM)
    await story.ivan.fills(dict.fromkeys(story.ivan.form.labels[1:-1], "Nothing new"))
    async with refused(story, why):
        await story.ivan.fills({"When is the next update": written})
        await story.ivan.submits()
    error = story.ivan.form.errors["When is the next update?"]
    assert why in error
    assert "15:30" in error


async def test_a_step_that_is_due_in_the_past_is_refused_under_its_field(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.runs("/incident", "next Roll back release 41", channel=ROOM)
    async with refused(story, "has passed"):
        await story.ivan.fills({"By when": story.now - timedelta(hours=1)})
        await story.ivan.submits()
    assert story.ivan.form.values["What happens next?"] == "Roll back release 41", "what was typed is kept"


@pytest.mark.parametrize("name", ["dela", "extern"])
async def test_a_deactivated_or_external_person_cannot_be_given_a_step(story: Story, name: str) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.runs("/incident", "next Roll back release 41", channel=ROOM)
    async with refused(story, "active person of this workspace"):
        await story.ivan.fills({"Who does it": name})
        await story.ivan.submits()
    assert "active person of this workspace" in story.ivan.form.errors["Who does it?"]


async def test_a_command_where_the_bot_is_not_is_told_where_it_works(story: Story) -> None:
    await story.ana.joins("random")
    async with refused(story, "belongs to no incident"):
        told = await story.ana.runs("/incident", "who", channel="random")
    assert "/incident list" in " ".join(told)

    await story.ana.runs("/incident", "open Checkout is down", channel="random")
    assert story.ana.form is not None, "opening works everywhere"


async def test_in_a_thread_slack_refuses_and_the_message_shortcut_still_works(story: Story) -> None:
    await story.ana.says("Is checkout slow for you too?", channel="general")
    async with refused(story, "", rows=0):
        told = await story.ana.runs("/incident", "open", channel="general", thread="Is checkout slow")
    assert "not supported in threads" in " ".join(told)

    await story.ana.says("It is down now", channel="general", thread="Is checkout slow")
    await story.ana.uses_message_shortcut("Open from this message", on="It is down now", channel="general")
    assert story.ana.form.values["What is wrong?"] == "It is down now"


async def test_a_broadcast_in_a_title_calls_nobody(story: Story) -> None:
    title = "<!channel> <@U0XENA> & <https://evil.example|login>"
    await story.ana.runs("/incident", "open")
    await story.ana.fills({"What is wrong": title, "What do you know": title, **SEV2})
    await story.ana.submits()
    incident = await story.incident()
    assert incident.title == title
    await story.minutes_pass(20)
    await story.triages("ivan", str(incident.channel_name), **{"What changed last": title})
    for stage in ("Contain", "Diagnose"):
        await story.ivan.clicks(stage, channel=incident.channel_name)

    said = list(marked_up(story))
    assert any("&lt;!channel&gt;" in text for text in said), "it is shown as it was typed"
    for text in said:
        assert "<!channel>" not in text
        assert "<@U0XENA>" not in text
        assert "<https://evil.example" not in text


def marked_up(story: Story) -> Iterator[str]:
    """Yield every text of the bot's that Slack would read as markup."""
    for channel in story.sandbox.workspace.channels.values():
        yield from (channel.topic.value, channel.purpose.value)
        for message in channel.messages.values():
            if message.user == "U0TOCSIN":
                yield message.text
                yield from _marked_up(message.blocks)
    for call in story.sandbox.calls:
        if call.method.startswith("views."):
            view = call.args["view"]
            yield from _marked_up(json.loads(view) if isinstance(view, str) else view)


def _marked_up(block: Any) -> Iterator[str]:
    if isinstance(block, dict):
        if block.get("type") == "mrkdwn":
            yield block["text"]
        for value in block.values():
            yield from _marked_up(value)
    elif isinstance(block, list | tuple):
        for value in block:
            yield from _marked_up(value)


async def test_a_button_of_an_old_card_says_so(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    button = story.ivan.button("Acknowledge", on="you are asked")
    for change in ({"action_id": "page:take_it"}, {"value": "an-item-of-long-ago"}):
        old = replace(button, target=replace(button.target, element={**button.target.element, **change}))
        async with refused(story, "newest card"):
            told = await story.ivan.clicks_again(old)
        assert "newest card" in " ".join(told), change


async def test_a_form_that_others_have_overtaken_is_told_who_was_first(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.caro.says("All customers see errors now, payments fail everywhere", channel=ROOM)
    await story.judy.joins(ROOM)
    await story.judy.clicks("Reject", channel=ROOM, on="AI suggestion")
    await story.ivan.clicks("Approve", channel=ROOM, on="AI suggestion")

    async with refused(story, "ivan"):
        await story.judy.fills({"Why": "It looks the same to me"})
        await story.judy.submits()
    assert "ivan" in story.judy.form.text
    assert len(await story.audit("ai.rejected")) == 0


async def test_answers_given_faster_than_the_form_is_drawn_are_all_kept(story: Story) -> None:
    await story.ana.runs("/incident", "open Checkout is down")
    ana = story.world.person("ana")
    before = len(await story.audit())
    await asyncio.gather(*(ana.fills({label: value}) for label, value in SEV2.items()))
    await story.settles()

    assert len(await story.audit()) == before
    assert "SEV2" in ana.form.text if ana.form else False
    await story.ana.submits()
    incident = await story.incident()
    assert sorted(int(score) for score in incident.scores.values() if score is not None) == [0, 0, 3, 3]


async def test_a_form_submitted_twice_opens_one_incident(story: Story) -> None:
    await story.ana.runs("/incident", "open Checkout is down")
    await story.ana.fills(SEV2)
    ana = story.world.person("ana")
    await asyncio.gather(ana.submits(), ana.submits())
    await story.settles()

    assert len(await story.audit("incident.opened")) == 1
    assert not [event for event in await story.audit() if event.kind in REFUSALS]
    assert ana.form is None
