import pytest

from bot.domain.incident import Dimension, Severity
from tests.harness.story import Story

ROOM = "inc-1-search-is-slow"
SLOW = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


async def scores_again(story: Story, who: str, **answers: str) -> list[str]:
    person = story.person(who)
    await person.runs("/incident", "sev", channel=ROOM)
    await person.clicks("Score again", channel=ROOM)
    await person.fills({label.replace("_", " "): value for label, value in answers.items()})
    told: list[str] = await person.submits()
    return told


async def test_the_severity_explains_itself(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SLOW)
    told = " ".join(await story.caro.runs("/incident", "sev", channel=ROOM))
    assert "Computed and in force: SEV3 because Business impact is 2" in told
    assert "Users affected: 2 · 1% to under 10%" in told
    assert "No stop-the-line condition holds" in told
    assert "Contain by" in told


async def test_what_people_chose_stands_beside_what_is_computed(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SLOW)
    await story.caro.runs("/incident", "sev 2 a strategic customer is down", channel=ROOM)
    incident = await story.incident()
    assert incident.severity is Severity.SEV2, "the lead raises with a reason, at once"
    assert incident.computed_severity is Severity.SEV3
    told = " ".join(await story.caro.runs("/incident", "sev", channel=ROOM))
    assert "Chosen by people: SEV2, worse than computed" in told
    assert "The answers alone make it SEV3" in " ".join(story.caro.reads(ROOM))

    await story.caro.runs("/incident", "sev 3 it is back", channel=ROOM)
    assert (await story.incident()).severity is Severity.SEV2, "down takes the approvals"
    told = " ".join(await story.caro.runs("/incident", "sev", channel=ROOM))
    assert "Waiting for a decision" in told


@pytest.mark.promise("S0-22", "S0-23", "S0-24", "S0-25")
@pytest.mark.parametrize(
    ("answer", "changed"),
    [
        ({"Business": "3"}, Dimension.BUSINESS),
        ({"Data": "3"}, Dimension.DATA),
        ({"How_many_users": "20%"}, Dimension.USERS),
        ({"Regulatory": "3"}, Dimension.REGULATORY),
    ],
)
async def test_each_dimension_moves_the_severity(
    story: Story, answer: dict[str, str], changed: Dimension
) -> None:
    await story.opens("ana", "Search is slow", **SLOW)
    await scores_again(story, "caro", **answer)
    incident = await story.incident()
    assert incident.severity is Severity.SEV2
    assert incident.scores[changed] == 3
    computed = (await story.audit("severity.computed"))[-1]
    assert computed.data["changed"] == [changed.value]
    assert f"{computed.data['reason']}" == incident.severity_reason


@pytest.mark.promise("S0-24")
@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("-1", "cannot be less than 0"),
        ("140%", "140% is more than everybody"),
        ("lots", "I cannot read 'lots'"),
    ],
)
async def test_a_number_of_users_that_cannot_be_is_refused_kindly(
    story: Story, said: str, refusal: str
) -> None:
    await story.ana.runs("/incident", "open Search is slow")
    await story.ana.fills({**SLOW, "How many users": said})
    await story.ana.submits()
    form = story.ana.form
    assert form is not None
    assert refusal in " ".join(form.errors.values())
    assert "20%" in " ".join(form.errors.values())
    assert not await story.audit("incident.opened")
    assert len(await story.audit("input.rejected")) == 1


@pytest.mark.promise("S0-24")
@pytest.mark.parametrize(("said", "score"), [("1500", 3), ("unknown", None), ("0.4%", 1), ("5% or 6000", 4)])
async def test_users_are_a_share_a_number_or_unknown(story: Story, said: str, score: int | None) -> None:
    answers = {"Business": "0", "Data": "0", "Regulatory": "0", "How_many_users": said}
    incident = await story.opens("ana", "Search is slow", **answers)
    assert incident.scores[Dimension.USERS] == score


@pytest.mark.promise("S3-16")
async def test_more_reach_in_mid_incident_changes_the_ladder_and_the_record_says_why(story: Story) -> None:
    await story.opens("ana", "Search is slow", Business="3", Users="0", Data="0", Regulatory="0")
    assert (await story.incident()).severity is Severity.SEV2
    await story.caro.clicks("Acknowledge")

    await story.until(9, 5)
    await scores_again(story, "caro", Identity="1", Blast="3")
    incident = await story.incident()
    assert incident.severity is Severity.SEV2, "the severity is what it was"
    [recomputed] = await story.audit("ladder.recomputed")
    assert (recomputed.data["from"], recomputed.data["to"]) == ("sev2", "privileged_identity")
    assert "Blast radius is 3" in recomputed.data["why"]
    step = (await story.audit("ladder.step"))[-1]
    assert step.rule == "ladder.privileged_identity.step1"
    assert step.data["role"] == "incident_manager"
    l2 = next(item for item in await story.items() if item.role == "l2" and item.answered_by)
    assert l2.answered_by == "U0CARO", "no acknowledgement is lost"

    await story.until(9, 15)
    assert any("you are asked to take" in text for text in story.judy.inbox), "the backup, after ten minutes"


@pytest.mark.promise("S0-17")
async def test_whatever_the_bot_does_by_itself_names_its_rule_and_its_policy(story: Story) -> None:
    await story.opens(
        "ana",
        "Search is slow",
        Business="3",
        Users="unknown",
        Data="2",
        Regulatory="2",
        Which="Customers can see it",
    )
    await story.minutes_pass(20)
    await story.caro.clicks("Acknowledge")
    await story.caro.runs("/incident", "stop S-17 the queue grows", channel=ROOM)
    await story.minutes_pass(300)
    by_itself = [event for event in await story.audit() if event.actor == "tocsin" and event.incident_id]
    kinds = {event.kind for event in by_itself}
    assert {"ladder.step", "ladder.nagged", "ladder.exhausted", "nextstep.overdue", "task.overdue"} <= kinds
    unnamed = {event.kind for event in by_itself if not event.rule or not event.policy_version}
    assert unnamed == set()
