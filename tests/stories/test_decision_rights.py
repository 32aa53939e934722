from typing import Any

import pytest

from bot import packs
from bot.domain.incident import Severity
from bot.domain.items import ItemKind
from tests.harness.story import Story, telling

ROOM = "inc-1-search-is-slow"
SEV1 = {"Business": "4", "Users": "4", "Data": "0", "Regulatory": "0"}
SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


async def approvals(story: Story) -> list[Any]:
    return [item for item in await story.items() if item.kind is ItemKind.APPROVAL]


@pytest.mark.promise("S1-08", "S1-54")
async def test_at_sev1_one_incident_manager_decides_alone_and_it_is_on_record(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV1)
    told = " ".join(await story.ivan.runs("/incident", "remediate Roll back release 41", channel=ROOM))
    assert "is approved and on record" in told
    [approved] = await story.audit("remediation.approved")
    assert approved.data["what"] == "Roll back release 41"
    assert [grant["role"] for grant in approved.data["approved_by"]] == ["incident_manager"]
    assert story.ana.sees("It may be done now", channel=ROOM)


@pytest.mark.promise("S1-08", "S1-54", "S1-33")
async def test_at_sev3_it_takes_two_and_a_comms_lead_is_none_of_them(story: Story) -> None:
    await story.opens("ana", "Search is slow", Which=["Customers"], **SEV3)
    assert (await story.incident()).severity is Severity.SEV3
    told = " ".join(await story.caro.runs("/incident", "remediate Roll back release 41", channel=ROOM))
    assert "Nothing is approved yet" in told
    seen = story.mona.button("Approve", channel=ROOM, on="Change this in production")
    told = " ".join(await story.mona.clicks_again(seen))
    assert "technical lead" in told
    [denied] = await story.audit("access.denied")
    assert denied.actor == "U0MONA"
    assert not await story.audit("remediation.approved")

    await story.tess.clicks_again(seen)
    [approved] = await story.audit("remediation.approved")
    assert sorted(grant["by"] for grant in approved.data["approved_by"]) == ["U0CARO", "U0TESS"]


@pytest.mark.promise("S1-54")
async def test_a_legal_action_is_decided_by_legal_alone(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.runs("/incident", "legal Notify the insurer", channel=ROOM)
    seen = story.caro.button("Approve", channel=ROOM, on="Take this legal action")
    assert "legal liaison" in " ".join(await story.caro.clicks_again(seen))
    await story.lara.clicks_again(seen)
    [approved] = await story.audit("legal.approved")
    assert (approved.data["what"], approved.actor) == ("Notify the insurer", "U0LARA")


async def test_an_action_that_says_nothing_is_refused_with_an_example(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    told = " ".join(await story.caro.runs("/incident", "remediate ...", channel=ROOM))
    assert "for example /incident remediate Roll back release 41" in told
    assert not await approvals(story)
    told = " ".join(await story.caro.runs("/incident", f"legal {'x' * 501}", channel=ROOM))
    assert "501 characters; please keep it to 500" in told
    assert not await approvals(story)


@pytest.mark.promise("S1-33")
async def test_each_decision_is_refused_to_who_has_no_right_to_it(tmp_path: Any) -> None:
    policy = packs.load(packs.DEFAULT)
    only = dict.fromkeys(("open", "triage", "move_stage", "set_next_step"), ("executive_sponsor",))
    strict = policy.model_copy(
        update={
            "version": "strict",
            "decision_rights": {**policy.decision_rights, **only, "ask_close": ("l2",)},
        }
    )
    async with telling(tmp_path, policy=strict) as story:
        await story.ana.runs("/incident", "open Search is slow", channel="general")
        await story.ana.fills(SEV3)
        await story.ana.submits()
        form = story.world.person("ana").form
        assert form is not None
        assert "Only executive sponsor may open an incident" in form.text
        assert not await story.audit("incident.opened")

        await story.opens("xena", "Search is slow", **SEV3)
        await story.caro.clicks("Acknowledge", on="you are asked")
        told = " ".join(await story.caro.runs("/incident", "stage contain", channel=ROOM))
        assert "Only executive sponsor may move an incident to another stage" in told
        await story.caro.runs("/incident", "triage", channel=ROOM)
        await story.caro.fills({"How far": "External"})
        await story.caro.submits()
        form = story.world.person("caro").form
        assert form is not None
        assert "Only executive sponsor may answer the triage" in form.text
        assert (await story.incident()).answers == {}
        denied = await story.audit("access.denied")
        assert [event.actor for event in denied] == ["U0ANA", "U0CARO", "U0CARO"]
