from datetime import timedelta

import pytest

from bot.domain import change, promises
from bot.domain.decision import INCIDENT, Decision, NoticeKind, TimerKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Severity, UserId
from bot.domain.items import ItemKind, ItemState, ProposalKind, Reason
from tests.domain.small_pack import FRIDAY_NINE, user
from tests.domain.world import World


def changes(world: World, to: Severity, by: str = "ivan", reason: str = "it spreads") -> Decision:
    items = tuple(world.items.values())
    return world.does(
        change.change_severity(
            world.incident,
            items,
            world.policy,
            world.directory,
            to,
            by=user(by),
            reason=reason,
            now=world.now,
        )
    )


def requests(world: World, to: Severity, by: str, reason: str = "it spreads") -> Decision:
    items = tuple(world.items.values())
    return world.does(
        change.request_severity(
            world.incident,
            items,
            world.policy,
            world.directory,
            to,
            by=UserId(by) if by.isupper() else user(by),
            reason=reason,
            now=world.now,
        )
    )


def assigns(world: World, name: str) -> Decision:
    items = tuple(world.items.values())
    return world.does(
        change.assign_lead(
            world.incident, items, user(name), by=user("ivan"), reason="knows it", now=world.now
        )
    )


@pytest.mark.promise("S3-16")
def test_a_raise_calls_in_the_new_roles_each_with_a_time_of_their_own() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(4)
    world.acknowledges("caro", "l2")
    changes(world, Severity.SEV1)
    asked = {name: reason for at, name, reason in world.asked() if at == 4}
    assert asked == dict.fromkeys(("ivan", "eli", "tess", "mona"), "severity_change")
    assert world.page("incident_manager").due_at == FRIDAY_NINE + timedelta(minutes=9)
    assert [n.to for _, n in world.notices.values() if n.data.get("inform")] == ["user:UXENA"]
    assert world.record("severity.changed")[-1]["reason"] == "it spreads"


@pytest.mark.promise("S3-16")
def test_no_acknowledgement_is_lost_and_the_lead_stays_until_the_new_leading_role_answers() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    changes(world, Severity.SEV2)
    assert (world.page("l2").state, world.page("l2").answered_by) == (
        ItemState.ACKNOWLEDGED,
        user("caro"),
    )
    assert world.incident.lead == user("caro")
    world.acknowledges("ivan", "incident_manager")
    assert world.incident.lead == user("ivan")


@pytest.mark.promise("S3-27")
def test_who_has_not_answered_is_asked_anew_by_the_new_ladder() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(61)
    assert world.page("l2").holders == (user("dev"),)
    changes(world, Severity.SEV2)
    page = world.page("l2")
    assert (page.holders, page.reason, page.round, page.rung) == (
        (user("caro"),),
        Reason.SEVERITY,
        0,
        0,
    )
    assert page.due_at == FRIDAY_NINE + timedelta(minutes=76)


def test_a_page_that_the_new_severity_does_not_call_for_is_withdrawn() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    changes(world, Severity.SEV3)
    assert world.page("l3").state is ItemState.CANCELLED
    assert world.record("ladder.cancelled")[0]["reason"] == "severity_change"
    assert world.page("l2").holders == (user("caro"),)
    again = changes(world, Severity.SEV1)
    assert [item.role for item in again.items if item.id.endswith("/0.2")] == [
        "l3",
        "technical_lead",
        "comms_lead",
    ]


def test_a_role_that_a_person_called_in_stays_whatever_the_severity() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    world.calls_in_the_next("caro")
    changes(world, Severity.SEV2)
    assert world.page("technical_lead").state is ItemState.OPEN


def test_an_exhausted_page_is_asked_again_by_the_new_ladder() -> None:
    world = World()
    world.opens(Severity.SEV4)
    world.passes(480)
    changes(world, Severity.SEV3)
    assert world.page("l1").state is ItemState.CANCELLED
    assert world.page("l2").state is ItemState.OPEN


def test_a_stricter_severity_shortens_a_lease_and_a_milder_one_does_not_lengthen_it() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    changes(world, Severity.SEV2)
    page = world.page("l2")
    assert page.lease_until == FRIDAY_NINE + timedelta(minutes=60)
    assert world.timers[page.id, TimerKind.LEASE].at == page.lease_until


def test_targets_count_from_the_opening_but_leave_time_to_act() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(30)
    changes(world, Severity.SEV1)
    targets = world.incident.targets
    assert targets["contain"] == FRIDAY_NINE + timedelta(minutes=60)
    assert targets["internal_update"] == FRIDAY_NINE + timedelta(minutes=40)
    assert targets["acknowledge"] == FRIDAY_NINE + timedelta(minutes=35)


def test_the_next_update_and_the_next_step_come_forward() -> None:
    world = World()
    world.opens(Severity.SEV3, customer_visible=True)
    world.acknowledges("caro", "l2")
    world.passes(4)
    changes(world, Severity.SEV1)
    assert world.incident.next_update_at == FRIDAY_NINE + timedelta(minutes=15)
    assert world.of(ItemKind.NEXT_STEP).due_at == FRIDAY_NINE + timedelta(minutes=19)


def test_a_promise_that_is_sooner_than_the_new_cadence_stays() -> None:
    world = World()
    world.opens(Severity.SEV3, customer_visible=True)
    item = world.of(ItemKind.UPDATE)
    world.does(promises.kept(world.incident, item, by=user("mona"), now=world.now))
    soon = FRIDAY_NINE + timedelta(minutes=6)
    world.does(promises.promise(world.incident, world.policy, world.directory, soon, world.now))
    changes(world, Severity.SEV2)
    assert world.incident.next_update_at == soon
    assert world.of(ItemKind.UPDATE).due_at == soon


def test_a_milder_severity_takes_back_no_promise() -> None:
    world = World()
    world.opens(Severity.SEV1, customer_visible=True)
    promised = world.incident.next_update_at
    changes(world, Severity.SEV3)
    assert world.incident.next_update_at == promised


def test_the_channel_is_told_what_changed_and_by_whom() -> None:
    world = World()
    world.opens(Severity.SEV3)
    changes(world, Severity.SEV2)
    line = next(n for _, n in world.notices.values() if n.kind is NoticeKind.LINE)
    assert line.to == INCIDENT
    assert line.data["text"] == "ivan changed the severity from SEV3 to SEV2: it spreads"


def test_what_is_so_already_cannot_be_changed_and_a_floor_holds() -> None:
    world = World()
    world.opens(Severity.SEV2)
    with pytest.raises(IllegalMove, match="INC-7 is SEV2 already"):
        changes(world, Severity.SEV2)
    world.state["now"] = world.incident.__class__(
        **{name: getattr(world.incident, name) for name in world.incident.__slots__}
        | {"floor": Severity.SEV2}
    )
    with pytest.raises(NotNow, match="keeps INC-7 at SEV2 or worse"):
        changes(world, Severity.SEV3)


def test_a_lead_raises_at_once() -> None:
    world = World()
    world.opens(Severity.SEV3)
    requests(world, Severity.SEV2, "caro")
    assert world.incident.severity is Severity.SEV2


def test_anybody_else_puts_a_raise_before_those_who_may() -> None:
    world = World()
    world.opens(Severity.SEV3)
    requests(world, Severity.SEV2, "mona")
    proposal = world.of(ItemKind.APPROVAL).proposal
    assert world.incident.severity is Severity.SEV3
    assert proposal is not None
    assert (proposal.kind, proposal.value, proposal.proposed_by) == (ProposalKind.SEVERITY, 2, user("mona"))


@pytest.mark.promise("S0-11")
def test_lowering_always_takes_an_approval_even_for_the_lead() -> None:
    world = World()
    world.opens(Severity.SEV2)
    requests(world, Severity.SEV3, "ivan")
    assert world.incident.severity is Severity.SEV2
    assert world.of(ItemKind.APPROVAL).title == "Lower the severity from SEV2 to SEV3"


def test_another_severity_supersedes_what_was_proposed_about_it() -> None:
    world = World()
    world.opens(Severity.SEV2)
    requests(world, Severity.SEV3, "ivan")
    changes(world, Severity.SEV1)
    assert world.of(ItemKind.APPROVAL).state is ItemState.SUPERSEDED


def test_a_change_without_a_reason_is_refused() -> None:
    world = World()
    world.opens(Severity.SEV3)
    with pytest.raises(InvalidInput) as refused:
        requests(world, Severity.SEV2, "caro", reason="  ")
    assert "Please say why it should be SEV2" in refused.value.problems["reason"]


@pytest.mark.promise("S0-13")
def test_an_app_changes_no_severity() -> None:
    world = World()
    world.opens(Severity.SEV3)
    with pytest.raises(NotAllowed):
        requests(world, Severity.SEV2, "UBOT")


def test_an_assigned_lead_is_told_takes_the_unnamed_step_and_is_not_displaced_by_an_answer() -> None:
    world = World()
    world.opens(Severity.SEV3)
    assigns(world, "eli")
    assert world.incident.lead == user("eli")
    assert world.said(NoticeKind.LINE, "user:UELI") == [(0, "user:UELI")]
    assert world.of(ItemKind.NEXT_STEP).holders == (user("eli"),)
    world.acknowledges("caro", "l2")
    assert world.incident.lead == user("eli")


def test_the_lead_cannot_be_made_lead_again() -> None:
    world = World()
    world.opens(Severity.SEV3)
    with pytest.raises(IllegalMove):
        assigns(world, "caro")
