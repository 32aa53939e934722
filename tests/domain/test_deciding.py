from typing import Any

import pytest

from bot.domain import approvals
from bot.domain.decision import NoticeKind, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, InvalidInput, NotAllowed
from bot.domain.incident import Severity
from bot.domain.items import ItemKind, ItemState, ProposalKind
from tests.domain.acme import POLICY, at, directory, facts, incident, proposal, said_to, user
from tests.domain.suggesting import decide, suggest


@pytest.mark.promise("S0-11")
def test_only_the_right_role_may_approve_and_a_click_by_the_wrong_one_changes_nothing() -> None:
    (item,) = suggest().items

    with pytest.raises(NotAllowed, match="incident manager or L2 platform"):
        decide(incident(), item, "ana", now=at(1))


@pytest.mark.promise("S0-13")
def test_a_bot_never_decides() -> None:
    (item,) = suggest().items

    with pytest.raises(NotAllowed):
        decide(incident(), item, "UBOT", now=at(1))


def test_somebody_who_left_no_longer_decides() -> None:
    (item,) = suggest().items

    with pytest.raises(NotAllowed):
        decide(incident(), item, "ivan", now=at(1), people=directory(ivan={"is_active": False}))


@pytest.mark.promise("M-03")
def test_the_first_click_wins_and_the_second_person_is_told_who_won() -> None:
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


def test_a_suggestion_that_nobody_answers_expires_and_that_is_not_a_rejection() -> None:
    subject, (item,) = incident(), suggest(value=4).items

    made = approvals.fell_due(subject, item, TimerKind.EXPIRE, POLICY, directory(), at(31))

    assert made.incident == subject
    assert made.items[0].state is ItemState.EXPIRED
    assert facts(made) == ["ai.expired"]
    assert made.facts[0].data["late_seconds"] == 60
    again = approvals.fell_due(subject, made.items[0], TimerKind.EXPIRE, POLICY, directory(), at(32))
    assert (again.facts, again.items) == ((), ())


def test_a_click_after_the_end_has_no_effect_even_before_the_clock_noticed() -> None:
    (item,) = suggest().items

    with pytest.raises(IllegalMove, match="expired without effect at 09:10 UTC"):
        decide(incident(), item, "ivan", now=at(10))


def test_a_severity_that_changed_meanwhile_leaves_no_button_that_works() -> None:
    (item,) = suggest().items

    made = decide(incident(Severity.SEV1), item, "ivan", now=at(2))

    assert made.items[0].state is ItemState.SUPERSEDED
    assert made.incident.severity is Severity.SEV1


def test_a_floor_that_came_later_blocks_at_the_click() -> None:
    (item,) = suggest(value=4).items

    made = decide(incident(floor=Severity.SEV3), item, "caro", now=at(2))

    assert made.items[0].state is ItemState.BLOCKED
    assert made.incident.severity is Severity.SEV3


def test_the_person_whose_words_led_to_a_sev2_does_not_approve_it_alone() -> None:
    (item,) = suggest(prompted_by=user("ivan")).items

    with pytest.raises(NotAllowed, match="Nobody approves alone"):
        decide(incident(), item, "ivan", now=at(1))
    assert decide(incident(), item, "judy", now=at(1)).incident.severity is Severity.SEV2


def test_rejecting_needs_a_reason_and_keeps_everything_as_it_is() -> None:
    subject, (item,) = incident(), suggest().items

    with pytest.raises(InvalidInput) as refused:
        decide(subject, item, "ivan", "reject", now=at(1))
    made = decide(subject, item, "ivan", "reject", now=at(1), reason="one customer only")

    assert list(refused.value.problems) == ["reason"]
    assert made.incident == subject
    assert made.items[0].state is ItemState.REJECTED
    assert made.items[0].grants[0].reason == "one customer only"
    assert facts(made) == ["ai.rejected"]


def test_a_person_may_decide_for_another_severity_than_was_suggested() -> None:
    (item,) = suggest().items

    made = decide(incident(), item, "ivan", "change", now=at(1), reason="worse than it looks", value="SEV1")

    assert made.incident.severity is Severity.SEV1
    assert next(i for i in made.items if i.id == item.id).state is ItemState.CHANGED
    assert facts(made)[0] == "ai.modified"


@pytest.mark.parametrize("value", ["", "SEV9", None, "SEV3", 3])
def test_a_change_to_nonsense_or_to_what_is_so_already_is_explained(value: Any) -> None:
    (item,) = suggest().items

    with pytest.raises(InvalidInput) as refused:
        decide(incident(), item, "ivan", "change", now=at(1), reason="because", value=value)

    assert list(refused.value.problems) == ["value"]


def test_changing_a_raise_into_a_lowering_asks_for_the_approvals_of_lowering() -> None:
    subject = incident(Severity.SEV2)
    (item,) = suggest(subject, value=1).items

    made = decide(subject, item, "ivan", "change", now=at(1), reason="it is over", value=3)

    assert made.incident.severity is Severity.SEV2, "the service owner has to agree too"
    (waiting,) = made.items
    assert waiting.is_open
    assert proposal(waiting).needs == (("incident_manager",), ("service_owner", "l2"))
    done = decide(subject, waiting, "caro", now=at(2))
    assert done.incident.severity is Severity.SEV3


def test_what_was_changed_after_somebody_saw_it_is_not_approved_by_their_click() -> None:
    subject = incident(Severity.SEV2)
    (item,) = suggest(subject, value=1).items
    (changed,) = decide(subject, item, "ivan", "change", now=at(1), reason="it is over", value=3).items

    with pytest.raises(IllegalMove, match="newest form"):
        decide(subject, changed, "caro", now=at(2), digest=proposal(item).digest)


@pytest.mark.promise("S0-12")
def test_a_suggested_owner_leads_only_after_a_person_agrees() -> None:
    subject = incident(lead=user("dev"))
    made = suggest(subject, kind=ProposalKind.OWNER, value="l2")
    (item,) = made.items

    assert proposal(item).value == user("caro")
    assert made.incident.lead == user("dev")
    assert said_to(made, NoticeKind.INVITE) == []
    done = decide(subject, item, "ivan", now=at(1))
    assert done.incident.lead == user("caro")


def test_an_owner_may_be_changed_to_a_person_but_never_to_a_bot() -> None:
    subject = incident(lead=user("dev"))
    (item,) = suggest(subject, kind=ProposalKind.OWNER, value="l2").items

    with pytest.raises(InvalidInput):
        decide(subject, item, "ivan", "change", now=at(1), reason="free", value="UBOT")
    made = decide(subject, item, "ivan", "change", now=at(1), reason="free", value=user("eli"))
    assert made.incident.lead == user("eli")
