from dataclasses import replace

import pytest

from bot.domain import fields, stages
from bot.domain.comms import UpdateDraft
from bot.domain.fields import Audience, Moment
from bot.domain.incident import Incident, Severity, Stage
from bot.domain.items import Item, ItemId, ItemKind
from bot.domain.mrkdwn import blanks
from bot.packs import texts
from tests.domain.acme import NINE, POLICY, at, incident, user


def stage_text(subject: Incident, stage: Stage, audience: str, items: tuple[Item, ...] = ()) -> str:
    (text,) = [t for t in stages.texts_for(POLICY, subject, stage) if t.audience == audience]
    return texts.stage_text(POLICY, subject, items, stage, text, now=NINE)


@pytest.mark.promise("S0-14")
@pytest.mark.parametrize("stage", list(POLICY.stages))
def test_every_stage_has_its_whole_set_of_texts(stage: Stage) -> None:
    subject = incident(Severity.SEV1, customer_visible=True)

    written = [
        texts.stage_text(POLICY, subject, (), stage, text, now=NINE)
        for text in stages.texts_for(POLICY, subject, stage)
    ]

    assert all(20 < len(text) < 2500 for text in written)


def test_an_internal_text_leaves_nothing_open() -> None:
    for stage in POLICY.stages:
        assert blanks(stage_text(incident(Severity.SEV1), stage, "internal")) == ()


def test_an_executive_text_is_ready_to_be_approved() -> None:
    text = stage_text(incident(Severity.SEV1), Stage("triage"), "executive")

    assert blanks(text) == ()
    assert "SEV1 critical: Search is slow" in text
    assert "*Business:* degraded, a workaround exists; users: 1% to under 10%" in text


def test_a_brief_promises_the_next_brief_and_not_the_next_update() -> None:
    subject = incident(Severity.SEV1, next_update_at=at(30))

    assert "next brief by 09:15 UTC" in stage_text(subject, Stage("contain"), "executive")


def test_a_brief_does_not_say_for_others_that_no_decision_is_needed() -> None:
    assert "Decisions needed" not in stage_text(incident(Severity.SEV1), Stage("triage"), "executive")


def test_customers_read_nothing_that_nobody_wrote_for_them() -> None:
    subject = incident(Severity.SEV1, customer_visible=True, summary="db-07 crashed")

    text = stage_text(subject, Stage("triage"), "customer")

    assert "what users see" in blanks(text)
    assert "db-07" not in text
    assert "SEV1" not in text


def test_outside_text_is_escaped_and_cannot_mention_anybody() -> None:
    subject = incident(title="<!channel> & <@U123> <http://x|y> {{ 7 * 7 }}")

    text = stage_text(subject, Stage("triage"), "internal")

    assert "&lt;!channel&gt; &amp; &lt;@U123&gt; &lt;http://x|y&gt; {{ 7 * 7 }}" in text


def test_the_next_step_is_told_with_owner_and_time() -> None:
    step = Item(
        id=ItemId("s"), incident_id=incident().id, kind=ItemKind.NEXT_STEP, role=None, title="step",
        holders=(user("eli"),), opened_at=NINE, asked_at=NINE, due_at=at(30), details={"text": "move <traffic>"},
    )  # fmt: skip

    text = stage_text(incident(), Stage("contain"), "internal", items=(step,))

    assert "move &lt;traffic&gt; (<@UELI>, by <!date^" in text
    assert "|09:30 UTC>" in text


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("moment", list(Moment))
def test_a_complete_form_makes_a_text_without_blanks(audience: Audience, moment: Moment) -> None:
    given = {field.name: field.example for field in fields.wanted(audience, moment)}
    draft = UpdateDraft(audience=audience, fields=given, next_update_at=at(20))

    text = texts.update_text(POLICY, incident(), draft, by=user("mona"), moment=moment)

    assert blanks(text) == ()
    if audience is not Audience.EXECUTIVE:
        assert all(f.example.split()[0] in text for f in fields.wanted(audience, moment) if f.required)
    if moment is not Moment.CLOSE:
        assert "09:20 UTC" in text


def test_a_name_that_is_not_given_is_an_error_and_not_an_empty_place() -> None:
    policy = POLICY.model_copy(update={"templates": {"x": "Hello {{ somebody }}"}})

    with pytest.raises(texts.TextError, match="somebody"):
        texts.render(policy, "x")
    with pytest.raises(texts.TextError, match="nope"):
        texts.render(policy, "nope")


def test_a_template_cannot_reach_what_it_is_not_given() -> None:
    for attack in ("{{ blank.__globals__ }}", "{{ x.__class__ }}", "{% for i in range(10**9) %}{% endfor %}"):
        policy = POLICY.model_copy(update={"templates": {"x": attack}})
        with pytest.raises(texts.TextError):
            texts.render(policy, "x", x="text")


def test_a_drill_says_that_it_is_one() -> None:
    assert "This is a drill." in stage_text(replace(incident(), drill=True), Stage("triage"), "internal")
