import pytest

from bot.domain.incident import Dimension, Severity
from tests.harness.story import Story

MODERATE = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


@pytest.mark.promise("S1-17")
async def test_a_security_incident_is_asked_about_identity_and_reach_an_outage_is_not(story: Story) -> None:
    await story.ana.runs("/incident", "open Something is odd")
    form = story.ana.form
    assert form is not None
    assert "Blast radius" not in form.labels

    await story.ana.fills({"What kind": "Security"})
    form = story.ana.form
    assert form is not None
    assert {"Which one is it?", "Identity criticality", "Blast radius"} <= set(form.labels)
    assert "Is an account, key or token involved?" not in form.labels

    await story.ana.fills({"What kind": "Outage"})
    form = story.ana.form
    assert form is not None
    assert "Blast radius" not in form.labels
    await story.ana.fills(MODERATE)
    await story.ana.submits()
    incident = await story.incident()
    assert incident.kind == "outage"
    assert Dimension.BLAST not in incident.scores


@pytest.mark.promise("S1-16")
async def test_the_kind_decides_who_hears_first_and_the_order_is_on_record(story: Story) -> None:
    await story.opens("ana", "Search is slow", **MODERATE)
    first = (await story.audit("role.assigned"))[0]
    assert first.data["role"] == "l2", "an outage goes to whoever leads"

    await story.opens("ana", "An export is public", What_kind="Data", **MODERATE)
    assigned = [e for e in await story.audit("role.assigned") if e.incident_id != first.incident_id]
    assert [event.data["role"] for event in assigned][:3] == ["security", "legal_liaison", "l2"]
    assert assigned[0].rule == "kind.data"
    order = (await story.audit("ladder.engaged"))[-1]
    assert order.data["order"][:3] == ["security", "legal_liaison", "l2"]
    assert (await story.incident(2)).lead == "U0CARO", "who hears first need not be who leads"


async def test_a_security_incident_does_not_wait_for_support_hours(story: Story) -> None:
    await story.until(19, 30)
    await story.opens("ana", "Search is slow", **MODERATE)
    await story.opens(
        "ana", "A login looks odd", What_kind="Security", Identity="1", Blast="1", Business="2", Users="0",
        Data="0", Regulatory="0",
    )  # fmt: skip
    slow, odd = await story.incident(1), await story.incident(2)
    assert odd.severity is slow.severity is Severity.SEV3
    assert f"{odd.targets['acknowledge']:%d %H:%M}" == "20 20:30"
    assert f"{slow.targets['acknowledge']:%d %H:%M}" == "23 08:30", "the other waits for Monday"
    page = next(item for item in await story.items(2) if item.role == "l2")
    assert page.due_at == odd.targets["acknowledge"]
