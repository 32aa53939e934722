import json
from collections.abc import Callable

import pytest

from blocks import condition_words, matrix, matrix_words, spans
from blocks.post import Post
from bot.domain.incident import Dimension, Role, Severity
from bot.domain.policy import Policy, RoleRow, Span, When
from tests.blocks.legal import check_post
from tests.domain.acme import POLICY

Draw = Callable[[Policy], Post]
DRAWN = (
    matrix.draw,
    matrix.draw_lanes,
    matrix.draw_raci,
    matrix.draw_triggers,
    matrix.draw_stop,
    matrix.draw_metrics,
)


@pytest.mark.parametrize("draw", DRAWN)
def test_every_page_is_a_legal_message(draw: Draw) -> None:
    check_post(draw(POLICY))


def hostile() -> Policy:
    """A policy whose every text is long and means harm."""
    text = "<!channel> & <https://evil.example|click> " * 30
    lane = POLICY.lanes["customer"].model_copy(
        update={"label": text, "agent_action": text, "evidence": (text,) * 20, "operator_action": text}
    )
    row = POLICY.row(Severity.SEV1).model_copy(
        update={"label": text, "meaning": text, "examples": (text,) * 9}
    )
    roles = {**POLICY.roles, Role("l1"): RoleRow(label=text)}
    return POLICY.model_copy(
        update={
            "organisation": text,
            "reviewed_by": text,
            "roles": roles,
            "lanes": {f"lane{number}": lane for number in range(60)},
            "severities": {**POLICY.severities, Severity.SEV1: row},
        }
    )


@pytest.mark.parametrize("draw", DRAWN)
def test_a_long_and_harmful_policy_stays_within_the_limits_and_mentions_nobody(draw: Draw) -> None:
    post = draw(hostile())
    check_post(post)
    said = json.dumps([block for block in post.blocks if block["type"] != "header"])
    assert "<!channel>" not in said
    assert "<https" not in said


def test_a_policy_without_lanes_or_raci_says_so() -> None:
    bare = POLICY.model_copy(update={"lanes": {}, "raci": {}})
    assert "This policy has no lanes." in json.dumps(matrix.draw_lanes(bare).blocks)
    assert "This policy has no RACI." in json.dumps(matrix.draw_raci(bare).blocks)


def test_a_policy_that_nobody_reviewed_says_so() -> None:
    bare = POLICY.model_copy(
        update={"reviewed_on": None, "reviewed_by": "", "review_by": None, "endorsement": None}
    )
    assert matrix_words.standing(bare) == f"Acme Cloud, policy {POLICY.version[:12]} · never reviewed"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span(minutes=5), "5 min"),
        (Span(minutes=60), "60 min"),
        (Span(minutes=240), "4 h"),
        (Span(minutes=150), "150 min"),
        (Span(minutes=240, working=True), "4 working hours"),
        (Span(days=1, working=True), "1 business day"),
        (Span(days=30), "30 days"),
        (None, "–"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(span: Span | None, said: str) -> None:
    assert spans.said(span) == said


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ((), ""),
        ((When(), When(tier=1)), ""),
        ((When(customer_visible=True),), "when customers see it"),
        ((When(customer_visible=False, tier=2),), "when customers do not see it and its service is of tier 2 or more important"),
        ((When(at_least={Dimension.DATA: 2}), When(at_least={Dimension.REGULATORY: 2})),
         "when Data at risk is 2 or more, or Regulatory exposure is 2 or more"),
        ((When(kinds=("security",)), When(conditions=("S-03", "S-04"))),
         "when it is of the kind Security, or S-03 or S-04 holds"),
        ((When(unowned_identity=True),), "when its identity has no owner"),
        ((When(triggers=("health_check",)),), "when it was opened by Failed health check"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_the_words_of_the_policy(conditions: tuple[When, ...], said: str) -> None:
    assert condition_words.any_of(POLICY, conditions) == said


def test_the_matrix_says_who_is_called_in_when_and_who_is_asked_instead() -> None:
    rows = dict(matrix_words.severity(POLICY, Severity.SEV2))
    assert "comms lead (when customers see it)" in rows["Called in"]
    assert rows["Asked instead"].startswith(
        "When Identity criticality is 3 or more, or Blast radius is 3 or more: primary, 10 min;"
    )
    assert dict(matrix_words.severity(POLICY, Severity.SEV5))["Asked instead"] == ""
