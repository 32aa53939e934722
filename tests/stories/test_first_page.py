import pytest

from bot.domain.incident import ChannelState, Severity
from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


@pytest.mark.promise("M-01")
async def test_an_opened_incident_gets_its_channel_its_pinned_card_and_its_people(story: Story) -> None:
    incident = await story.opens("ana", "Checkout is down", **SEV2)

    assert incident.severity is Severity.SEV2
    assert incident.channel_name == ROOM
    assert len(story.calls("conversations.create")) == 1
    assert len(story.calls("pins.add")) == 1
    room = story.room(ROOM)
    assert {"U0ANA", "U0IVAN", "U0CARO", "U0TOCSIN"} <= set(room.members)
    card = story.ivan.reads(ROOM)[0] if story.ivan.sees("INC-1", channel=ROOM) else ""
    assert story.ivan.sees("SEV2", channel=ROOM), card
    assert story.ana.sees("Checkout is down", channel="esc-incidents")


@pytest.mark.promise("M-01")
async def test_a_taken_channel_name_gets_a_suffix_and_is_never_taken_over(story: Story) -> None:
    theirs = story.sandbox.workspace.create_channel(ROOM, user="U0GUS")
    incident = await story.opens("ana", "Checkout is down", **SEV2)

    assert incident.channel_name == f"{ROOM}-2"
    assert incident.channel_id != theirs.id
    assert "U0TOCSIN" not in theirs.members


@pytest.mark.promise("M-01")
async def test_without_a_channel_the_incident_runs_in_the_fallback_and_shows_the_repair(story: Story) -> None:
    story.sandbox.workspace.restricted.add("conversations.create")
    incident = await story.opens("ana", "Checkout is down", **SEV2)

    assert incident.channel_state is ChannelState.FALLBACK
    assert story.ivan.sees("no channel of its own", channel="esc-catchall")
    assert any("you are asked" in text for text in story.ivan.inbox), "people are asked all the same"

    story.sandbox.workspace.restricted.clear()
    await story.ivan.clicks("Make the channel", channel="esc-catchall")
    repaired = await story.incident()
    assert repaired.channel_state is ChannelState.READY
    assert story.ivan.sees("INC-1", channel=ROOM)


@pytest.mark.promise("S3-25")
async def test_who_was_notified_is_one_query_with_channel_and_result(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)

    told = await story.audit("notify.sent")
    pages = {event.data["to"]: event.data for event in told if event.data["notice"] == "page"}
    assert set(pages) == {"user:U0IVAN", "user:U0CARO"}
    assert all(page["channel"].startswith("D") and page["result"] == "delivered" for page in pages.values())


async def test_an_opening_takes_eight_calls_besides_what_people_are_told_in_person(story: Story) -> None:
    before = len(story.sandbox.calls)
    await story.opens("ana", "Checkout is down", **SEV2)

    made = [call for call in story.sandbox.calls[before:] if not call.method.startswith("views.")]
    in_person = [c for c in made if c.method == "chat.postMessage" and c.args["channel"].startswith("U")]
    assert sorted(call.method for call in made if call not in in_person) == [
        "bookmarks.add",
        "chat.postMessage",
        "chat.postMessage",
        "conversations.create",
        "conversations.invite",
        "conversations.setPurpose",
        "conversations.setTopic",
        "pins.add",
    ]


async def test_the_topic_says_nothing_that_goes_stale(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    assert story.room(ROOM).topic.value == "INC-1 · SEV2 · Checkout is down"

    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.triages("ivan", ROOM)
    await story.ivan.clicks("Contain", channel=ROOM, on="Next step")
    await story.ivan.clicks("Severity", channel=ROOM)
    await story.ivan.fills({"New severity": "SEV1", "Why": "every tenant is down"})
    await story.ivan.submits()
    assert story.room(ROOM).topic.value == "INC-1 · SEV1 · Checkout is down"
