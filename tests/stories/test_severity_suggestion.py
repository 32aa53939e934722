import pytest

from bot.domain.advice import Suggestion
from bot.domain.incident import Incident, Severity, UserId
from bot.domain.items import ItemState, ProposalKind
from bot.usecases import advice
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"


def suggestion(to: Severity, *evidence: str) -> Suggestion:
    return Suggestion(
        kind=ProposalKind.SEVERITY,
        value=int(to),
        rationale="Errors are spreading to other tenants.",
        evidence=evidence,
        confidence=0.83,
        model="an-advisor",
        model_version="1",
        prompted_by=UserId("U0DEV"),
    )


async def an_incident_with_things_said(story: Story) -> tuple[Incident, list[str]]:
    await story.opens("ana", "Search is slow", Business="2", Users="2", Data="0", Regulatory="0")
    await story.caro.clicks("Acknowledge")
    await story.caro.says("Latency doubled at nine", channel=ROOM)
    await story.dev.joins(ROOM)
    await story.dev.says("Two tenants have written in", channel=ROOM)
    room = story.room(ROOM)
    said = [m.ts for m in room.messages.values() if m.user in ("U0CARO", "U0DEV") and not m.subtype]
    return await story.incident(), said


@pytest.mark.promise("M-03", "S0-11", "S0-51", "S0-52")
async def test_the_life_of_a_severity_suggestion(story: Story) -> None:
    incident, said = await an_incident_with_things_said(story)
    assert incident.severity is Severity.SEV3

    await story.asks(advice.suggest, incident.id, suggestion(Severity.SEV2, *said), by="an-advisor")
    assert story.ivan.sees("AI suggestion", channel=ROOM)
    assert story.ivan.sees("expires without effect at", channel=ROOM)
    card = story.judy.button("Approve", channel=ROOM, on="AI suggestion")

    await story.until(9, 1)
    told = await story.ana.clicks_again(card)
    assert "decide" in " ".join(told)
    assert (await story.incident()).severity is Severity.SEV3
    assert len(await story.audit("access.denied")) == 1

    await story.until(9, 2)
    await story.ivan.says("approve", channel=ROOM)
    await story.ivan.reacts("thumbsup", on="AI suggestion", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV3, "words and reactions decide nothing"

    await story.until(9, 5)
    assert any("half the time has gone" in text for text in story.ivan.inbox), "a raise presses at half time"

    await story.until(9, 6)
    await story.ivan.clicks("Approve", channel=ROOM, on="AI suggestion")
    assert (await story.incident()).severity is Severity.SEV2
    told = await story.judy.clicks_again(card)
    assert "ivan" in " ".join(told)
    changes = await story.audit("severity.changed")
    assert len(changes) == 1
    approved = await story.audit("ai.approved")
    assert [(e.actor, e.data["value"], e.data["confidence"]) for e in approved] == [("U0IVAN", 2, 0.83)]

    await story.until(9, 20)
    await story.asks(advice.suggest, incident.id, suggestion(Severity.SEV4, said[0]), by="an-advisor")
    await story.until(9, 49)
    assert not await story.audit("ai.expired")
    await story.until(9, 51)
    assert len(await story.audit("ai.expired")) == 1
    assert not await story.audit("ai.rejected"), "expiry is not a rejection"
    assert (await story.incident()).severity is Severity.SEV2

    await story.until(9, 55)
    await story.asks(advice.suggest, incident.id, suggestion(Severity.SEV1, "999.000"), by="an-advisor")
    invalid = await story.audit("ai.invalid")
    assert len(invalid) == 1
    assert "999.000" in str(invalid[0].data)

    await story.until(10, 0)
    await story.asks(advice.suggest, incident.id, suggestion(Severity.SEV1, said[1]), by="an-advisor")
    await story.until(10, 2)
    stale = story.judy.button("Approve", channel=ROOM, on="AI suggestion")
    await story.ivan.clicks("Severity", channel=ROOM)
    await story.ivan.fills({"New severity": "SEV1", "Why": "Half of all tenants are down"})
    await story.ivan.submits()
    assert (await story.incident()).severity is Severity.SEV1
    assert len(await story.audit("ai.superseded")) == 1
    assert len(await story.audit("severity.changed")) == 2
    told = await story.judy.clicks_again(stale)
    assert told, "an old button says why it no longer applies"
    states = [i.state for i in await story.items() if i.proposal and i.proposal.kind is ProposalKind.SEVERITY]
    assert states == [ItemState.APPROVED, ItemState.EXPIRED, ItemState.SUPERSEDED]


@pytest.mark.promise("S0-12")
async def test_a_suggested_lead_is_asked_nothing_until_a_person_approves(story: Story) -> None:
    incident, said = await an_incident_with_things_said(story)
    proposed = Suggestion(
        kind=ProposalKind.OWNER,
        value="U0ELI",
        rationale="The database is named in every message.",
        evidence=(said[0],),
        confidence=0.7,
        model="an-advisor",
        model_version="1",
    )
    await story.asks(advice.suggest, incident.id, proposed, by="an-advisor")
    room = story.room(ROOM)
    assert "U0ELI" not in room.members
    assert not story.eli.inbox

    await story.ivan.clicks("Approve", channel=ROOM, on="AI suggestion")
    assert (await story.incident()).lead == "U0ELI"
    assert "U0ELI" in room.members


@pytest.mark.promise("S0-13")
async def test_neither_the_bot_nor_an_agent_can_decide(story: Story) -> None:
    incident, said = await an_incident_with_things_said(story)
    await story.asks(advice.suggest, incident.id, suggestion(Severity.SEV2, *said), by="an-advisor")
    card = story.ivan.button("Approve", channel=ROOM, on="AI suggestion")

    for outsider in ("tocsin", "extern", "gus"):
        await story.person(outsider).clicks_again(card)
    assert (await story.incident()).severity is Severity.SEV3
    assert len(await story.audit("access.denied")) == 3
