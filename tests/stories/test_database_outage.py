import pytest

from bot.domain.incident import Severity, Status
from bot.domain.items import Item
from tests.harness.story import Story

ROOM = "inc-1-primary-database-is-down"


async def the_outage_is_opened_and_becomes_sev1(story: Story) -> None:
    await story.until(9, 1)
    await story.opens("ana", "Primary database is down", Business="3", Users="3", Data="1", Regulatory="1")
    await story.until(9, 4)
    await story.caro.clicks("Acknowledge")
    await story.caro.clicks("Severity", channel=ROOM)
    await story.caro.fills({"New severity": "SEV1", "Why": "every tenant is down"})
    await story.caro.submits()
    assert (await story.incident()).severity is Severity.SEV2, "a raise by who does not lead is a proposal"
    await story.ivan.clicks("Approve")


def page_of(items: tuple[Item, ...], role: str) -> Item:
    return next(item for item in items if item.role == role and item.kind.value == "acknowledge")


@pytest.mark.promise("M-04", "S0-28", "S3-26", "S3-27")
async def test_each_role_has_its_own_ladder_and_silence_reaches_the_backup(story: Story) -> None:
    await the_outage_is_opened_and_becomes_sev1(story)
    assert (await story.incident()).severity is Severity.SEV1
    for name in ("ivan", "tess", "eli", "mona"):
        assert any("you are asked" in text for text in story.person(name).inbox), name
    assert any("You owe no answer" in text for text in story.xena.inbox)

    await story.until(9, 5)
    for name in ("ivan", "tess", "mona"):
        await story.person(name).clicks("Acknowledge", on="you are asked")
    assert page_of(await story.items(), "l3").answered_by is None, "one answer never silences another role"

    await story.until(9, 8)
    assert not story.fay.inbox
    await story.until(9, 9, 30)
    assert any("you are asked" in text for text in story.fay.inbox)
    steps = [e.data for e in await story.audit("ladder.step") if e.data["role"] == "l3"]
    assert [(step["asked"], step["reason"]) for step in steps] == [
        (["U0ELI"], "severity_change"),
        (["U0FAY"], "missed_ack"),
    ]
    assert not [e for e in await story.audit("ladder.step") if e.data["role"] == "comms_lead"][1:]
    taken = {e.actor for e in await story.audit("ack.received")}
    assert taken == {"U0CARO", "U0IVAN", "U0TESS", "U0MONA"}


@pytest.mark.promise("S0-11", "S0-51")
async def test_a_suggestion_to_lower_is_rejected_with_a_reason_and_nothing_changes(story: Story) -> None:
    await the_outage_is_opened_and_becomes_sev1(story)
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.ivan.clicks("Severity", channel=ROOM)
    await story.ivan.fills({"New severity": "SEV3", "Why": "it looks better"})
    await story.ivan.submits()
    assert (await story.incident()).severity is Severity.SEV1, "lowering waits for the sponsor, too"

    await story.xena.clicks("Reject")
    await story.xena.fills({"Why": "The queue is still growing"})
    await story.xena.submits()
    assert (await story.incident()).severity is Severity.SEV1
    rejected = await story.audit("approval.rejected")
    assert [(e.actor, e.data["reason"]) for e in rejected] == [("U0XENA", "The queue is still growing")]


@pytest.mark.promise("M-02")
async def test_every_stage_says_its_texts_and_the_card_offers_only_legal_moves(story: Story) -> None:
    await story.until(9, 1)
    await story.opens(
        "ana",
        "Primary database is down",
        Business="3",
        Users="3",
        Data="1",
        Regulatory="1",
        Which=["Customers can see it"],
    )
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.triages("ivan", ROOM)
    moves = {
        "Contain": "contain",
        "Diagnose": "diagnose",
        "Resolve": "resolve",
        "Recover": "recover",
    }
    for label, stage in moves.items():
        drafts = len(await story.audit("comms.drafted"))
        await story.ivan.clicks(label, channel=ROOM, on="Next step")
        assert (await story.incident()).stage == stage
        posted = [e for e in await story.audit("comms.posted") if e.data.get("stage") == stage]
        assert len(posted) == 1
        if stage in ("contain", "diagnose"):
            assert len(await story.audit("comms.drafted")) > drafts, "customers get a draft, not a post"
    assert not story.mona.reads("customer-updates"), "nothing went outside without a person"


async def test_a_close_waits_for_both_people_and_the_channel_is_archived_later(story: Story) -> None:
    await the_outage_is_opened_and_becomes_sev1(story)
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.triages("ivan", ROOM)
    for label in ("Contain", "Diagnose", "Resolve", "Recover"):
        await story.ivan.clicks(label, channel=ROOM, on="Next step")
    await story.ivan.clicks("Close", channel=ROOM)
    told = await story.ivan.submits()
    assert (await story.incident()).status is not Status.CLOSED, told
    await story.ivan.fills(
        {
            "What caused it": "A full disk on the primary",
            "How sure": "Root cause",
            "What was done": "Failed over, grew the disk",
            "How do you know": "60 minutes without errors, checked by eli",
        }
    )
    await story.ivan.submits()
    assert (await story.incident()).status is Status.ACKNOWLEDGED, "waits for tess"

    await story.tess.clicks("Approve", on="Close to approve")
    closed = await story.incident()
    assert closed.status is Status.CLOSED
    assert closed.closure is not None
    assert closed.closure.cause == "A full disk on the primary"
    assert not [item for item in await story.items() if not item.is_over]

    await story.minutes_pass(60 * 24 * 8)
    assert story.room(ROOM).is_archived
    await story.ivan.runs("/incident", "reopen INC-1")
    await story.ivan.fills({"Why": "It came back", "What happens next": "Fail over again"})
    await story.ivan.submits()
    reopened = await story.incident()
    assert reopened.status is not Status.CLOSED
    assert reopened.stage == "triage"
    assert reopened.channel_name != ROOM
