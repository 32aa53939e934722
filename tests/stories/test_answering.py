import asyncio

import pytest

from bot.domain.items import Item, ItemKind, ItemState
from storage import audit
from storage.verification import verify
from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


async def page(story: Story, role: str) -> Item:
    return next(i for i in await story.items() if i.kind is ItemKind.ACKNOWLEDGE and i.role == role)


async def steps(story: Story, role: str) -> list[str]:
    """Return whom each step of a role's ladder asked."""
    return [
        name
        for event in await story.audit("ladder.step")
        if event.data["role"] == role
        for name in event.data["asked"]
    ]


@pytest.mark.promise("S3-26")
@pytest.mark.parametrize("emoji", ["eyes", "white_check_mark", "raised_hand", "raised_hand::skin-tone-3"])
async def test_a_reaction_on_the_page_is_an_answer(story: Story, emoji: str) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(3)
    await story.ivan.reacts(emoji, on="you are asked")

    taken = await page(story, "incident_manager")
    assert (taken.state, taken.answered_by) == (ItemState.ACKNOWLEDGED, "U0IVAN")
    [event] = await story.reads(audit.acknowledgements, taken.incident_id)
    assert event.data["seconds_after_notice"] == 180
    assert (await page(story, "l2")).answered_by is None, "nobody else's page is taken with it"


async def test_other_reactions_and_those_of_people_who_are_not_asked_answer_nothing(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.reacts("thumbsup", on="you are asked")
    await story.ana.reacts("eyes", on="Asked now", channel=ROOM)
    assert not await story.audit("ack.received")


@pytest.mark.promise("M-04")
async def test_of_two_who_click_at_the_same_moment_one_wins_and_the_other_is_told_who(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(16)
    two = [story.world.person(name) for name in ("ivan", "judy")]
    buttons = [person.button("Acknowledge", on="as incident manager") for person in two]
    told = await asyncio.gather(*(p.clicks_again(b) for p, b in zip(two, buttons, strict=True)))
    await story.settles()

    [won] = [event.actor for event in await story.audit("ack.received")]
    first, second = (0, 1) if won == "U0IVAN" else (1, 0)
    assert told[first] == []
    assert f"{two[first].name} has had this since 09:16 UTC." in " ".join(told[second])
    assert (await page(story, "incident_manager")).answered_by == won
    for person in two:
        assert any(f"@{two[first].name} has INC-1" in text for text in person.inbox), "every copy says so"


@pytest.mark.promise("M-04")
@pytest.mark.parametrize("away", [0, 20])
async def test_a_restart_in_mid_ladder_neither_loses_nor_doubles_a_step(story: Story, away: int) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.minutes_pass(10)
    await story.world.stop_bot()
    await story.minutes_pass(away)
    await story.world.start_bot()
    await story.settles()
    await story.minutes_pass(6 if not away else 1)

    assert await steps(story, "incident_manager") == ["U0IVAN", "U0JUDY"]
    [asked] = [text for text in story.judy.inbox if "you are asked" in text]
    assert ("runs late" in asked) is bool(away)
    assert (await page(story, "incident_manager")).due_at is not None
    await story.judy.clicks("Acknowledge")
    await story.minutes_pass(40)
    assert await steps(story, "incident_manager") == ["U0IVAN", "U0JUDY"], "an answer ends it"
    assert (await story.reads(verify)).ok


@pytest.mark.promise("S3-27")
async def test_an_acknowledgement_that_goes_quiet_is_asked_for_again(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Acknowledge")
    await story.caro.clicks("Acknowledge")
    await story.minutes_pass(59)
    assert not await story.audit("ack.lease_lapsed")

    await story.minutes_pass(2)
    again = await page(story, "incident_manager")
    assert (again.state, again.holders, again.reason) == (ItemState.OPEN, ("U0IVAN",), "lease_ran_out")
    assert any("you had it, and nothing was heard from you" in text for text in story.ivan.inbox)
    await story.minutes_pass(16)
    assert "U0JUDY" in (await page(story, "incident_manager")).asked, "silence is chased again"


async def test_the_words_of_whoever_has_it_renew_it_and_those_of_others_do_not(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    await story.ivan.clicks("Acknowledge")
    await story.caro.clicks("Acknowledge")
    await story.minutes_pass(50)
    await story.ivan.says("Orders are coming back", channel=ROOM)
    await story.ana.says("Thank you", channel=ROOM)
    await story.minutes_pass(15)

    assert (await page(story, "incident_manager")).state is ItemState.ACKNOWLEDGED
    assert (await page(story, "l2")).state is ItemState.OPEN, "nobody else's words speak for caro"
    await story.minutes_pass(50)
    assert (await page(story, "incident_manager")).state is ItemState.OPEN
