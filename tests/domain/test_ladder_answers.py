import pytest

from bot.domain import activity, ladder
from bot.domain.decision import Decision, NoticeKind, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed, NotNow
from bot.domain.incident import Severity, Status, UserId
from bot.domain.items import ItemKind, ItemState
from tests.domain.small_pack import directory, policy, user
from tests.domain.world import World


@pytest.mark.promise("S3-26")
def test_an_answer_is_on_record_with_who_and_how_long_after_the_notice() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(64)
    world.acknowledges("dev", "l2")
    received = world.record("ack.received")[0]
    assert received["by"] == user("dev")
    assert received["seconds_after_notice"] == 4 * 60
    assert received["seconds_after_opening"] == 64 * 60


def test_the_second_person_to_answer_is_told_who_was_first() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(1)
    world.acknowledges("caro", "l2")
    with pytest.raises(AlreadyDecided, match=r"caro has had this since 09:01 UTC\."):
        world.acknowledges("dev", "l2")


def test_answering_twice_changes_nothing() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    page = world.page("l2")
    again = world.acknowledges("caro", "l2")
    assert again.items == (page,)
    assert (again.facts, again.timers, again.quiet) == ((), (), ())


def test_whoever_answers_as_the_leading_role_leads() -> None:
    world = World()
    world.opens(Severity.SEV1)
    assert world.incident.lead == user("ivan"), "until somebody answers, whoever is asked"
    world.acknowledges("tess", "technical_lead")
    assert (world.incident.lead, world.incident.status) == (user("ivan"), Status.OPEN)
    world.passes(5)
    world.acknowledges("judy", "incident_manager")
    assert (world.incident.lead, world.incident.status) == (user("judy"), Status.ACKNOWLEDGED)


def test_somebody_further_up_the_ladder_may_take_it_early() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("tess", "l2")
    assert world.page("l2").answered_by == user("tess")
    assert world.record("ack.received")[0]["was_asked"] is False


@pytest.mark.parametrize("who", ["mona", "ana"])
def test_a_person_of_another_role_is_told_whose_page_it_is(who: str) -> None:
    world = World()
    world.opens(Severity.SEV3)
    with pytest.raises(NotAllowed, match="Only caro, dev or tess can take this page"):
        world.acknowledges(who, "l2")


@pytest.mark.parametrize("who", ["UBOT", "UEXT"])
def test_apps_and_outsiders_can_answer_nothing(who: str) -> None:
    world = World()
    world.opens(Severity.SEV3)
    page = world.page("l2")
    for act in (ladder.acknowledge, ladder.decline, ladder.ask_next):
        with pytest.raises(NotAllowed, match="apps and guests"):
            act(world.incident, page, world.policy, world.directory, UserId(who), world.now)


def test_somebody_who_left_meanwhile_cannot_answer() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.directory = directory(caro={"is_active": False})
    with pytest.raises(NotAllowed):
        world.acknowledges("caro", "l2")


def test_after_the_alarm_anybody_may_take_it() -> None:
    world = World()
    world.opens(Severity.SEV4)
    world.passes(480)
    world.acknowledges("mona", "l1")
    assert world.page("l1").state is ItemState.ACKNOWLEDGED
    assert world.incident.lead == user("mona")
    assert world.record("ack.received")[0]["after_alarm"] is True


def test_only_whoever_is_asked_now_can_decline() -> None:
    world = World()
    world.opens(Severity.SEV3)
    with pytest.raises(NotAllowed, match=r"Only whoever is asked now can decline, and that is caro\."):
        world.declines("dev", "l2")


def test_what_was_taken_can_be_given_back() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    world.passes(20)
    world.declines("caro", "l2")
    page = world.page("l2")
    assert (page.state, page.answered_by, page.holders) == (ItemState.OPEN, None, (user("dev"),))
    assert TimerKind.LEASE not in {kind for item, kind in world.timers if item == page.id}
    world.acknowledges("dev", "l2")
    assert world.incident.lead == user("dev")


def test_somebody_elses_answer_cannot_be_declined_or_escalated() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    for act in (world.declines, world.escalates):
        with pytest.raises(AlreadyDecided, match="caro has had this"):
            act("dev", "l2")


def test_two_presses_of_escalate_now_in_the_same_moment_are_one_step() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.escalates("ana", "l2")
    with pytest.raises(AlreadyDecided, match="dev was asked a moment ago"):
        world.escalates("ben", "l2")
    world.passes(1)
    world.escalates("ben", "l2")
    assert [name for _, name, _ in world.asked("l2")] == ["caro", "dev", "tess"]


def test_when_everyone_on_the_ladder_is_in_the_way_on_is_named() -> None:
    world = World()
    world.opens(Severity.SEV4)
    with pytest.raises(NotNow, match="Everyone on the SEV4 ladder of INC-7 has been called in"):
        world.calls_in_the_next("ana")


def test_only_a_page_can_be_acknowledged() -> None:
    world = World()
    world.opens(Severity.SEV3)
    step = world.of(ItemKind.NEXT_STEP)
    with pytest.raises(IllegalMove):
        ladder.acknowledge(world.incident, step, world.policy, world.directory, user("caro"), world.now)


def test_an_answer_that_goes_quiet_is_asked_for_again_and_then_the_ladder_begins_anew() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.passes(5)
    world.acknowledges("judy", "incident_manager")
    world.passes(30)
    page = world.page("incident_manager")
    assert (page.state, page.holders, page.answered_by) == (ItemState.OPEN, (user("judy"),), None)
    assert world.asked("incident_manager")[-1] == (35, "judy", "lease_ran_out")
    world.passes(5)
    assert world.asked("incident_manager")[-1] == (40, "ivan", "missed_ack")
    world.passes(5)
    assert world.asked("incident_manager")[-1] == (45, "eli", "missed_ack"), "judy was asked in this round"
    world.acknowledges("eli", "incident_manager")
    assert world.incident.lead == user("eli")


def works(world: World, name: str) -> Decision:
    items = tuple(world.items.values())
    return world.does(activity.renewed(world.incident, items, world.policy, user(name), world.now))


def test_the_holders_work_keeps_their_answer_alive() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    for _ in range(4):
        world.passes(20)
        works(world, "ivan")
    assert world.page("incident_manager").state is ItemState.ACKNOWLEDGED
    assert len(world.asked("incident_manager")) == 1
    world.passes(29)
    assert world.page("incident_manager").state is ItemState.ACKNOWLEDGED
    world.passes(1)
    assert world.asked("incident_manager")[-1] == (110, "ivan", "lease_ran_out")


def test_the_talk_of_others_does_not_stand_in_for_the_holder() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    world.acknowledges("tess", "technical_lead")
    world.passes(20)
    for name in ("tess", "mona", "ana"):
        works(world, name)
    world.passes(10)
    assert world.asked("incident_manager")[-1] == (30, "ivan", "lease_ran_out")
    assert world.page("technical_lead").state is ItemState.ACKNOWLEDGED, "tess was at work herself"


def test_a_lively_holder_is_written_down_at_most_once_a_minute() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    assert not works(world, "ivan").items, "the answer itself has just counted"
    world.passes(1)
    assert works(world, "ivan").items
    world.passes(0.5)
    assert not works(world, "ivan").items
    world.passes(0.5)
    assert works(world, "ivan").items


def test_work_before_anybody_answered_renews_nothing() -> None:
    world = World()
    world.opens(Severity.SEV1)
    assert not works(world, "ivan").items


def test_when_whoever_had_it_has_left_the_ladder_begins_at_once() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    world.directory = directory(ivan={"is_active": False})
    world.passes(30)
    assert world.page("incident_manager").holders == (user("judy"),)


def test_a_role_that_is_only_informed_owes_nothing() -> None:
    world = World()
    world.opens(Severity.SEV1)
    assert [n.to for _, n in world.notices.values() if n.data.get("inform")] == ["user:UXENA"]
    roles = {item.role for item in world.items.values() if item.kind is ItemKind.ACKNOWLEDGE}
    assert "executive_sponsor" not in roles


def test_an_empty_informed_role_is_named() -> None:
    world = World(policy=policy({"executive_sponsor": ()}))
    world.opens(Severity.SEV1)
    assert world.said(NoticeKind.ALARM) == []
    assert {"slot": "executive_sponsor", "reason": "vacancy"}.items() <= world.record("ladder.skipped")[
        0
    ].items()
