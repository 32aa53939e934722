from pathlib import Path

import pytest

from bot import packs
from bot.domain.incident import Severity
from bot.domain.items import ItemKind
from bot.domain.policy import Policy, Span
from bot.usecases import policy as policies
from tests.harness.story import Story, telling

SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


async def puts_in_force(story: Story, changed: Policy) -> None:
    await story.asks(policies.activate, changed, by="ivan")


def another(version: str, **changes: object) -> Policy:
    return packs.load(packs.DEFAULT).model_copy(update={"version": version, **changes})


@pytest.mark.promise("S0-81")
async def test_an_incident_cites_and_uses_the_texts_that_it_began_with(story: Story) -> None:
    first = packs.load(packs.DEFAULT)
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.clicks("Acknowledge", on="you are asked")
    changed = another(
        "fedcba9876543210", templates={**first.templates, "contain.internal": "The new words for containing."}
    )
    await puts_in_force(story, changed)
    await story.opens("ana", "Sign-in is slow", **SEV3)
    await story.caro.clicks("Acknowledge", on="INC-2")

    for room in ("inc-1-search-is-slow", "inc-2-sign-in-is-slow"):
        await story.triages("caro", room)
        await story.caro.clicks("Contain", channel=room)
    assert not story.ana.sees("The new words for containing.", channel="inc-1-search-is-slow")
    assert story.ana.sees("The new words for containing.", channel="inc-2-sign-in-is-slow")
    assert story.ana.sees(f"Policy {first.version[:8]}", channel="inc-1-search-is-slow")
    assert story.ana.sees("Policy fedcba98", channel="inc-2-sign-in-is-slow")


@pytest.mark.promise("S0-78")
async def test_a_changed_limit_of_the_next_step_holds_for_what_is_opened_after_it(story: Story) -> None:
    first = packs.load(packs.DEFAULT)
    row = first.row(Severity.SEV3)
    assert row.next_step_within == Span(minutes=240)
    quick = row.model_copy(update={"next_step_within": Span(minutes=20)})
    await story.opens("ana", "Search is slow", **SEV3)
    await puts_in_force(story, another("quick", severities={**first.severities, Severity.SEV3: quick}))
    await story.opens("ana", "Sign-in is slow", **SEV3)
    for number in (1, 2):
        await story.caro.clicks("Acknowledge", on=f"INC-{number}")
    due = {}
    for number in (1, 2):
        [step] = [item for item in await story.items(number) if item.kind is ItemKind.NEXT_STEP]
        assert step.due_at is not None
        due[number] = (step.due_at - story.now).total_seconds() / 60
    assert due == {1: 240, 2: 20}


@pytest.mark.promise("S1-19", "S1-50")
async def test_the_card_shows_the_runbook_and_flags_what_nobody_looked_at(tmp_path: Path) -> None:
    async with telling(tmp_path) as story:
        await story.opens("ana", "Search is slow", **SEV3, Affected_service="Partner exports")
        room = "inc-1-search-is-slow"
        assert story.ana.sees("Partner exports, tier 3", channel=room)
        assert story.ana.sees("last reviewed 2026-03-02, more than 180 days ago", channel=room)
        assert story.ana.sees("never tried out", channel=room)

        await story.opens("ana", "Search is odd", **SEV3, Affected_service="Search")
        assert story.ana.sees(
            "Show the categories without search (:warning: never tested)", channel="inc-2-search-is-odd"
        )

        await story.opens("ana", "Checkout is odd", **SEV3, Affected_service="Checkout")
        room = "inc-3-checkout-is-odd"
        assert story.ana.sees("Sell by invoice from the standby shop (last tested 2026-08-20)", channel=room)
        assert story.ana.sees("last reviewed 2026-09-14, last tried out 2026-10-02", channel=room)
