import pytest

from bot.domain import rights
from bot.domain.errors import NotAllowed
from bot.domain.incident import Severity, UserId
from bot.domain.items import ProposalKind
from tests.domain.acme import POLICY, directory, incident, user

WHO = ("ana", "caro", "ivan", "tess", "mona", "lara", "xena", "suzy")


@pytest.mark.promise("S1-33")
@pytest.mark.parametrize("decision", sorted(rights.DECISIONS))
def test_each_decision_is_made_by_the_roles_that_the_policy_names_and_refused_to_others(
    decision: str,
) -> None:
    subject = incident(opened_by=user("sid"), lead=user("suzy"))
    able = set(POLICY.decision_rights[decision])
    for name in WHO:
        held = rights._standing(POLICY, directory(), subject, user(name))
        expected = rights.ANYONE in able or bool(held & able)
        assert rights.may(POLICY, directory(), subject, user(name), decision) is expected
        if not expected:
            with pytest.raises(NotAllowed, match=r"^Only .* may "):
                rights.require(POLICY, directory(), subject, user(name), decision)
    assert not rights.may(POLICY, directory(), subject, UserId("UBOT"), decision), "never a machine"


@pytest.mark.parametrize(
    ("name", "decision", "may"),
    [
        ("mona", "remediation", False),
        ("tess", "remediation", True),
        ("ivan", "legal", False),
        ("lara", "legal", True),
        ("tess", "communications", False),
        ("mona", "communications", True),
        ("caro", "override_gate", True),
        ("mona", "override_gate", False),
    ],
)
def test_the_default_policy_keeps_authorities_apart(name: str, decision: str, may: bool) -> None:
    assert rights.may(POLICY, directory(), incident(), user(name), decision) is may


def test_the_role_that_leads_depends_on_the_severity() -> None:
    assert rights.may(POLICY, directory(), incident(Severity.SEV3), user("caro"), "override_gate")
    assert not rights.may(POLICY, directory(), incident(Severity.SEV1), user("caro"), "override_gate")
    assert rights.who(POLICY, incident(Severity.SEV4), "override_gate") == "incident manager or L1 support"


def test_whoever_opened_it_or_leads_it_counts_only_on_that_incident() -> None:
    guest = UserId("UNEW")
    assert rights.may(POLICY, directory(), incident(opened_by=guest), guest, "triage")
    assert rights.may(POLICY, directory(), incident(lead=user("suzy")), user("suzy"), "close")
    assert not rights.may(POLICY, directory(), incident(), guest, "triage")


def test_what_a_policy_does_not_speak_of_is_left_to_the_other_rules() -> None:
    silent = POLICY.model_copy(update={"decision_rights": {}})
    rights.require(silent, directory(), incident(), user("mona"), "move_stage")


def test_every_approval_on_an_incident_is_a_decision_with_a_right() -> None:
    spoken_of = set(rights.OF_PROPOSAL) | {ProposalKind.LIFT, ProposalKind.POLICY}
    assert spoken_of == set(ProposalKind)
