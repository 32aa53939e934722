from datetime import timedelta

import pytest

from bot.domain import ladder
from bot.domain.decision import CATCH_ALL, INCIDENT, Decision, NoticeKind, TimerKind
from bot.domain.incident import Severity
from bot.domain.items import ItemState, Reason
from tests.domain.small_pack import FRIDAY_NINE, SEVERITIES, minutes, policy, user
from tests.domain.world import World


@pytest.mark.promise("M-04")
@pytest.mark.promise("S3-01")
@pytest.mark.promise("S3-04")
@pytest.mark.promise("S3-05")
def test_silence_climbs_the_ladder_round_after_round_until_the_alarm() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.passes(100)
    one_round = ["ivan", "judy", "eli", "xena"]
    assert [name for _, name, _ in world.asked("incident_manager")] == one_round * 5
    assert [minute for minute, _, _ in world.asked("incident_manager")] == [5.0 * n for n in range(20)]
    assert world.page("incident_manager").state is ItemState.EXHAUSTED
    exhausted = world.record("ladder.exhausted")[0]
    assert exhausted["rounds"] == 5
    assert (100, CATCH_ALL) in world.said(NoticeKind.ALARM)
    assert (100, INCIDENT) in world.said(NoticeKind.ALARM)


def test_the_alarm_sounds_again_and_again_until_a_human_acknowledges() -> None:
    world = World()
    world.opens(Severity.SEV1)
    world.passes(131)
    alarms = world.said(NoticeKind.ALARM, CATCH_ALL)
    mine = world.page("incident_manager").id
    sounded = [
        world.minute(at) for at, n in world.notices.values() if n.item_id == mine and n.to == CATCH_ALL
    ]
    assert sounded == [100, 115, 130]
    for role in ("incident_manager", "l3", "technical_lead", "comms_lead"):
        world.acknowledges("sam", role)
    world.passes(29)
    assert len(world.said(NoticeKind.ALARM, CATCH_ALL)) == len(alarms)
    assert world.incident.lead == user("sam")


def test_a_ladder_without_a_repeated_alarm_still_says_once_that_nobody_answered() -> None:
    world = World()
    world.opens(Severity.SEV4)
    world.passes(2000)
    assert world.page("l1").state is ItemState.EXHAUSTED
    assert world.said(NoticeKind.ALARM, CATCH_ALL) == [(480, CATCH_ALL)]


@pytest.mark.promise("M-04")
def test_whoever_is_asked_is_reminded_halfway_and_only_once() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(59)
    assert world.said(NoticeKind.NAG, "user:UCARO") == [(30, "user:UCARO")]
    world.passes(61)
    assert world.said(NoticeKind.NAG, "user:UDEV") == [(90, "user:UDEV")]


@pytest.mark.promise("M-04")
def test_an_answer_stops_every_timer_of_the_page() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(10)
    world.acknowledges("caro", "l2")
    page = world.page("l2")
    assert {kind for item, kind in world.timers if item == page.id} == {TimerKind.LEASE}
    world.passes(200)
    assert [name for _, name, _ in world.asked("l2")] == ["caro"]


@pytest.mark.promise("M-04")
def test_steps_missed_while_the_bot_was_down_run_once_and_say_how_late() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.is_down(200)
    assert world.asked("l2") == [(0, "caro", "opened"), (200, "dev", "missed_ack")]
    assert [r["late_seconds"] for r in world.record("ladder.step")] == [0, 140 * 60]
    assert world.said(NoticeKind.NAG, "user:UCARO") == [], "a reminder beside the next step is only noise"
    late = [n for _, n in world.notices.values() if n.kind is NoticeKind.PAGE and n.to == INCIDENT]
    assert late[0].data["late_seconds"] == 140 * 60, "the channel is told what ran late"
    page = world.page("l2")
    assert page.due_at == FRIDAY_NINE + timedelta(minutes=260), "dev gets the whole hour"


def test_a_late_reminder_still_comes_while_it_is_of_use() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.is_down(45)
    assert world.said(NoticeKind.NAG, "user:UCARO") == [(45, "user:UCARO")]
    assert world.record("ladder.nagged")[0]["late_seconds"] == 15 * 60


def test_the_same_timer_run_twice_has_one_effect() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(60)
    page = world.page("l2")
    for kind in TimerKind:
        again = ladder.fell_due(world.incident, page, kind, world.policy, world.directory, world.now)
        assert (again.items, again.facts, again.notices, again.timers) == ((), (), (), ())


def test_a_timer_left_over_from_an_earlier_state_decides_nothing() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(1)
    world.acknowledges("caro", "l2")
    page = world.page("l2")
    for kind in TimerKind:
        left = ladder.fell_due(world.incident, page, kind, world.policy, world.directory, world.now)
        assert left == Decision(incident=world.incident)


def test_a_rung_left_over_when_everybody_declined_does_not_start_the_ladder_again() -> None:
    moderate = SEVERITIES[Severity.SEV3]
    loud = moderate.model_copy(update={"ladder": moderate.ladder.model_copy(update={"alarm": minutes(5)})})
    world = World(policy=policy(severities={Severity.SEV3: loud}))
    world.opens(Severity.SEV3)
    for name in ("caro", "dev", "tess"):
        world.declines(name, "l2")
    world.passes(300)
    assert world.page("l2").state is ItemState.EXHAUSTED
    assert [at for at, _, _ in world.asked("l2")] == [0, 0, 0]
    assert len(world.said(NoticeKind.ALARM, CATCH_ALL)) == 61


@pytest.mark.promise("S3-27")
def test_escalate_now_asks_the_next_rung_without_waiting() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.passes(3)
    world.escalates("ana", "l2")
    assert world.asked("l2") == [(0, "caro", "opened"), (3, "dev", "asked_now")]
    assert world.record("ladder.step")[-1]["by"] == user("ana")


def test_escalating_past_the_top_sounds_the_alarm_and_once_more_climbs_again() -> None:
    world = World(policy=policy(severities={Severity.SEV3: SEVERITIES[Severity.SEV4]}))
    world.opens(Severity.SEV3)
    world.escalates("caro", "l1")
    world.passes(1)
    world.escalates("caro", "l1")
    assert world.page("l1").state is ItemState.EXHAUSTED
    world.escalates("caro", "l1")
    assert world.page("l1").state is ItemState.OPEN
    assert world.asked("l1")[-1] == (1, "ana", "asked_now")


def test_the_next_role_of_the_ladder_can_be_called_in_when_all_have_answered() -> None:
    world = World()
    world.opens(Severity.SEV3)
    world.acknowledges("caro", "l2")
    world.calls_in_the_next("caro")
    page = world.page("technical_lead")
    assert (page.holders, page.reason) == ((user("tess"),), Reason.ASKED_NOW)
    assert INCIDENT in [n.to for _, n in world.notices.values() if n.item_id == page.id]


@pytest.mark.promise("S3-06")
def test_the_card_can_say_who_is_next_and_when() -> None:
    world = World(policy=policy({"l2": ("caro", "")}))
    world.opens(Severity.SEV3)

    def then() -> object:
        return ladder.next_asked(world.page("l2"), world.incident, world.policy, world.directory)

    assert then() == ((user("tess"),), FRIDAY_NINE + timedelta(minutes=60)), "a vacancy is looked through"
    world.passes(60)
    assert then() == ((user("caro"),), FRIDAY_NINE + timedelta(minutes=120)), "the next round begins again"
    world.acknowledges("tess", "l2")
    assert then() == ((), None)


def test_before_the_alarm_nobody_is_next_but_a_time_is() -> None:
    world = World()
    world.opens(Severity.SEV4)
    world.passes(240)
    page = world.page("l1")
    assert ladder.next_asked(page, world.incident, world.policy, world.directory) == ((), page.due_at)


def test_at_the_opening_the_card_does_the_mentioning_and_later_steps_speak_in_the_channel() -> None:
    world = World()
    world.opens(Severity.SEV3)
    assert world.said(NoticeKind.PAGE, INCIDENT) == []
    world.passes(60)
    assert world.said(NoticeKind.PAGE, INCIDENT) == [(60, INCIDENT)]
