from typing import Any

import pytest

from bot.domain.incident import Severity, Status
from bot.domain.items import ItemKind
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"
SEV3: dict[str, Any] = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0", "Which": ["Customers"]}
CUSTOMER = {
    "What users see": "Searches take ten seconds.",
    "Who is affected": "Search, in Europe",
    "Since when": "09:00 UTC",
    "What we are doing": "We limited large exports.",
    "Next step": "We check that search is fast again.",
    "When is the next update": "in 30m",
}


@pytest.mark.promise("M-05")
async def test_a_responder_works_by_commands_alone(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    assert "You have INC-1 as L2 platform" in " ".join(
        await story.caro.runs("/incident", "ack", channel=ROOM)
    )

    await story.caro.runs("/incident", "next Roll back release 41 @caro", channel=ROOM)
    await story.caro.submits()
    [step] = [item for item in await story.items() if item.kind is ItemKind.NEXT_STEP and item.is_open]
    assert (step.details["text"], step.holders) == ("Roll back release 41", ("U0CARO",))

    await story.triages("caro", ROOM)
    told = await story.caro.runs("/incident", "stage contain", channel=ROOM)
    assert "INC-1 is in Contain now." in told
    assert (await story.incident()).stage == "contain"

    told = await story.ana.runs("/incident", "ack", channel=ROOM)
    assert "Only mona, nils or tess can take this page." in " ".join(told)
    assert [event.actor for event in await story.audit("ack.received")] == ["U0CARO"]


@pytest.mark.promise("M-05")
async def test_an_approver_works_by_buttons_alone(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.says("All customers see errors now", channel=ROOM)
    seen = story.mona.button("Approve", channel=ROOM, on="Change the severity")
    for name in ("mona", "ana"):
        told = " ".join(await story.person(name).clicks_again(seen))
        assert "incident manager or L2 platform" in told, name
    assert (await story.incident()).severity is Severity.SEV3

    await story.ivan.clicks("Approve", channel=ROOM, on="Change the severity")
    assert (await story.incident()).severity is Severity.SEV1

    await story.caro.runs("/incident", "close", channel=ROOM)
    await story.caro.fills(
        {
            "What caused it": "A full disk",
            "How sure": "Root",
            "What was done": "Grew it",
            "How do you": "It runs",
        }
    )
    await story.caro.submits()
    told = await story.caro.clicks("Approve", channel=ROOM, on="Close to approve")
    assert "incident manager" in " ".join(told)
    assert (await story.incident()).status is not Status.CLOSED
    for name in ("ivan", "tess"):
        await story.person(name).clicks("Approve", on="Close to approve")
    assert (await story.incident()).status is Status.CLOSED


@pytest.mark.promise("M-05")
async def test_a_comms_lead_works_by_updates_from_templates(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.mona.clicks("Post update", channel=ROOM)
    await story.mona.fills({"For whom": "Customer"})
    await story.mona.fills(CUSTOMER)
    await story.mona.submits()
    draft = story.mona.button("Approve", channel=ROOM, on="Searches take ten seconds")

    for name in ("caro", "ivan", "ana"):
        told = " ".join(await story.person(name).clicks_again(draft))
        assert "comms lead" in told, name
    assert not story.mona.reads("customer-updates")

    await story.mona.clicks_again(draft)
    assert story.ana.sees("Searches take ten seconds.", channel="customer-updates")
    assert [event.actor for event in await story.audit("comms.approved")] == ["U0MONA"]
