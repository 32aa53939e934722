import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import approvals, audit, proposal_facts, quorum
from bot.domain.decision import Decision, NoticeKind
from bot.domain.errors import BotError, IllegalMove, InvalidInput
from bot.domain.incident import Dimension, Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemId, ItemState, Proposal, ProposalKind
from bot.domain.roles import Directory
from tests.domain.acme import NAMES, NINE, POLICY, at, directory, facts, incident, proposal, said_to, user

PROPOSAL = Proposal(
    kind=ProposalKind.SEVERITY,
    value=3,
    current=2,
    rationale="it is over",
    evidence=("m1",),
    proposed_by="UANA",
)


def ask(subject: Incident, proposal: Proposal = PROPOSAL, people: Directory | None = None) -> Decision:
    return approvals.ask(
        subject, ItemId("a1"), proposal, POLICY, people or directory(), NINE, "lower the severity"
    )


def decide(subject: Incident, item: Item, by: str, verdict: str = "approve", **more: Any) -> Decision:
    people = more.pop("people", directory())
    return approvals.decide(
        subject, item, (item,), POLICY, people, by=UserId(by), verdict=verdict,
        digest=more.get("digest", proposal(item).digest), reason=more.get("reason", "because"),
        value=more.get("value"), now=more.get("now", at(1)),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"value": 4},
        {"current": 1},
        {"rationale": "it is Over"},
        {"evidence": ("m2",)},
        {"kind": ProposalKind.OWNER},
        {"needs": (("l1",),)},
        {"proposed_by": "UBEN"},
    ],
)
def test_a_digest_changes_with_everything_a_person_would_agree_to(change: dict[str, Any]) -> None:
    assert approvals.digest(replace(PROPOSAL, **change)) != approvals.digest(PROPOSAL)


def test_a_digest_does_not_depend_on_where_it_was_stored() -> None:
    value = {"text": "Käse & <co>", "audience": "customer"}
    proposal = replace(PROPOSAL, kind=ProposalKind.TEXT, value=value)
    stored = replace(proposal, value=dict(reversed(json.loads(json.dumps(value)).items())))

    assert approvals.digest(stored) == approvals.digest(proposal)


def test_lowering_a_sev2_takes_the_incident_manager_and_the_service_owner() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject).items

    (one,) = decide(subject, item, user("ivan")).items
    assert one.is_open

    done = decide(subject, one, user("dev"), now=at(2))
    assert done.incident.severity is Severity.SEV3
    assert done.items[0].state is ItemState.APPROVED
    assert [g.role for g in done.items[0].grants] == ["incident_manager", "l2"]


def test_one_person_with_both_roles_is_still_one_person() -> None:
    subject = incident(Severity.SEV2)
    people = directory()
    both = replace(people, references={**people.references, "caro@acme.example": (user("ivan"),)})
    (item,) = ask(subject, people=both).items

    (one,) = decide(subject, item, user("ivan"), people=both).items

    with pytest.raises(IllegalMove, match="approved this already"):
        decide(subject, one, user("ivan"), people=both)
    assert decide(subject, one, user("judy"), people=both).incident.severity is Severity.SEV3


def test_an_approver_who_lost_the_role_meanwhile_no_longer_counts() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject).items
    (one,) = decide(subject, item, user("ivan")).items

    left = directory(ivan={"is_active": False})
    (still,) = decide(subject, one, user("caro"), people=left).items

    assert still.is_open
    assert decide(subject, still, user("judy"), people=left).incident.severity is Severity.SEV3


def test_a_vacant_role_is_said_aloud_instead_of_expiring_in_silence() -> None:
    gone = directory(xena={"is_active": False}, xavi={"is_active": False})
    subject = incident(Severity.SEV1)

    made = ask(subject, replace(PROPOSAL, value=2, current=1), people=gone)

    (line,) = [n for n in made.notices if n.kind is NoticeKind.LINE]
    assert line.to == "catch_all"
    assert "executive_sponsor" in line.data["text"]


def test_an_empty_primary_slot_asks_the_backup() -> None:
    made = ask(incident(Severity.SEV2), people=directory(ivan={"is_active": False}))

    assert "user:UJUDY" in said_to(made, NoticeKind.APPROVAL)


def test_an_unknown_verdict_decides_nothing() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject).items

    with pytest.raises(IllegalMove, match="Approve, Change or Reject"):
        decide(subject, item, user("ivan"), verdict="maybe")


def test_a_reason_has_an_end() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject).items

    with pytest.raises(InvalidInput, match="501 characters"):
        decide(subject, item, user("ivan"), reason="x" * 501)


def test_every_decision_is_on_record_with_who_why_and_how_long_it_took() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject).items

    made = decide(subject, item, user("ivan"), verdict="reject", reason="not yet")

    assert facts(made) == ["approval.rejected"]
    data = made.facts[0].data
    assert (data["by"], data["reason"], data["seconds"], data["digest"]) == (
        user("ivan"), "not yet", 60.0, proposal(item).digest,
    )  # fmt: skip


@pytest.mark.parametrize("kind", list(ProposalKind))
@pytest.mark.parametrize("model", ["", "offline-rules"])
def test_whatever_becomes_of_a_proposal_has_a_name_in_the_audit_trail(kind: ProposalKind, model: str) -> None:
    outcomes = (
        "asked",
        "granted",
        "approved",
        "changed",
        "rejected",
        "expired",
        "superseded",
        "blocked",
        "reminded",
    )

    names = {
        proposal_facts.fact_kind(replace(PROPOSAL, kind=kind, model=model), outcome) for outcome in outcomes
    }

    assert names <= audit.EVENT_KINDS
    assert len(names) == len(outcomes)


@pytest.mark.parametrize("level", list(Severity))
@pytest.mark.parametrize("kind", list(ProposalKind))
def test_every_severity_says_who_decides(level: Severity, kind: ProposalKind) -> None:
    assert all(quorum.needs(POLICY, incident(level), kind, 2))


def test_unknown_scores_reach_nothing() -> None:
    assert not quorum.reaches(incident(scores={Dimension.DATA: None}), Dimension.DATA, 1)


ROLES = tuple(Role(name) for name in "abcd")
wanted = st.lists(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2).map(tuple), max_size=4).map(tuple)
held = st.lists(st.frozensets(st.sampled_from(ROLES)), max_size=4)


@given(wanted=wanted, held=held)
def test_people_are_matched_to_as_many_needs_as_possible_and_nobody_twice(
    wanted: quorum.Needs, held: list[frozenset[Role]]
) -> None:
    match = quorum.assigned(wanted, held)

    assert len(set(match.values())) == len(match)
    assert all(held[person] & set(wanted[need]) for need, person in match.items())
    padded = [*held, *[frozenset()] * len(wanted)]
    best = max(
        (sum(bool(roles & set(need)) for roles, need in zip(order, wanted, strict=False)))
        for order in permutations(padded, len(wanted))
    )
    assert len(match) == best


clicks = st.lists(
    st.tuples(
        st.sampled_from([user(name) for name in NAMES] + ["UBOT", "UNOBODY"]),
        st.sampled_from(["approve", "reject", "change"]),
        st.integers(0, 40),
    ),
    max_size=6,
)


@given(level=st.sampled_from([Severity.SEV1, Severity.SEV2, Severity.SEV3]), clicks=clicks)
def test_whatever_is_clicked_the_severity_changes_at_most_once_and_only_with_its_approvals(
    level: Severity, clicks: list[tuple[UserId, str, int]]
) -> None:
    subject = incident(level)
    (item,) = ask(subject, replace(PROPOSAL, value=int(level) + 1, current=int(level))).items
    changed = 0
    for by, verdict, minute in clicks:
        try:
            made = decide(subject, item, by, verdict, value=5, now=at(minute))
        except BotError:
            continue
        (item,) = [i for i in made.items if i.id == item.id]
        if made.incident.severity is not subject.severity:
            changed += 1
            deciders = {g.by for g in item.grants if g.verdict != "reject"}
            assert len(deciders) == len(proposal(item).needs)
            assert proposal(item).value == made.incident.severity
        subject = made.incident

    assert changed <= 1
    assert changed == (item.state in (ItemState.APPROVED, ItemState.CHANGED))


def test_whoever_has_agreed_is_let_go_and_only_the_missing_are_still_asked() -> None:
    subject = incident(Severity.SEV2)
    asked = ask(subject)
    (item,) = asked.items
    assert item.holders == (user("ivan"), user("caro"))

    (one,) = decide(subject, item, user("ivan")).items

    assert one.holders == (user("caro"),)


def test_whoever_a_change_makes_necessary_gets_a_card_too() -> None:
    subject = incident(Severity.SEV2)
    (item,) = ask(subject, replace(PROPOSAL, value=1)).items
    assert item.asked == (user("ivan"),)

    made = decide(subject, item, user("ivan"), "change", value=3)

    assert said_to(made, NoticeKind.APPROVAL) == ["user:UCARO"]
    assert made.items[0].holders == (user("caro"),)


def test_the_author_is_not_asked_to_approve_alone_so_the_backup_is() -> None:
    subject = incident(Severity.SEV2, customer_visible=True)
    text = replace(
        PROPOSAL,
        kind=ProposalKind.TEXT,
        value={"audience": "customer", "text": "x"},
        proposed_by=user("mona"),
    )

    assert ask(subject, text).items[0].holders == (user("nils"),)


def test_what_somebody_rewrote_is_recorded_as_changed_even_when_another_approves_it() -> None:
    subject = incident(Severity.SEV3)
    suggested = replace(PROPOSAL, value=2, current=3, model="offline-rules", prompted_by=user("ivan"))
    (item,) = ask(subject, suggested).items

    (rewritten,) = decide(subject, item, user("ivan"), "change", value=1).items
    assert rewritten.is_open
    done = decide(subject, rewritten, user("judy"))

    assert done.incident.severity is Severity.SEV1
    assert facts(done)[0] == "ai.modified"
