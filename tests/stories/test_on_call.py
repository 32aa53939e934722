import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.items import ItemKind
from tests.harness.story import Story, telling
from tests.stories.rota import on_rota

SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}
MONDAY_NINE_IN_OSLO = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with telling(tmp_path, policy=on_rota()) as told:
        yield told


async def asked_as_l2(story: Story, number: int) -> tuple[str, ...]:
    return next(
        item.holders
        for item in await story.items(number)
        if item.kind is ItemKind.ACKNOWLEDGE and item.role == "l2"
    )


async def until(story: Story, moment: datetime) -> None:
    await story.world.time_passes(moment - story.now)


async def swaps(story: Story) -> None:
    """Caro offers dev her week for his."""
    await story.caro.runs("/incident", "oncall swap")
    form: Any = story.caro.form
    await story.caro.fills({"Which of your": "Mon 30 Nov", "For which": "Mon 07 Dec"})
    await story.caro.submits()
    assert form.title == "Swap shifts"


@pytest.mark.promise("S0-26")
async def test_a_page_goes_to_whoevers_week_it_is(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0CARO",)
    await until(story, MONDAY_NINE_IN_OSLO - timedelta(seconds=1))
    await story.opens("ana", "Search is slow again", **SEV3)
    assert await asked_as_l2(story, 2) == ("U0CARO",)

    await until(story, MONDAY_NINE_IN_OSLO)
    await story.opens("ana", "Search is slow on Monday", **SEV3)
    assert await asked_as_l2(story, 3) == ("U0DEV",)


async def test_who_is_on_call_until_when_and_who_is_next(story: Story) -> None:
    told = "\n".join(await story.ana.runs("/incident", "oncall"))
    assert "L2 platform: @caro until" in told
    assert ", then @dev; backup @theo" in told
    assert "incident manager: @ivan; backup @judy" in told

    told = "\n".join(await story.ana.runs("/incident", "oncall l2 platform"))
    assert "L2 platform, the next 14 days" in told
    assert told.count("@dev") == 1
    assert told.count("@caro") == 2
    assert "@theo, all the time" in told


async def test_taking_a_place_oneself_counts_at_once_and_can_be_given_back(story: Story) -> None:
    await story.dev.runs("/incident", "oncall take l2")
    await story.dev.submits()
    assert any(
        "You are on call as L2 platform from" in text and "instead of @caro" in text
        for text in story.dev.inbox
    )
    assert any("@dev is on call as L2 platform" in text for text in story.caro.inbox)
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0DEV",)
    [event] = await story.audit("oncall.overridden")
    assert (event.rule, event.data["user"], event.data["instead"]) == (
        "oncall.override",
        "U0DEV",
        ["U0CARO"],
    )
    assert event.policy_version.startswith("rota")

    await story.dev.runs("/incident", "oncall")
    await story.dev.clicks("Cancel", channel="general")
    assert any("gave back L2 platform" in text for text in story.caro.inbox)
    await story.opens("ana", "Search is slow again", **SEV3)
    assert await asked_as_l2(story, 2) == ("U0CARO",)
    assert len(await story.audit("oncall.cancelled")) == 1


async def test_a_place_taken_ends_by_itself(story: Story) -> None:
    await story.dev.runs("/incident", "oncall take l2")
    await story.dev.submits()
    await story.minutes_pass(12 * 60)
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0CARO",)


async def test_somebody_else_is_on_call_only_once_they_accept(story: Story) -> None:
    await story.caro.runs("/incident", "oncall take l2")
    await story.caro.fills({"Who?": "dev"})
    await story.caro.submits()
    assert any("@caro asks you to be on call" in text for text in story.dev.inbox)
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0CARO",)

    button = story.dev.button("Accept", on="asks you to be on call")
    await story.ana.clicks_again(button)
    assert [event.actor for event in await story.audit("access.denied")] == ["U0ANA"]
    await story.dev.clicks_again(button)
    assert any("@dev accepted" in text for text in story.caro.inbox)
    await story.opens("ana", "Search is slow again", **SEV3)
    assert await asked_as_l2(story, 2) == ("U0DEV",)
    assert "answered or over already" in " ".join(await story.dev.clicks_again(button))


async def test_after_an_accepted_swap_the_page_goes_to_the_other(story: Story) -> None:
    await swaps(story)
    assert any("@caro asks you to swap shifts" in text for text in story.dev.inbox)
    await story.dev.clicks("Accept")
    [event] = await story.audit("oncall.swapped")
    assert (event.actor, event.data["offered_by"], len(event.data["takes"])) == ("U0DEV", "U0CARO", 2)

    await until(story, datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0DEV",), "this was caro's week"
    await until(story, datetime(2026, 12, 8, 12, 0, tzinfo=UTC))
    await story.opens("ana", "Search is slow again", **SEV3)
    assert await asked_as_l2(story, 2) == ("U0CARO",)


async def test_a_declined_swap_changes_nothing(story: Story) -> None:
    await swaps(story)
    await story.dev.clicks("Decline")
    assert any("@dev declined" in text for text in story.caro.inbox)
    assert len(await story.audit("oncall.declined")) == 1
    await until(story, datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0CARO",)


async def test_an_offer_without_an_answer_is_nagged_once_and_expires_when_it_would_begin(
    story: Story,
) -> None:
    await swaps(story)
    await until(story, datetime(2026, 11, 30, 7, 59, tzinfo=UTC))
    assert sum("half the time has gone" in text for text in story.dev.inbox) == 1
    assert not await story.audit("oncall.expired")
    await story.minutes_pass(2)
    [event] = await story.audit("oncall.expired")
    assert event.data["offered_by"] == "U0CARO"
    assert any("There was no answer of @dev in time" in text for text in story.caro.inbox)
    await story.opens("ana", "Search is slow", **SEV3)
    assert await asked_as_l2(story, 1) == ("U0CARO",)


async def test_an_offer_can_be_withdrawn_before_it_is_answered(story: Story) -> None:
    await swaps(story)
    accept = story.dev.button("Accept", on="swap shifts")
    await story.caro.clicks("Withdraw")
    assert any("@caro withdrew" in text for text in story.dev.inbox)
    assert "answered or over already" in " ".join(await story.dev.clicks_again(accept))
    assert not await story.audit("oncall.swapped")


async def test_of_two_answers_at_the_same_moment_one_counts(story: Story) -> None:
    await swaps(story)
    accept, withdraw = story.dev.button("Accept", on="swap shifts"), story.caro.button("Withdraw")
    dev, caro = story.world.person("dev"), story.world.person("caro")
    await asyncio.gather(dev.clicks_again(accept), caro.clicks_again(withdraw), dev.clicks_again(accept))
    await story.settles()
    ends = [
        event.kind for event in await story.audit() if event.kind in ("oncall.swapped", "oncall.cancelled")
    ]
    assert len(ends) == 1
    shown = "Accepted" if ends == ["oncall.swapped"] else "Withdrawn"
    assert all(any(shown in text for text in story.person(name).inbox) for name in ("dev", "caro"))


async def test_what_two_agreed_on_is_not_undone_by_one(story: Story) -> None:
    await swaps(story)
    await story.dev.clicks("Accept")
    await story.caro.runs("/incident", "oncall")
    with pytest.raises(Exception, match="no button 'Cancel'"):
        story.caro.button("Cancel", channel="general")


async def test_strangers_to_a_role_cannot_put_anybody_on_call(story: Story) -> None:
    await story.suzy.runs("/incident", "oncall take l2")
    await story.suzy.submits()
    assert "arrange who is on call for L2 platform" in str(story.suzy.form)
    assert not await story.audit("oncall.overridden")
    assert len(await story.audit("access.denied")) == 1


async def test_a_role_that_nobody_knows_is_answered_with_those_there_are(story: Story) -> None:
    told = " ".join(await story.ana.runs("/incident", "oncall florists"))
    assert "Please name a role: l1, l2" in told
    assert len(await story.audit("input.rejected")) == 1
