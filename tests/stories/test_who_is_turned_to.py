"""Somebody who is at work on an incident is turned to before whoever stands first on the roster."""

import pytest

from bot.domain.items import ItemKind
from tests.harness.story import Story

ROOM = "inc-1-checkout-is-down"
WORSE = "All customers see errors now, payments fail everywhere"


async def judy_leads(story: Story) -> None:
    """The first incident manager sleeps, the second one has it."""
    await story.opens("ana", "Checkout is down", Business="3", Users="2", Data="0", Regulatory="0")
    await story.until(9, 16)
    await story.judy.clicks("Acknowledge")
    await story.dev.clicks("Acknowledge")


@pytest.mark.promise("M-03", "S0-11")
async def test_a_suggestion_goes_to_who_leads_not_to_who_did_not_answer(story: Story) -> None:
    await judy_leads(story)

    await story.dev.says(WORSE, channel=ROOM)

    assert any("AI suggestion" in text for text in story.judy.inbox)
    assert not any("AI suggestion" in text for text in story.ivan.inbox)
    assert story.dev.sees("To decide: incident manager (@judy).", channel=ROOM)


async def test_when_who_leads_stays_silent_the_first_on_the_roster_is_pressed_at_half_time(
    story: Story,
) -> None:
    await judy_leads(story)
    await story.dev.says(WORSE, channel=ROOM)

    await story.minutes_pass(5)

    assert any("half the time has gone" in text for text in story.ivan.inbox)


async def test_the_promised_update_is_the_new_leads(story: Story) -> None:
    await judy_leads(story)

    (promised,) = [item for item in await story.items() if item.kind is ItemKind.UPDATE and item.is_open]
    assert promised.holders == (story.judy.id,)

    await story.until(9, 26)
    assert any("Please post it" in text for text in story.judy.inbox)
    assert not any("Please post it" in text for text in story.ivan.inbox)

    await story.until(9, 50)
    assert any("Please post it in their place" in text for text in story.ivan.inbox)
    assert not any("in their place" in text for text in story.judy.inbox), "it is her own"


async def test_a_text_for_customers_goes_to_who_took_the_role(story: Story) -> None:
    await story.opens("ana", "Checkout is down", Business="4", Users="4", Data="0", Regulatory="0")
    await story.until(9, 6)
    await story.nils.clicks("Acknowledge")

    await story.nils.runs("/incident", "update customer", channel=ROOM)
    await story.nils.fills(
        {
            "What users see": "Orders fail.",
            "Who is affected": "all customers",
            "Since when": "09:00 UTC",
            "What we are doing": "We return to the release of this morning.",
            "Next step": "We check that orders flow again.",
            "When is the next update": "in 30m",
        }
    )
    await story.nils.submits()

    assert any("Draft to approve" in text and "Orders fail" in text for text in story.nils.inbox)
    assert not any("Orders fail" in text for text in story.mona.inbox)
