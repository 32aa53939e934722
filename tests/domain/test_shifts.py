from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import rota_watch, shift_changes, shifts
from bot.domain.decision import Decision, TimerKind
from bot.domain.desk import open_desk
from bot.domain.errors import AlreadyDecided, NotAllowed
from bot.domain.incident import Incident, Role, Severity, Workspace
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.oncall import Duty, Gap, Override
from bot.domain.roles import Directory
from bot.domain.shift_changes import Change
from tests.domain import acme
from tests.domain.acme import NINE, user
from tests.stories.rota import CARO as CARO_MAIL
from tests.stories.rota import on_rota, turns

POLICY = on_rota()
L2 = Role("l2")
THEO_MAIL = "theo@acme.example"
CARO, DEV, THEO, IVAN = (user(name) for name in ("caro", "dev", "theo", "ivan"))
MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+00:00")
CHANGE = Change(role=L2, part="primary", incoming=(DEV,), outgoing=(CARO,), at=MONDAY, until=None)


def desk() -> Incident:
    return open_desk(Workspace(team_id="T1"), POLICY, NINE).incident


def people(*overrides: Override) -> Directory:
    return replace(acme.directory(), at=MONDAY, duty=Duty(overrides=overrides))


def handed(worst: Severity | None = None, items: tuple[Item, ...] = ()) -> Decision:
    return shifts.hand_over(desk(), items, CHANGE, (), worst, POLICY, MONDAY)


def a_duty(**changes: object) -> Item:
    made = Item(
        id=ItemId("i1/step"),
        incident_id=acme.incident().id,
        kind=ItemKind.NEXT_STEP,
        role=L2,
        title="Roll back",
        holders=(CARO,),
        opened_at=NINE,
        asked_at=NINE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_who_comes_and_who_goes_at_a_change_of_shift() -> None:
    [change] = shift_changes.changes(POLICY, people(), NINE, MONDAY)
    assert change == replace(CHANGE, until=MONDAY + timedelta(days=7))
    assert shift_changes.changes(POLICY, people(), MONDAY, MONDAY + timedelta(days=6)) == ()


def test_of_several_changes_that_were_missed_only_the_last_is_handed_over() -> None:
    [change] = shift_changes.changes(POLICY, people(), NINE, MONDAY + timedelta(days=8))
    assert (change.incoming, change.at) == ((CARO,), MONDAY + timedelta(days=7))


def test_whoever_takes_the_place_is_handed_the_shift() -> None:
    takes = Override(role=L2, part="primary", user=THEO, since=MONDAY, until=MONDAY + timedelta(days=1))
    [change] = shift_changes.changes(POLICY, people(takes), NINE, MONDAY)
    assert (change.incoming, change.until) == ((THEO,), takes.until)


@pytest.mark.parametrize(
    ("worst", "minutes"), [(Severity.SEV1, 10), (Severity.SEV2, 15), (Severity.SEV3, 60)]
)
def test_the_time_to_answer_is_the_policys_for_the_worst_that_is_open(worst: Severity, minutes: int) -> None:
    ten = replace(CHANGE, at=MONDAY + timedelta(hours=2))
    decision = shifts.hand_over(desk(), (), ten, (), worst, POLICY, ten.at)
    assert decision.items[0].due_at == ten.at + timedelta(minutes=minutes)
    assert {timer.kind for timer in decision.timers} == {TimerKind.NAG, TimerKind.RUNG}


def test_the_same_change_is_handed_over_once_and_the_next_one_ends_the_one_before() -> None:
    first = handed().items
    assert not handed(items=first).items
    back = replace(CHANGE, incoming=(CARO,), outgoing=(DEV,), at=MONDAY + timedelta(days=7))
    after = shifts.hand_over(desk(), first, back, (), None, POLICY, back.at)
    assert [item.state for item in after.items] == [ItemState.OPEN, ItemState.SUPERSEDED]
    assert after.quiet == (first[0].id,)


def test_only_whoever_comes_can_take_it_and_only_once() -> None:
    [item] = handed().items
    with pytest.raises(NotAllowed, match="Only dev"):
        shifts.accept(desk(), item, people(), by=CARO, now=MONDAY)
    taken = shifts.accept(desk(), item, people(), by=DEV, now=MONDAY)
    assert taken.items[0].state is ItemState.DONE
    with pytest.raises(AlreadyDecided, match="dev has this shift"):
        shifts.accept(desk(), taken.items[0], people(), by=DEV, now=MONDAY)


def test_timers_that_come_early_late_or_twice_say_each_thing_once() -> None:
    [item] = handed(Severity.SEV1).items
    assert item.due_at is not None
    late = item.due_at + timedelta(days=1)
    assert not shifts.fell_due(desk(), item, TimerKind.RUNG, POLICY, people(), MONDAY).facts
    assert not shifts.fell_due(desk(), item, TimerKind.NAG, POLICY, people(), late).facts
    told = shifts.fell_due(desk(), item, TimerKind.RUNG, POLICY, people(), late)
    assert told.facts[0].data["told"] == [CARO, THEO]
    assert not shifts.fell_due(desk(), told.items[0], TimerKind.RUNG, POLICY, people(), late).facts


def test_what_is_inherited_is_the_roles_the_leavers_and_what_waits_for_the_roles_agreement() -> None:
    mine, others = acme.incident(), acme.incident(Severity.SEV1, id="i2", number=8, lead=IVAN)
    duties = {
        "of the role": a_duty(holders=(THEO,)),
        "of whoever goes": a_duty(role=Role("l3")),
        "of others": a_duty(role=Role("l3"), holders=(THEO,)),
        "over": a_duty(state=ItemState.DONE),
    }
    for name, one in duties.items():
        work, worst = shift_changes.open_work(CHANGE, [(replace(mine, lead=None), [one])])
        assert bool(work) is (name in ("of the role", "of whoever goes")), name
    work, worst = shift_changes.open_work(CHANGE, [(mine, [duties["of others"]]), (others, [a_duty()])])
    assert [one["key"] for one in work] == ["INC-8", "INC-7"], "led by caro, who goes; the worst first"
    assert worst is Severity.SEV1


def gap(since: float, until: float, role: str = "l2") -> Gap:
    day = timedelta(days=1)
    return Gap(role=Role(role), part="primary", since=NINE + since * day, until=NINE + until * day)


def look(found: list[Gap], told: dict[str, datetime], days: float) -> tuple[Decision, dict[str, datetime]]:
    now = NINE + timedelta(days=days)
    said = rota_watch.gaps_found(desk(), POLICY, people(), found, told, now)
    kept = {name: at for name, at in told.items() if name not in said.forget}
    return said.decision, kept | dict.fromkeys(said.remember, now)


def test_a_gap_that_is_mended_and_comes_back_is_told_again() -> None:
    first, told = look([gap(20, 21)], {}, 0)
    again, told = look([gap(20, 21)], told, 1)
    _, told = look([], told, 2)
    assert told == {}
    back, _ = look([gap(20, 21)], told, 3)
    assert [len(one.facts) for one in (first, again, back)] == [1, 0, 1]


@given(start=st.floats(0.1, 29), length=st.floats(0.1, 5), steps=st.lists(st.floats(0.05, 3), max_size=60))
def test_however_often_one_looks_a_gap_is_told_four_times_at_most(
    start: float, length: float, steps: list[float]
) -> None:
    told: dict[str, datetime] = {}
    at, said = 0.0, 0
    for step in steps:
        at += step
        if at < start + length:
            decision, told = look([gap(max(start, at), start + length)], told, at)
            said += len(decision.facts)
    assert said <= 4


def test_the_next_look_is_when_support_opens_also_across_a_change_of_the_clocks() -> None:
    opens = POLICY.support_hours.opens
    for now in (NINE, NINE.replace(hour=0), NINE.replace(hour=23), NINE.replace(month=3, day=29, hour=1)):
        at = rota_watch.next_look(POLICY, now)
        assert now < at <= now + timedelta(hours=25)
        assert at.time() == opens, "the stock pack's support hours are in UTC"


def test_a_change_of_shift_behind_somebody_who_left_is_still_handed_over() -> None:
    takes = Override(role=L2, part="primary", user=DEV, since=NINE, until=MONDAY + timedelta(days=20))
    away = replace(acme.directory(dev={"is_active": False}), at=MONDAY, duty=Duty(overrides=(takes,)))
    rota = on_rota(turns(CARO_MAIL, THEO_MAIL))
    [change] = shift_changes.changes(rota, away, NINE, MONDAY)
    assert (change.incoming, change.outgoing) == ((THEO,), (CARO,))


def test_nobody_is_chased_for_a_shift_that_has_passed_on() -> None:
    [item] = handed().items
    assert item.due_at is not None
    other = Override(role=L2, part="primary", user=IVAN, since=MONDAY, until=MONDAY + timedelta(days=9))
    later = replace(people(other), at=item.due_at)
    over = shifts.fell_due(desk(), item, TimerKind.RUNG, POLICY, later, item.due_at)
    assert [one.state for one in over.items] == [ItemState.SUPERSEDED]
    assert over.notices == ()
    assert over.quiet == (item.id,)


def test_a_short_shift_is_confirmed_before_half_of_it_is_over() -> None:
    short = replace(CHANGE, until=MONDAY + timedelta(hours=8))
    decision = shifts.hand_over(desk(), (), short, (), None, POLICY, MONDAY)
    [item] = decision.items
    assert item.due_at == MONDAY + timedelta(hours=4)
    assert {timer.kind: timer.at for timer in decision.timers} == {
        TimerKind.NAG: MONDAY + timedelta(hours=2),
        TimerKind.RUNG: MONDAY + timedelta(hours=4),
    }
