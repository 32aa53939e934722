from typing import Any

import pytest

from bot.domain import advice, approvals
from bot.domain.decision import NoticeKind, TimerKind
from bot.domain.incident import Severity
from bot.domain.items import ItemState, ProposalKind
from tests.domain.acme import NINE, POLICY, at, directory, facts, incident, said_to, user
from tests.domain.suggesting import decide, suggest, suggestion


@pytest.mark.promise("M-03")
def test_a_suggestion_is_a_card_for_those_who_may_decide_and_changes_nothing() -> None:
    subject = incident()

    made = suggest(subject)

    (item,) = made.items
    assert made.incident == subject
    assert facts(made) == ["ai.suggested"]
    assert item.due_at == at(10), "a raise to SEV2 waits ten minutes"
    assert set(said_to(made, NoticeKind.APPROVAL)) == {"incident", "user:UIVAN", "user:UCARO"}
    assert {t.kind: t.at for t in made.timers} == {TimerKind.HALF: at(5), TimerKind.EXPIRE: at(10)}


def test_half_way_the_role_that_would_lead_is_pressed() -> None:
    (item,) = suggest().items

    made = approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(5))

    assert set(said_to(made, NoticeKind.HALF_TIME)) == {"incident", "user:UIVAN"}
    assert approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(10)).notices == ()


def test_half_way_nobody_is_pressed_whose_own_agreement_would_not_count() -> None:
    (item,) = suggest(prompted_by=user("ivan")).items

    made = approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(5))

    assert set(said_to(made, NoticeKind.HALF_TIME)) == {"incident", "user:UJUDY"}


def test_lowering_presses_on_nobody() -> None:
    (item,) = suggest(value=4).items

    made = approvals.fell_due(incident(), item, TimerKind.HALF, POLICY, directory(), at(15))

    assert made.notices == ()
    assert item.due_at == at(30)


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
def test_a_suggestion_without_good_grounds_is_recorded_and_never_shown(
    changes: dict[str, Any], why: str
) -> None:
    made = suggest(**changes)

    assert (made.items, made.notices, made.timers) == ((), (), ())
    assert facts(made) == ["ai.invalid"]
    assert why in made.facts[0].data["why"]


def test_a_newer_suggestion_takes_the_place_of_an_open_one_of_its_kind() -> None:
    first = suggest().items

    made = suggest(items=first, value=1, now=at(1))

    states = {item.id: item.state for item in made.items}
    assert states[first[0].id] is ItemState.SUPERSEDED
    assert [s for i, s in states.items() if i != first[0].id] == [ItemState.OPEN]
    assert "ai.superseded" in facts(made)


def test_under_a_stop_the_line_floor_lowering_is_shown_as_blocked_and_cannot_be_pressed() -> None:
    held = incident(Severity.SEV2, floor=Severity.SEV2)

    made = suggest(held, value=3)

    assert made.items[-1].state is ItemState.BLOCKED
    assert facts(made) == ["ai.suggested", "ai.blocked"]
    assert made.timers == ()
    assert said_to(made, NoticeKind.APPROVAL) == ["incident"]


def test_what_a_person_decided_is_not_suggested_again_for_the_same_reasons() -> None:
    subject, (item,) = incident(), suggest().items
    rejected = decide(subject, item, "ivan", "reject", now=at(1), reason="no").items
    expired = approvals.fell_due(subject, item, TimerKind.EXPIRE, POLICY, directory(), at(11)).items

    assert not advice.is_new(subject, (item,), suggestion())
    assert not advice.is_new(subject, rejected, suggestion(evidence=("m1", "m2", "m3")))
    assert not advice.is_new(subject, expired, suggestion())
    assert advice.is_new(subject, expired, suggestion(evidence=("m1", "m2", "m3")))
    assert advice.is_new(subject, rejected, suggestion(rationale="all customers are affected"))


def test_a_closed_incident_takes_no_advice() -> None:
    from bot.domain.incident import Status

    closed = incident(status=Status.CLOSED, closed_at=NINE)

    assert not advice.is_new(closed, (), suggestion())
    assert facts(suggest(closed)) == ["ai.invalid"]
