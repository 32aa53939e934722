"""What holds of every rotation, wherever and whenever."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import process_time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, WEEKLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.oncall import NOBODY, Duty, Shift, next_change, on_duty, shifts, slot_shifts, walls
from bot.domain.oncall.schedules import over
from bot.domain.policy import Hours, Layer
from tests.domain.rotations import L2, WEEK, layer, mails, moment, pack, wall

ZONES = (
    "Europe/Oslo",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
)
NAMES = ("caro", "dev", "eli", "fay", "ana")
HOUR = timedelta(hours=1)
Every = Literal["daily", "weekly", "custom"]
EVERY: tuple[Every, ...] = get_args(Every)

zones = st.sampled_from(ZONES)
minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
moments = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda n: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=n)
)
later = moments.map(lambda at: at + timedelta(days=300))
members = st.integers(1, 5).map(lambda n: mails(*NAMES[:n]))
weekdays = st.sets(st.sampled_from(WEEK), min_size=1).map(tuple)
restrictions = st.lists(st.builds(Hours, weekdays=weekdays, since=minutes, until=minutes), max_size=3).map(
    tuple
)
starts = st.dates(date(2026, 1, 1), date(2027, 6, 1))


@st.composite
def layers(draw: st.DrawFn, restricted: bool = True) -> Layer:
    every: Every = draw(st.sampled_from(EVERY))
    return Layer(
        members=draw(members),
        starts=draw(starts),
        handoff=draw(minutes),
        every=every,
        weekday=draw(st.sampled_from(WEEK)) if every == "weekly" else None,
        days=draw(st.integers(1, 30)) if every == "custom" else None,
        hours=draw(restrictions) if restricted else (),
    )


@given(st.lists(layers(), min_size=1, max_size=3), zones, moments, st.integers(1, 40))
def test_the_final_rotation_says_the_same_as_each_moment_of_it(
    made: list[Layer], zone: str, since: datetime, days: int
) -> None:
    policy = pack(*made, zone=zone)
    until = since + timedelta(days=days)
    found = shifts(policy, "platform", since, until, NOBODY)
    assert all(before.until <= after.since for before, after in pairwise(found)), "in order, none overlapping"
    assert all(since <= shift.since < shift.until <= until for shift in found)
    for shift in found:
        assert len(shift.members) == 1
        for at in (shift.since, shift.until - timedelta(microseconds=1)):
            assert on_duty(policy, "platform", at, NOBODY) == shift.members
    for before, after in pairwise(found):
        if before.until < after.since:
            assert on_duty(policy, "platform", before.until, NOBODY) == ()


@given(layers(restricted=False), zones, later)
def test_once_begun_exactly_one_member_has_every_moment_and_each_turn_is_as_long_as_its_wall_time(
    made: Layer, zone: str, since: datetime
) -> None:
    policy = pack(made, zone=zone)
    until = since + timedelta(days=200)
    found = shifts(policy, "platform", since, until, NOBODY)
    assert (found[0].since, found[-1].until) == (since, until)
    assert all(before.until == after.since for before, after in pairwise(found)), "no gap, no overlap"
    length = timedelta(days={"daily": 1, "weekly": 7}.get(made.every, made.days or 0))
    for shift in found[1:-1]:
        assert abs(shift.until - shift.since - length) <= HOUR
    for before, after in pairwise(found):
        turn = made.members.index(before.members[0])
        assert after.members == (made.members[(turn + 1) % len(made.members)],), "turns are taken in order"


@given(layers(restricted=False), zones)
def test_turns_begin_where_the_calendar_library_says(made: Layer, zone: str) -> None:
    day = None if made.weekday is None else WEEK.index(made.weekday)
    begin = datetime.combine(made.starts, made.handoff)
    if made.every == "weekly":
        walltimes = rrule(WEEKLY, dtstart=begin, count=60, byweekday=day)
    else:
        walltimes = rrule(DAILY, dtstart=begin, interval=made.days or 1, count=60)
    edges = [walls.moment(at, ZoneInfo(zone)) for at in walltimes]
    found = shifts(pack(made, zone=zone), "platform", edges[0], edges[-1], NOBODY)
    # A clock that leaves out a whole day leaves out the turns of that day.
    assert [shift.since for shift in found] == sorted(set(edges))[:-1]


@given(zones, st.datetimes(wall("2026-01-01"), wall("2033-01-01")))
def test_a_wall_time_becomes_the_first_moment_that_is_not_before_it(zone: str, shown: datetime) -> None:
    shown = shown.replace(microsecond=0)
    where = ZoneInfo(zone)
    at = walls.moment(shown, where)
    assert walls.wall(at, where) >= shown
    assert walls.wall(at - timedelta(seconds=1), where) < shown


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=12),
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=12),
)
def test_laying_shifts_over_others_keeps_each_moment_once(
    below: list[tuple[int, int]], above: list[tuple[int, int]]
) -> None:
    def made(pieces: list[tuple[int, int]], who: str) -> tuple[Shift, ...]:
        kept: list[Shift] = []
        for start, length in sorted(pieces):
            since = datetime(2026, 11, 20, tzinfo=UTC) + start * HOUR
            if not kept or kept[-1].until <= since:
                kept.append(Shift(members=(who,), since=since, until=since + length * HOUR))
        return tuple(kept)

    def who(shifts: tuple[Shift, ...], at: datetime) -> tuple[str, ...]:
        return next((s.members for s in shifts if s.since <= at < s.until), ())

    under, top = made(below, "below"), made(above, "above")
    merged = over(under, top)
    assert all(before.until <= after.since for before, after in pairwise(merged))
    for hour in range(125):
        at = datetime(2026, 11, 20, 0, 30, tzinfo=UTC) + hour * HOUR
        assert who(merged, at) == (who(top, at) or who(under, at))


@given(st.lists(layers(), min_size=1, max_size=2), zones, moments)
@settings(max_examples=40)
def test_nobody_comes_on_before_the_next_change(made: list[Layer], zone: str, at: datetime) -> None:
    policy = pack(*made, zone=zone)
    change = next_change(policy, L2, "primary", at, NOBODY)
    now = on_duty(policy, "platform", at, NOBODY)
    if change is None:
        return
    assert on_duty(policy, "platform", change, NOBODY) != now
    [before] = slot_shifts(policy, L2, "primary", at, change, NOBODY)
    assert before.members == now


def test_a_moment_in_the_far_future_costs_no_more_than_tomorrow() -> None:
    policy = pack(layer(*NAMES), layer("ana", "ben", every="daily"))
    began = process_time()
    for day in range(200):
        on_duty(policy, "platform", moment("2080-02-29T12:00") + timedelta(days=day), Duty())
    assert process_time() - began < 1, "counting turns up to 2080 would take much longer"
    assert on_duty(policy, "platform", moment("2080-02-29T12:00"), Duty()) in (mails("ana"), mails("ben"))
