from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import approvals, small_team
from bot.domain.decision import Decision
from bot.domain.errors import AlreadyDecided
from bot.domain.incident import Role, Severity
from bot.domain.items import Grant, Item, ItemState, Proposal, ProposalKind
from bot.domain.policy import Policy, Slot
from bot.domain.quorum import assigned
from tests.domain.acme import NINE, POLICY, directory, incident, user

# At SEV1 the incident manager and the technical lead must agree to the close; here both are Ivan.
ROSTER = {**POLICY.roster, Role("technical_lead"): Slot(primary=("ivan@acme.example",))}


def pack(profile: str) -> Policy:
    needs = ((Role("incident_manager"),), (Role("technical_lead"),))
    row = POLICY.severities[Severity.SEV1]
    row = row.model_copy(update={"approvals": row.approvals.model_copy(update={"lower_severity": needs})})
    severities = {**POLICY.severities, Severity.SEV1: row}
    return POLICY.model_copy(update={"profile": profile, "roster": ROSTER, "severities": severities})


def lowered(policy: Policy) -> Item:
    proposal = Proposal(kind=ProposalKind.SEVERITY, value=3, current=1, proposed_by=user("ana"))
    at = incident(Severity.SEV1)
    return approvals.ask(at, "i1/approval/1", proposal, policy, directory(), NINE, "Lower it").items[0]  # type: ignore[arg-type]


def ivan_approves(policy: Policy, item: Item) -> Decision:
    assert item.proposal is not None
    return approvals.decide(
        incident(Severity.SEV1),
        item,
        (item,),
        policy,
        directory(),
        by=user("ivan"),
        verdict="approve",
        digest=item.proposal.digest,
        reason="",
        now=NINE,
    )


def test_in_the_standard_profile_one_person_is_never_two() -> None:
    policy = pack("standard")
    first = ivan_approves(policy, lowered(policy))
    (item,) = (one for one in first.items if one.proposal)
    assert (item.state, len(item.grants)) == (ItemState.OPEN, 1)
    with pytest.raises(AlreadyDecided, match="it still needs"):
        ivan_approves(policy, item)


def test_in_a_small_team_one_person_may_agree_for_two_roles_and_it_is_on_record() -> None:
    policy = pack("small_team")
    decision = ivan_approves(policy, lowered(policy))
    (item,) = (one for one in decision.items if one.proposal)
    assert item.state is ItemState.APPROVED
    assert [(grant.by, grant.role) for grant in item.grants] == [
        (user("ivan"), "incident_manager"),
        (user("ivan"), "technical_lead"),
    ]
    assert item.proposal is not None
    assert small_team.is_single_person(item.proposal, item.grants)
    approved = next(fact for fact in decision.facts if fact.kind == "approval.approved")
    assert approved.data["single_person"] is True
    assert decision.incident.severity is Severity.SEV3


def test_whoever_asked_and_agreed_for_one_role_may_agree_for_the_other_too() -> None:
    policy = pack("small_team")
    item = lowered(policy)
    assert item.proposal is not None
    role = Role("incident_manager")
    asking = Grant(
        by=user("ivan"), role=role, verdict="approve", reason="", at=NINE, digest=item.proposal.digest
    )
    decision = ivan_approves(policy, replace(item, grants=(asking,)))
    (decided,) = (one for one in decision.items if one.proposal)
    assert decided.state is ItemState.APPROVED
    assert [grant.role for grant in decided.grants] == ["incident_manager", "technical_lead"]
    with pytest.raises(AlreadyDecided):
        ivan_approves(pack("standard"), replace(item, grants=(asking,)))


def test_two_people_are_not_marked_as_one() -> None:
    policy = pack("standard").model_copy(update={"roster": POLICY.roster})
    first = ivan_approves(policy, lowered(policy))
    assert all("single_person" not in fact.data for fact in first.facts)


ROLES = st.frozensets(st.sampled_from([Role("a"), Role("b"), Role("c")]))
NEEDS = st.lists(ROLES.filter(bool).map(tuple), max_size=3).map(tuple)


@given(NEEDS, st.lists(ROLES, max_size=3))
def test_a_small_team_meets_whatever_the_standard_profile_would(
    needs: tuple[tuple[Role, ...], ...], held: list[frozenset[Role]]
) -> None:
    assert set(assigned(needs, held)) <= set(small_team.met(pack("small_team"), needs, held))
    assert small_team.met(pack("standard"), needs, held) == assigned(needs, held)
