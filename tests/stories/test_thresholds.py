from typing import Any

import pytest

from bot.domain.incident import Severity
from bot.domain.items import ItemKind, ProposalKind
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"
SEV2 = {"Business": "3", "Users": "2", "Data": "0", "Regulatory": "0"}
SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


async def crossed(story: Story) -> list[tuple[str, Any]]:
    return [(e.data["threshold"], e.data["told"]) for e in await story.audit("threshold.crossed")]


@pytest.mark.promise("S1-07")
async def test_staying_too_long_in_a_stage_brings_it_before_the_decision_maker(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV2)
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.until(9, 44)
    assert await crossed(story) == []
    await story.until(9, 46)
    assert await crossed(story) == [("T-01", ["U0IVAN"])]
    assert any("threshold T-01" in text for text in story.ivan.inbox)
    [event] = await story.audit("threshold.crossed")
    assert (event.rule, event.data["measure"]) == ("threshold.T-01", "stage_dwell")

    await story.triages("ivan", ROOM)
    await story.ivan.clicks("Contain", channel=ROOM)
    await story.until(12, 48)
    assert [name for name, _ in await crossed(story)] == ["T-01", "T-02"], (
        "the next stage has a time of its own"
    )


@pytest.mark.promise("S1-07")
async def test_a_score_that_is_bad_enough_is_decided_on_at_once(story: Story) -> None:
    await story.opens("ana", "Search is slow", **{**SEV2, "Regulatory": "4"})
    assert await crossed(story) == [("T-06", ["U0LARA"])]
    assert any("A duty to notify is confirmed" in text for text in story.lara.inbox)
    said = [m for m in story.room(ROOM).messages.values() if "A duty to notify is confirmed" in str(m.blocks)]
    assert len(said) == 1
    assert said[0].text.startswith("INC-1"), "the card says it where the channel begins"


@pytest.mark.promise("S1-07")
async def test_a_score_that_gets_bad_enough_later_is_said_in_the_channel(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV2)
    await story.ivan.runs("/incident", "sev", channel=ROOM)
    await story.ivan.clicks("Score again", channel=ROOM)
    await story.ivan.fills({"Regulatory": "4"})
    await story.ivan.submits()
    assert await crossed(story) == [("T-06", ["U0LARA"])]
    assert story.ivan.sees("threshold T-06: A duty to notify is confirmed", channel=ROOM)


@pytest.mark.promise("S1-07")
async def test_the_third_of_its_kind_suggests_one_level_worse_and_changes_nothing(story: Story) -> None:
    for number in (1, 2, 3):
        await story.opens("ana", f"Search node {number} is slow", **SEV3)
    [(name, told)] = await crossed(story)
    assert (name, told) == ("T-05", ["U0TESS"])
    third = await story.incident(3)
    assert third.severity is Severity.SEV3, "a count decides nothing"
    [asked] = [i for i in await story.items(3) if i.kind is ItemKind.APPROVAL]
    assert asked.proposal is not None
    assert (asked.proposal.kind, asked.proposal.value) == (ProposalKind.SEVERITY, 2)
    assert asked.proposal.evidence == ("INC-1", "INC-2")

    await story.opens("ana", "Checkout is slow", **SEV3)
    assert len(await crossed(story)) == 1, "another thing is another thing"
    await story.ivan.clicks("Approve", on="came 3 times")
    assert (await story.incident(3)).severity is Severity.SEV2
