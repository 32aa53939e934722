import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.faults.conftest import Note
from tests.faults.whole_story import ending
from tests.harness.disturbing import delivered, order_of
from tests.harness.story import Story, telling

pytestmark = pytest.mark.fault

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
TABLE = "Slack is away for ten minutes in the middle of a ladder"
# Real seconds in which the bot must have found its way back by Socket Mode.
PATIENCE = 30.0


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with telling(tmp_path) as told:
        yield told


async def slack_is_away(story: Story, *, until: tuple[int, int]) -> None:
    """Let Slack be away from now until a time of day; return when the bot is connected again."""
    story.sandbox.faults.add(Fault("outage"))
    await story.until(*until)
    story.sandbox.faults.lift("outage")
    async with asyncio.timeout(PATIENCE):
        await story.sandbox.delivery.socket.linked()
    await story.settles()


def said_by_the_bot(story: Story) -> list[tuple[str, str, str]]:
    """Return what the bot said, in the order of Slack's time stamps: where, the notice's key, the words."""
    found = [
        (
            message.ts,
            channel.id,
            str(message.metadata["event_payload"]["key"]),
            f"{message.text} {message.blocks}",
        )
        for channel in story.sandbox.workspace.channels.values()
        for message in channel.messages.values()
        if message.metadata is not None
    ]
    return [(where, key, words) for _, where, key, words in sorted(found)]


async def steps(story: Story) -> list[tuple[datetime, list[str]]]:
    return [(event.at, event.data["asked"]) for event in await story.audit("ladder.step")]


@pytest.mark.promise("M-04", "S3-27")
async def test_ten_minutes_without_slack_in_mid_ladder_lose_nothing_double_nothing_and_say_what_was_late(
    story: Story, note: Note
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.until(9, 14)
    before = {key for _, key, _ in said_by_the_bot(story)}

    await slack_is_away(story, until=(9, 24))
    assert [at.minute for at, _ in await steps(story)] == [0, 0, 15, 15], "the ladder runs on, on time"
    assert story.sandbox.faults.outage is False
    await story.until(9, 26)

    new = [line for line in said_by_the_bot(story) if line[1] not in before]
    keys = [key for _, key, _ in new]
    assert len(keys) == len(set(keys)), "nothing is said twice"
    found = await ending(story)
    assert not found.unsettled
    assert found.chain[0]
    assert story.judy.sees("you are asked", channel=None)
    assert story.dev.sees("you are asked", channel=None)

    late = [words for _, _, words in new if "minutes late" in words]
    in_room = story.judy.reads(ROOM)
    assert any("you are asked" in text and "9 minutes late" in text for text in in_room), (
        "the channel is told"
    )
    assert len(late) == len([key for _, key, _ in new if "/page/" in key]) == 5

    for where in {where for where, _, _ in new}:
        here = [key for place, key, _ in new if place == where]
        decided = await story.reads(order_of, here)
        assert here == decided, "in each place things are said in the order in which they were decided"

    took = await story.reads(delivered)
    back = max(event.at for event in await story.audit("notify.sent") if event.at.minute == 24)
    note(
        TABLE,
        messages=len(new),
        late=len(late),
        lost=0,
        doubled=0,
        oldest_waited=f"{took.worst.total_seconds() / 60:.0f} min",
        recovered_after=f"{(back - back.replace(minute=24, second=0)).total_seconds():.0f} s",
    )


@pytest.mark.promise("M-04")
async def test_who_answers_at_once_when_slack_is_back_is_nagged_no_more(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.until(9, 14)
    await slack_is_away(story, until=(9, 24))
    await story.until(9, 24, 30)
    await story.judy.clicks("Acknowledge", on="you are asked")
    told = len(story.judy.inbox)

    await story.until(10, 0)
    assert not [text for text in story.judy.inbox[told:] if "acknowledge as" in text]


@pytest.mark.promise("M-04")
async def test_after_ten_minutes_without_the_bot_each_late_step_runs_once_and_the_channel_is_told(
    story: Story,
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.until(9, 14)
    await story.world.stop_bot()
    await story.until(9, 24)
    await story.world.start_bot()
    await story.settles()

    assert [(at.minute, asked) for at, asked in (await steps(story))[2:]] == [
        (24, ["U0JUDY"]),
        (24, ["U0DEV", "U0IVAN"]),
    ]
    assert [e.data["late_seconds"] for e in await story.audit("ladder.step")] == [0, 0, 540, 540]
    late = [text for text in story.judy.reads(ROOM) if "9 minutes earlier" in text]
    assert len(late) == 2, "one for each role"
    assert all("you are asked" in text for text in late)
    await story.until(9, 38)
    assert len(await steps(story)) == 4, "who is asked late gets the whole time from then"
    await story.until(9, 40)
    assert len(await steps(story)) == 6


@pytest.mark.promise("M-01")
async def test_an_incident_opened_just_before_slack_goes_away_gets_its_channel_and_people_afterwards(
    story: Story,
) -> None:
    await story.ana.runs("/incident", "open Checkout is down", channel="general")
    await story.ana.fills(SEV2)

    def goes_away(_moment: str, method: str, _args: object) -> None:
        if method == "conversations.create" and not story.sandbox.faults.outage:
            story.sandbox.faults.add(Fault("outage"))

    unhook = story.sandbox.faults.on_call(goes_away)
    await story.ana.submits()
    unhook()
    assert (await story.incident()).channel_id is None, "the record is first"
    await slack_is_away(story, until=(9, 10))
    await story.until(9, 12)

    assert (await story.incident()).channel_name == ROOM
    assert len([c for c in story.calls("conversations.create") if c.took_effect]) == 1
    assert story.ivan.sees("INC-1", channel=ROOM)
    assert any("you are asked" in text for text in story.ivan.inbox)
