import pytest

from bot.domain import quorum, sharing
from bot.domain.incident import Dimension, Incident, Severity
from bot.domain.items import ProposalKind
from tests.domain.acme import POLICY, incident

CUSTOMER, EXECUTIVE = {"audience": "customer", "text": "…"}, {"audience": "executive", "text": "…"}


def about(level: Severity = Severity.SEV3, **scores: int | None) -> Incident:
    return incident(level, scores={Dimension(name): score for name, score in scores.items()})


@pytest.mark.parametrize(
    ("scores", "asked"),
    [
        ({"data": 2, "regulatory": 2}, False),
        ({"data": 3}, True),
        ({"regulatory": 3}, True),
        ({"data": 4, "regulatory": 4}, True),
        ({"data": None, "regulatory": None}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("level", list(Severity))
@pytest.mark.parametrize("text", [CUSTOMER, EXECUTIVE, None])
def test_counsel_agrees_to_a_text_once_data_or_a_duty_is_at_stake(
    scores: dict[str, int | None], asked: bool, level: Severity, text: dict[str, str] | None
) -> None:
    needs = quorum.needs(POLICY, about(level, **scores), ProposalKind.TEXT, text)
    usual = POLICY.row(level).approvals.external_text
    assert needs == (*usual, ("legal_liaison",)) if asked else usual


def test_the_same_people_are_asked_once_however_many_rules_are_in_force() -> None:
    both = about(data=4, regulatory=4)
    assert len(sharing.in_force(POLICY, both, "customer")) == 2
    assert sharing.must_agree(POLICY, both, "customer") == (("legal_liaison",),)


def test_a_rule_counts_for_its_own_audience() -> None:
    only = {"customer_data": POLICY.data_sharing["customer_data"]}
    policy = POLICY.model_copy(update={"data_sharing": only})
    serious = about(data=3)
    assert sharing.must_agree(policy, serious, "executive") == ()
    assert sharing.must_agree(policy, serious, "customer") == (("legal_liaison",),)
    assert sharing.must_agree(policy, serious) == (("legal_liaison",),), "whoever may write at all"
