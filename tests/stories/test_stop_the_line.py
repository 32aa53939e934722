from pathlib import Path

import pytest

from bot import packs
from bot.domain.incident import Severity
from bot.domain.items import ItemKind, ItemState
from tests.harness.story import Story, telling

POLICY = packs.load(packs.DEFAULT)
HARMLESS = {"Business": "0", "Users": "0", "Data": "0", "Regulatory": "0"}
ROOM = "inc-1-a-button-looks-odd"


async def a_harmless_incident(story: Story) -> None:
    incident = await story.opens("ana", "A button looks odd", **HARMLESS)
    assert incident.severity is Severity.SEV5


@pytest.mark.promise("S0-30")
async def test_a_tick_stops_the_line_at_once(story: Story) -> None:
    await a_harmless_incident(story)
    assert not story.ivan.inbox

    await story.until(9, 3)
    await story.ana.clicks("Stop the line", channel=ROOM)
    await story.ana.fills({"Stop the line": ["S-03"], "What do you see": "The key is in the log of build 41"})
    await story.ana.submits()

    incident = await story.incident()
    assert incident.severity is incident.floor is Severity.SEV2
    assert incident.severity_reason.endswith("floor SEV2 from S-03.")
    assert any("you are asked to take" in text for text in story.ivan.inbox), (
        "the incident manager is called in"
    )
    assert any("you are asked to take" in text for text in story.sam.inbox), "and whom the condition names"
    assert story.ana.sees("Revoke it first", channel=ROOM)
    assert story.ana.sees("S-03 A live credential is visible", channel=ROOM)
    [task] = [item for item in await story.items() if item.kind is ItemKind.TASK]
    assert task.role == "security"
    assert task.holders == ("U0SAM",)
    [fired] = await story.audit("stopline.fired")
    assert fired.data["by"] == "U0ANA"
    assert fired.rule == "stop_the_line.S-03"


async def test_what_a_condition_owes_is_chased_goes_to_the_backup_and_is_done(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-03 the key is in the log", channel=ROOM)
    assert any("revoke or rotate" in text for text in story.sam.inbox)

    await story.until(9, 31)
    [task] = [item for item in await story.items() if item.kind is ItemKind.TASK]
    assert task.holders == ("U0SAM", "U0SUE"), "late, the backup owes it too"
    assert any("overdue" in text for text in story.sue.inbox)

    await story.sue.runs("/incident", "done", channel=ROOM)
    [task] = [item for item in await story.items() if item.kind is ItemKind.TASK]
    assert task.state is ItemState.DONE
    assert (await story.audit("task.done"))[0].data["late"] is True
    told = await story.sue.runs("/incident", "done", channel=ROOM)
    assert "You owe no task here" in " ".join(told)


async def test_lifting_takes_the_incident_manager_and_a_reason(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-03", channel=ROOM)

    told = await story.ivan.runs("/incident", "stop lift S-03", channel=ROOM)
    assert "say why it is safe now" in " ".join(told)
    await story.ana.runs("/incident", "stop lift S-03 it was a test key", channel=ROOM)
    assert "S-03" in (await story.incident()).conditions, "whoever may not lift it asks those who may"
    told = await story.sam.clicks("Approve", channel=ROOM, on="Stop-the-line to lift")
    assert "This is decided by" in " ".join(told)

    await story.ivan.runs("/incident", "stop lift S-03 the key is revoked", channel=ROOM)
    incident = await story.incident()
    assert incident.conditions == {}
    assert incident.floor is None
    assert incident.severity is Severity.SEV2, "the severity stays until people lower it"
    assert incident.computed_severity is Severity.SEV5
    assert story.ana.sees("lifted S-03: the key is revoked", channel=ROOM)
    assert (await story.audit("stopline.lifted"))[0].data["reason"] == "the key is revoked"


async def test_at_sev1_two_people_lift_it(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-08 the totals go on shrinking", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV1

    told = await story.ivan.runs("/incident", "stop lift S-08 writes are stopped", channel=ROOM)
    assert "holds until everybody has agreed" in " ".join(told)
    assert "S-08" in (await story.incident()).conditions
    await story.xena.clicks("Approve", on="Stop-the-line to lift")
    assert (await story.incident()).conditions == {}


async def test_nobody_goes_below_the_floor_and_what_is_wrong_changes_nothing(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop s3 key in the log", channel=ROOM)

    told = await story.ivan.runs("/incident", "sev 4 it is only a test key", channel=ROOM)
    assert "has to be lifted first" in " ".join(told)
    told = await story.ana.runs("/incident", "stop S-03 again", channel=ROOM)
    assert "ticked on INC-1 already" in " ".join(told)
    told = await story.ana.runs("/incident", "stop S-99", channel=ROOM)
    assert "Please name one of: S-01" in " ".join(told)
    told = await story.gus.runs("/incident", "stop S-01")
    assert told
    assert (await story.incident()).severity is Severity.SEV2
    assert len(await story.audit("stopline.fired")) == 1


async def test_what_is_suspected_has_a_milder_floor_until_it_is_confirmed(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-02 suspected an odd export", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV2
    assert story.ana.sees("S-02 (suspected)", channel=ROOM)
    assert any("you are asked to take" in text for text in story.lara.inbox)

    await story.ana.runs("/incident", "stop S-02 the export holds 4000 people", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV1
    assert len(await story.audit("stopline.confirmed")) == 1


async def test_a_channel_that_stands_is_not_called_private(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-01 somebody is in", channel=ROOM)
    assert (await story.incident()).private is False
    assert story.ana.sees("cannot become private", channel=ROOM)


async def test_a_condition_ticked_at_the_opening_opens_in_private_with_security_first(story: Story) -> None:
    incident = await story.opens("ana", "Somebody is in", Stop_the_line=["S-01"], **HARMLESS)
    assert incident.private
    assert incident.severity is Severity.SEV1
    order = (await story.audit("ladder.engaged"))[0]
    assert order.data["order"][:2] == ["security", "incident_manager"]
    assert order.rule == "stop_the_line.S-01"


async def test_while_the_audit_trail_is_broken_nothing_is_approved(story: Story) -> None:
    await a_harmless_incident(story)
    await story.ana.runs("/incident", "stop S-19 the chain does not verify", channel=ROOM)
    await story.caro.runs("/incident", "sev 1 everybody sees it", channel=ROOM)

    told = await story.ivan.clicks("Approve", channel=ROOM, on="Severity change to approve")
    assert "Nothing is approved on INC-1 while S-19 holds" in " ".join(told)
    await story.ivan.runs("/incident", "stop lift S-19 restored from the replica", channel=ROOM)
    await story.ivan.clicks("Approve", channel=ROOM, on="Severity change to approve")
    assert (await story.incident()).severity is Severity.SEV1


async def test_a_ladder_that_is_exhausted_stops_the_line_by_itself(tmp_path: Path) -> None:
    async with telling(tmp_path) as story:
        await story.opens("ana", "All is dark", Business="4", Users="4", Data="0", Regulatory="0")
        await story.minutes_pass(120)
        [fired] = await story.audit("stopline.fired")
        assert fired.data["condition"] == "S-18"
        assert fired.actor == "tocsin"
        assert "S-18" in (await story.incident()).conditions
