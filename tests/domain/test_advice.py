from dataclasses import replace

import pytest

from bot.domain import advice, approvals
from bot.domain.advice import Suggestion
from bot.domain.decision import NoticeKind, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, InvalidInput, NotAllowed
from bot.domain.incident import Severity
from bot.domain.items import ItemKind, ItemState, ProposalKind
from tests.domain.acme import NINE, POLICY, at, directory, facts, incident, said_to, user

HEARD = frozenset({"m1", "m2"})


def suggestion(value=2, **changes):
    made = Suggestion(
        kind=ProposalKind.SEVERITY,
        value=value,
        rationale="checkout is said to be down",
        evidence=("m1", "m2"),
        confidence=0.83,
        model="offline-rules",
        model_version="1",
    )
    return replace(made, **changes)


def suggest(at_=None, items=(), now=NINE, **changes):
    return advice.suggest(
        at_ or incident(),
        items,
        POLICY,
        directory(),
        suggestion(**changes),
        known_evidence=HEARD,
        by="advisor",
        now=now,
    )


def decide(subject, item, by, verdict="approve", *, now, digest=None, reason="", value=None, people=None, items=()):
    return approvals.decide(
        subject,
        item,
        items or (item,),
        POLICY,
        people or directory(),
        by=user(by) if by != "UBOT" else by,
        verdict=verdict,
        digest=item.proposal.digest if digest is None else digest,
        reason=reason,
        value=value,
        now=now,
    )


@pytest.mark.promise("M-03")
def test_a_suggestion_is_a_card_for_those_who_may_decide_and_changes_nothing():
    subject = incident()

    made = suggest(subject)

    (item,) = made.items
    assert made.incident == subject
    assert facts(made) == ["ai.suggested"]
    assert item.due_at == at(10), "a raise to SEV2 waits ten minutes"
    assert set(said_to(made, NoticeKind.APPROVAL)) == {"incident", "user:UIVAN", "user:UCARO"}
    assert {t.kind: t.at for t in made.timers} == {TimerKind.HALF: at(5), TimerKind.EXPIRE: at(10)}


def test_half_way_the_role_that_would_lead_is_pressed():
    (item,) = suggest().items

    made = approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(5))

    assert set(said_to(made, NoticeKind.HALF_TIME)) == {"incident", "user:UIVAN"}
    assert approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(10)).notices == ()


def test_lowering_presses_on_nobody():
    (item,) = suggest(value=4).items

    made = approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(15))

    assert made.notices == ()
    assert item.due_at == at(30)


@pytest.mark.promise("S0-11")
def test_only_the_right_role_may_approve_and_a_click_by_the_wrong_one_changes_nothing():
    (item,) = suggest().items

    with pytest.raises(NotAllowed, match="incident manager or L2 platform"):
        decide(incident(), item, "ana", now=at(1))


@pytest.mark.promise("S0-13")
def test_a_bot_never_decides():
    (item,) = suggest().items

    with pytest.raises(NotAllowed):
        decide(incident(), item, "UBOT", now=at(1))


def test_somebody_who_left_no_longer_decides():
    (item,) = suggest().items

    with pytest.raises(NotAllowed):
        decide(incident(), item, "ivan", now=at(1), people=directory(ivan={"is_active": False}))


@pytest.mark.promise("M-03")
def test_the_first_click_wins_and_the_second_person_is_told_who_won():
    subject, (item,) = incident(), suggest().items

    won = decide(subject, item, "ivan", now=at(6))

    assert won.incident.severity is Severity.SEV2
    assert won.incident.targets != subject.targets
    (done,) = [i for i in won.items if i.id == item.id]
    assert (done.state, done.answered_by) == (ItemState.APPROVED, user("ivan"))
    assert item.id in won.quiet
    assert facts(won)[0] == "ai.approved"
    assert "severity.changed" in facts(won)
    assert any(i.kind is ItemKind.ACKNOWLEDGE for i in won.items), "the roles of SEV2 are called in"
    with pytest.raises(AlreadyDecided, match="ivan was first"):
        decide(won.incident, done, "judy", now=at(6.02))


def test_a_suggestion_that_nobody_answers_expires_and_that_is_not_a_rejection():
    subject, (item,) = incident(), suggest(value=4).items

    made = approvals.fell_due(subject, item, TimerKind.EXPIRE, POLICY, directory(), at(31))

    assert made.incident == subject
    assert made.items[0].state is ItemState.EXPIRED
    assert facts(made) == ["ai.expired"]
    assert made.facts[0].data["late_seconds"] == 60
    again = approvals.fell_due(subject, made.items[0], TimerKind.EXPIRE, POLICY, directory(), at(32))
    assert (again.facts, again.items) == ((), ())


def test_a_click_after_the_end_has_no_effect_even_before_the_clock_noticed():
    (item,) = suggest().items

    with pytest.raises(IllegalMove, match="expired without effect at 09:10 UTC"):
        decide(incident(), item, "ivan", now=at(10))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"evidence": ("m1", "INC-999")}, "does not resolve: INC-999"),
        ({"evidence": ()}, "no evidence"),
        ({"value": 3}, "so already"),
        ({"value": 9}, "could be chosen"),
        ({"value": "bad"}, "could be chosen"),
        ({"confidence": 1.2}, "between 0 and 1"),
        ({"confidence": float("nan")}, "between 0 and 1"),
        ({"rationale": " "}, "rationale"),
        ({"rationale": "x" * 501}, "rationale"),
        ({"kind": ProposalKind.CLOSE}, "could be chosen"),
        ({"kind": ProposalKind.OWNER, "value": "nobody_role"}, "could be chosen"),
    ],
)
def test_a_suggestion_without_good_grounds_is_recorded_and_never_shown(changes, why):
    made = suggest(**changes)

    assert (made.items, made.notices, made.timers) == ((), (), ())
    assert facts(made) == ["ai.invalid"]
    assert why in made.facts[0].data["why"]


def test_a_newer_suggestion_takes_the_place_of_an_open_one_of_its_kind():
    first = suggest().items

    made = suggest(items=first, value=1, now=at(1))

    states = {item.id: item.state for item in made.items}
    assert states[first[0].id] is ItemState.SUPERSEDED
    assert [s for i, s in states.items() if i != first[0].id] == [ItemState.OPEN]
    assert "ai.superseded" in facts(made)


def test_a_severity_that_changed_meanwhile_leaves_no_button_that_works():
    (item,) = suggest().items

    made = decide(incident(Severity.SEV1), item, "ivan", now=at(2))

    assert made.items[0].state is ItemState.SUPERSEDED
    assert made.incident.severity is Severity.SEV1


def test_under_a_stop_the_line_floor_lowering_is_shown_as_blocked_and_cannot_be_pressed():
    held = incident(Severity.SEV2, floor=Severity.SEV2)

    made = suggest(held, value=3)

    assert made.items[-1].state is ItemState.BLOCKED
    assert facts(made) == ["ai.suggested", "ai.blocked"]
    assert made.timers == ()
    assert said_to(made, NoticeKind.APPROVAL) == ["incident"]


def test_a_floor_that_came_later_blocks_at_the_click():
    (item,) = suggest(value=4).items

    made = decide(incident(floor=Severity.SEV3), item, "caro", now=at(2))

    assert made.items[0].state is ItemState.BLOCKED
    assert made.incident.severity is Severity.SEV3


def test_the_person_whose_words_led_to_a_sev2_does_not_approve_it_alone():
    (item,) = suggest(prompted_by=user("ivan")).items

    with pytest.raises(NotAllowed, match="Nobody approves alone"):
        decide(incident(), item, "ivan", now=at(1))
    assert decide(incident(), item, "judy", now=at(1)).incident.severity is Severity.SEV2


def test_rejecting_needs_a_reason_and_keeps_everything_as_it_is():
    subject, (item,) = incident(), suggest().items

    with pytest.raises(InvalidInput) as refused:
        decide(subject, item, "ivan", "reject", now=at(1))
    made = decide(subject, item, "ivan", "reject", now=at(1), reason="one customer only")

    assert list(refused.value.problems) == ["reason"]
    assert made.incident == subject
    assert made.items[0].state is ItemState.REJECTED
    assert made.items[0].grants[0].reason == "one customer only"
    assert facts(made) == ["ai.rejected"]


def test_a_person_may_decide_for_another_severity_than_was_suggested():
    (item,) = suggest().items

    made = decide(incident(), item, "ivan", "change", now=at(1), reason="worse than it looks", value="SEV1")

    assert made.incident.severity is Severity.SEV1
    assert next(i for i in made.items if i.id == item.id).state is ItemState.CHANGED
    assert facts(made)[0] == "ai.modified"


@pytest.mark.parametrize("value", ["", "SEV9", None, "SEV3", 3])
def test_a_change_to_nonsense_or_to_what_is_so_already_is_explained(value):
    (item,) = suggest().items

    with pytest.raises(InvalidInput) as refused:
        decide(incident(), item, "ivan", "change", now=at(1), reason="because", value=value)

    assert list(refused.value.problems) == ["value"]


def test_changing_a_raise_into_a_lowering_asks_for_the_approvals_of_lowering():
    subject = incident(Severity.SEV2)
    (item,) = suggest(subject, value=1).items

    made = decide(subject, item, "ivan", "change", now=at(1), reason="it is over", value=3)

    assert made.incident.severity is Severity.SEV2, "the service owner has to agree too"
    (waiting,) = made.items
    assert waiting.is_open
    assert waiting.proposal.needs == (("incident_manager",), ("l2",))
    done = decide(subject, waiting, "caro", now=at(2))
    assert done.incident.severity is Severity.SEV3


def test_what_was_changed_after_somebody_saw_it_is_not_approved_by_their_click():
    subject = incident(Severity.SEV2)
    (item,) = suggest(subject, value=1).items
    (changed,) = decide(subject, item, "ivan", "change", now=at(1), reason="it is over", value=3).items

    with pytest.raises(IllegalMove, match="newest form"):
        decide(subject, changed, "caro", now=at(2), digest=item.proposal.digest)


@pytest.mark.promise("S0-12")
def test_a_suggested_owner_leads_only_after_a_person_agrees():
    subject = incident(lead=user("dev"))
    made = suggest(subject, kind=ProposalKind.OWNER, value="l2")
    (item,) = made.items

    assert item.proposal.value == user("caro")
    assert made.incident.lead == user("dev")
    assert said_to(made, NoticeKind.INVITE) == []
    done = decide(subject, item, "ivan", now=at(1))
    assert done.incident.lead == user("caro")


def test_an_owner_may_be_changed_to_a_person_but_never_to_a_bot():
    subject = incident(lead=user("dev"))
    (item,) = suggest(subject, kind=ProposalKind.OWNER, value="l2").items

    with pytest.raises(InvalidInput):
        decide(subject, item, "ivan", "change", now=at(1), reason="free", value="UBOT")
    made = decide(subject, item, "ivan", "change", now=at(1), reason="free", value=user("eli"))
    assert made.incident.lead == user("eli")


def test_what_a_person_decided_is_not_suggested_again_for_the_same_reasons():
    subject, (item,) = incident(), suggest().items
    rejected = decide(subject, item, "ivan", "reject", now=at(1), reason="no").items
    expired = approvals.fell_due(subject, item, TimerKind.EXPIRE, POLICY, directory(), at(11)).items

    assert not advice.is_new(subject, (item,), suggestion())
    assert not advice.is_new(subject, rejected, suggestion(evidence=("m1", "m2", "m3")))
    assert not advice.is_new(subject, expired, suggestion())
    assert advice.is_new(subject, expired, suggestion(evidence=("m1", "m2", "m3")))
    assert advice.is_new(subject, rejected, suggestion(rationale="all customers are affected"))


def test_a_closed_incident_takes_no_advice():
    from bot.domain.incident import Status

    closed = incident(status=Status.CLOSED, closed_at=NINE)

    assert not advice.is_new(closed, (), suggestion())
    assert facts(suggest(closed)) == ["ai.invalid"]


