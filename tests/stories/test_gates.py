import pytest

from bot.domain.incident import Severity
from tests.harness.story import TRIAGE, Story

ROOM = "inc-1-search-is-slow"
SEV3 = {"Business": "2", "Users": "1", "Data": "Unknown", "Regulatory": "0"}


async def opened(story: Story, **answers: str) -> None:
    await story.opens("ana", "Search is slow", **{**SEV3, **answers})
    await story.caro.clicks("Acknowledge", on="you are asked")


@pytest.mark.promise("S1-15", "S1-04")
async def test_triage_is_left_only_with_severity_scope_and_data_known(story: Story) -> None:
    await opened(story)
    await story.caro.clicks("Contain", channel=ROOM)
    form = story.world.person("caro").form
    assert form is not None
    assert form.title == "Before Contain", "one form asks all that is missing"

    without_scope = {label: value for label, value in TRIAGE.items() if label != "How far"}
    await story.caro.fills({**without_scope, "What data": "1"})
    await story.caro.submits()
    said = story.world.person("caro").form
    assert said is not None
    assert "say how far it reaches" in said.text, "what is missing is named"
    assert (await story.incident()).stage == "triage"
    assert (await story.incident()).answers == {}, "a refused form changes nothing"
    refused = await story.audit("stage.refused")
    assert [event.actor for event in refused] == ["U0CARO"]

    await story.caro.closes()
    await story.caro.fills({"How far": "External"})
    await story.caro.submits()
    now = await story.incident()
    assert (now.stage, now.answers["scope"]) == ("contain", "external")
    assert {str(d): score for d, score in now.scores.items()}["data"] == 1, (
        "what was unknown is settled by it"
    )
    [answered] = await story.audit("triage.answered")
    assert answered.data["answers"]["credible:harm"] == "yes"
    assert story.caro.sees("3 of 3 signs of a credible incident", channel=ROOM)


@pytest.mark.promise("S1-73")
async def test_a_gate_is_overridden_aloud_by_who_may_and_by_nobody_else(story: Story) -> None:
    await opened(story)
    await story.dev.clicks("Contain", channel=ROOM)
    await story.dev.fills({"Go on without it": "Everything burns"})
    await story.dev.submits()
    assert (await story.incident()).stage == "contain", "dev is backup of the role that leads"

    assert story.ana.sees("moves on to Contain without", channel=ROOM)
    overridden = await story.audit("criterion.overridden")
    assert {event.data["criterion"] for event in overridden} >= {"severity", "scope", "data"}
    assert {event.data["reason"] for event in overridden} == {"Everything burns"}
    assert all(event.rule.startswith("gate.triage.") for event in overridden)
    assert story.ana.sees("Went on without", channel=ROOM), "the card keeps saying so"


async def test_who_may_not_override_is_told_who_may(story: Story) -> None:
    await opened(story)
    await story.mona.clicks("Contain", channel=ROOM)
    form = story.world.person("mona").form
    assert form is not None
    assert "takes: incident manager or L2 platform" in form.text
    assert "Go on without it" not in " ".join(form.labels)


@pytest.mark.promise("S0-31")
async def test_each_severity_has_a_procedure_of_its_own(story: Story) -> None:
    await story.opens("ana", "Search is slow", Business="4", Users="4", Data="0", Regulatory="0")
    told = " ".join(await story.ivan.runs("/incident", "procedure", channel=ROOM))
    for part in ("Diagnose (required)", "Acknowledge within 5 minutes", "executive sponsor (informed)"):
        assert part in told, part
    assert "To close: incident manager, and technical lead" in told

    await story.opens("ana", "Search is odd", Business="1", Users="1", Data="0", Regulatory="0")
    told = " ".join(await story.ana.runs("/incident", "procedure", channel="inc-2-search-is-odd"))
    assert "Diagnose (may be left out)" in told
    assert "Acknowledge within 4 working hours" in told
    assert "To close: whoever leads the incident" in told


async def test_a_required_stage_is_not_passed_over(story: Story) -> None:
    await story.opens("ana", "Search is slow", Business="4", Users="4", Data="0", Regulatory="0")
    assert (await story.incident()).severity is Severity.SEV1
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.triages("ivan", ROOM)
    await story.ivan.clicks("Resolve", channel=ROOM)
    form = story.world.person("ivan").form
    assert form is not None
    assert "Contain is not done yet" in form.text
    await story.ivan.fills({"Go on without it": "The fix is known and safe"})
    await story.ivan.submits()
    assert (await story.incident()).stage == "resolve"
    assert [e.data["stage"] for e in await story.audit("criterion.overridden")] == ["contain", "diagnose"]


async def test_what_is_only_asked_for_is_left_open_on_record(story: Story) -> None:
    await opened(story, Data="0")
    await story.triages("caro", ROOM)
    await story.caro.clicks("Contain", channel=ROOM)
    await story.caro.clicks("What is missing", channel=ROOM)
    await story.caro.fills({"Which of these hold": ["the harm no longer grows"]})
    await story.caro.submits()
    [met] = await story.audit("criterion.met")
    assert (met.data["criterion"], met.actor) == ("harm_stopped", "U0CARO")
    await story.caro.clicks("Diagnose", channel=ROOM)
    await story.caro.clicks("Resolve", channel=ROOM)
    left = [event.data.get("left_open") for event in await story.audit("stage.entered")]
    assert left[1] is None
    assert left[2] == [
        "the cause or the top suspicion is named",
        "there is a plan for the fix and for rolling it back",
    ]
