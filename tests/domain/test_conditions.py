from dataclasses import replace

import pytest

from bot.domain import conditions, effects, severity, stop_line
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Dimension, Incident, Role, Severity
from bot.domain.items import Item, ItemKind, Proposal, ProposalKind, Reason
from tests.domain.acme import NINE, POLICY, after, at, directory, facts, incident, user

CHECKLIST = POLICY.stop_the_line.conditions
QUIET = dict.fromkeys((Dimension.BUSINESS, Dimension.USERS, Dimension.DATA, Dimension.REGULATORY), 0)


def a_sev5() -> Incident:
    return incident(Severity.SEV5, scores=QUIET, lead=user("ana"))


def ticked(name: str, by: str = "ana", *, suspected: bool = False, on: Incident | None = None):  # type: ignore[no-untyped-def]
    return stop_line.tick(
        on or a_sev5(), (), POLICY, directory(), {name: suspected}, by=user(by), reason="seen", now=at(3)
    )


@pytest.mark.promise("S0-30")
@pytest.mark.parametrize("name", CHECKLIST)
def test_each_condition_raises_a_sev5_to_its_floor_and_engages_the_incident_manager(name: str) -> None:
    made = ticked(name)
    of = CHECKLIST[name]
    assert made.incident.severity is (of.floor or Severity.SEV5)
    assert made.incident.floor is of.floor
    asked = {item.role for item in made.items if item.kind is ItemKind.ACKNOWLEDGE}
    assert Role("incident_manager") in asked
    assert set(of.engage) <= asked
    assert facts(made)[0] == "stopline.fired"
    assert made.facts[0].rule == f"stop_the_line.{name}"
    told = [notice.data for notice in made.notices if notice.data.get("line") == "stop_fired"]
    assert [data["condition"] for data in told] == [name]
    owed = [item for item in made.items if item.kind is ItemKind.TASK]
    assert [item.title for item in owed] == ([of.owes] if of.owes else [])
    assert made.incident.legal_hold is of.legal_hold
    if of.floor:
        assert made.incident.severity_reason.endswith(f"floor {of.floor.name} from {name}.")


def test_the_checklist_is_the_whole_one() -> None:
    assert list(CHECKLIST) == [f"S-{number:02d}" for number in range(1, 20)]
    worst = {"S-01", "S-02", "S-04", "S-05", "S-07", "S-08", "S-09", "S-13", "S-14"}
    assert {name for name, of in CHECKLIST.items() if of.floor is Severity.SEV1} == worst
    assert {name for name, of in CHECKLIST.items() if of.floor is None} == {"S-18"}


def test_a_condition_never_makes_it_milder() -> None:
    dark = incident(Severity.SEV1, scores={**QUIET, Dimension.BUSINESS: 4})
    made = ticked("S-03", "ivan", on=dark)
    assert made.incident.severity is Severity.SEV1
    assert made.incident.floor is Severity.SEV2
    [page] = [i for i in made.items if i.role == "security" and i.kind is ItemKind.ACKNOWLEDGE]
    assert page.reason is Reason.STOPPED


def test_of_two_conditions_the_worse_floor_holds_until_it_is_lifted() -> None:
    made = ticked("S-08", on=ticked("S-03").incident)
    assert made.incident.floor is Severity.SEV1
    left = stop_line.lift(made.incident, POLICY, "S-08", by=user("ivan"), reason="stopped", now=at(9))
    assert left.incident.floor is Severity.SEV2
    assert severity.rated(POLICY, left.incident).reason.endswith("floor SEV2 from S-03.")


def test_what_holds_already_is_not_ticked_again_and_only_becomes_surer() -> None:
    once = ticked("S-02", suspected=True).incident
    assert once.severity is Severity.SEV2
    with pytest.raises(IllegalMove, match="ticked on INC-7 already"):
        ticked("S-02", suspected=True, on=once)
    sure = ticked("S-02", on=once)
    assert sure.incident.severity is Severity.SEV1
    assert facts(sure)[0] == "stopline.confirmed"
    with pytest.raises(IllegalMove):
        ticked("S-02", suspected=True, on=sure.incident)


def test_only_a_condition_with_two_floors_can_be_suspected() -> None:
    assert ticked("S-03", suspected=True).incident.conditions["S-03"]["suspected"] is False


def test_whoever_takes_no_part_and_whoever_is_no_person_stops_nothing() -> None:
    with pytest.raises(NotAllowed, match="Only people on the roster"):
        ticked("S-03", "nobody")
    with pytest.raises(NotAllowed):
        ticked("S-03", "bot")


@pytest.mark.parametrize("name", ["s3", "S-3", "s-03", " S03 ", "3"])
def test_an_id_is_read_as_people_write_it(name: str) -> None:
    assert conditions.named(name) == "S-03"


@pytest.mark.parametrize("name", ["S-77", "", "fire", "S-9999"])
def test_what_is_not_on_the_checklist_is_refused_with_what_is(name: str) -> None:
    with pytest.raises(InvalidInput, match="Please name one of: S-01, S-02"):
        conditions.row(POLICY, name)


def lift(made: Incident, name: str, by: str, reason: str = "it is over"):  # type: ignore[no-untyped-def]
    return stop_line.ask_lift(made, (), POLICY, directory(), name, by=user(by), reason=reason, now=at(20))


def test_the_incident_manager_lifts_a_sev2_alone_and_nobody_else() -> None:
    held = ticked("S-03").incident
    assert lift(held, "S-03", "ivan").incident.conditions == {}
    for other in ("ana", "sam", "xena"):
        asked = lift(held, "S-03", other)
        assert asked.incident.conditions == held.conditions
        [item] = asked.items
        assert item.proposal is not None
        assert item.proposal.kind is ProposalKind.LIFT
        assert item.holders == (user("ivan"),)
    with pytest.raises(InvalidInput, match="say why it is safe"):
        lift(held, "S-03", "ivan", " ")
    with pytest.raises(IllegalMove, match="does not hold"):
        lift(held, "S-04", "ivan")


def test_a_sev1_takes_the_sponsor_too_and_asking_counts_as_agreeing() -> None:
    held = ticked("S-08").incident
    asked = lift(held, "S-08", "ivan")
    assert "S-08" in asked.incident.conditions
    item = asked.items[-1]
    assert [grant.by for grant in item.grants] == [user("ivan")]
    assert item.holders == (user("xena"),)


def a_suggestion(to: Severity, model: str = "m") -> Proposal:
    return Proposal(kind=ProposalKind.SEVERITY, value=int(to), current=2, proposed_by="x", model=model)


def test_a_suggestion_to_lower_is_frozen_while_a_condition_holds() -> None:
    dark = ticked("S-17", on=incident(Severity.SEV1, scores={**QUIET, Dimension.BUSINESS: 4})).incident
    assert dark.severity is Severity.SEV1
    assert effects.undercuts(dark, a_suggestion(Severity.SEV2)), "a machine lowers nothing now"
    assert not effects.undercuts(dark, a_suggestion(Severity.SEV2, model="")), "people may, down to the floor"
    assert effects.undercuts(dark, a_suggestion(Severity.SEV3, model=""))
    assert not effects.undercuts(incident(Severity.SEV2), a_suggestion(Severity.SEV3))
    exhausted = ticked("S-18", on=incident(Severity.SEV2)).incident
    assert effects.undercuts(exhausted, a_suggestion(Severity.SEV3)), "even by a condition without a floor"


def test_a_condition_that_stops_approvals_says_what_to_do_first() -> None:
    held = ticked("S-19").incident
    with pytest.raises(NotNow, match="lift S-19"):
        conditions.refuse_approvals(held, POLICY)
    conditions.refuse_approvals(ticked("S-03").incident, POLICY)


def test_what_the_bot_sees_by_itself_counts_only_where_the_checklist_says_so() -> None:
    mild, dark = incident(Severity.SEV3), incident(Severity.SEV2)
    assert conditions.seen_by_itself(mild, POLICY, "ladder_exhausted", NINE) == (mild, ())
    held, said = conditions.seen_by_itself(dark, POLICY, "ladder_exhausted", NINE)
    assert list(held.conditions) == ["S-18"]
    assert held.severity is Severity.SEV2
    assert [fact.rule for fact in said] == ["stop_the_line.S-18"]
    assert conditions.seen_by_itself(held, POLICY, "ladder_exhausted", at(9)) == (held, ())


def test_the_same_task_is_owed_once() -> None:
    first = ticked("S-03")
    items: tuple[Item, ...] = after((), first)
    lifted = replace(
        stop_line.lift(first.incident, POLICY, "S-03", by=user("ivan"), reason="x", now=at(9)).incident
    )
    again = stop_line.tick(
        lifted, items, POLICY, directory(), {"S-03": False}, by=user("ana"), reason="", now=at(10)
    )
    assert [item for item in again.items if item.kind is ItemKind.TASK] == []
