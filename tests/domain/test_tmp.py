from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import hours
from bot.domain.policy import Span, SupportHours
from tests.domain.small_pack import HOURS

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-20T09:00", Span(minutes=5), "2026-11-20T09:05"),
        ("2026-11-20T23:50", Span(minutes=20), "2026-11-21T00:10"),
        ("2026-11-20T09:00", Span(days=30), "2026-12-20T09:00"),
        ("2026-11-20T09:00", Span(minutes=60, working=True), "2026-11-20T10:00"),
        ("2026-11-20T16:00", Span(minutes=240, working=True), "2026-11-20T20:00"),
        ("2026-11-20T19:30", Span(minutes=60, working=True), "2026-11-23T08:30"),
        ("2026-11-21T12:00", Span(minutes=60, working=True), "2026-11-23T09:00"),
        ("2026-11-20T05:00", Span(minutes=60, working=True), "2026-11-20T09:00"),
        ("2026-11-20T09:00", Span(days=1, working=True), "2026-11-23T09:00"),
        ("2026-11-23T11:41", Span(days=5, working=True), "2026-12-01T11:41"),
        ("2026-11-25T19:00", Span(minutes=120, working=True), "2026-11-27T09:00"),
    ],
    ids=[
        "by the clock",
        "over midnight",
        "calendar days",
        "within a working day",
        "exactly to closing time",
        "over a weekend",
        "from a Saturday",
        "from before opening",
        "a business day",
        "five business days and a holiday",
        "over a holiday",
    ],
)
def test_a_span_ends_when_the_calendar_says(start: str, span: Span, end: str) -> None:
    assert hours.after(at(start), span, HOURS) == at(end)


def test_working_time_follows_the_wall_clock_of_its_zone_through_a_change_of_clocks() -> None:
    berlin = SupportHours(
        timezone="Europe/Berlin", weekdays=("sat", "sun", "mon"), opens=time(0), closes=time(6)
    )
    # On Sunday 25 October 2026 the clocks go back: midnight to six is seven hours long.
    saturday_night = datetime(2026, 10, 24, 2, tzinfo=UTC)
    assert hours.after(saturday_night, Span(minutes=9 * 60, working=True), berlin) == datetime(
        2026, 10, 25, 5, tzinfo=UTC
    )


def test_half_of_a_working_span_never_lands_outside_working_time() -> None:
    friday_evening = at("2026-11-20T18:00")
    assert hours.halfway(friday_evening, Span(minutes=240, working=True), HOURS) == at("2026-11-20T20:00")
    assert hours.halfway(at("2026-11-20T19:00"), Span(minutes=240, working=True), HOURS) == at(
        "2026-11-23T09:00"
    )


def test_support_that_never_works_is_refused_instead_of_searched_for_ever() -> None:
    never = SupportHours(timezone="UTC", weekdays=(), opens=time(8), closes=time(20))
    with pytest.raises(ValueError, match="never work"):
        hours.after(FRIDAY, Span(minutes=1, working=True), never)


moments = st.integers(0, 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=20000,deadline=None)
@given(
    start=moments,
    first=st.integers(1, 3000),
    second=st.integers(1, 3000),
)
def test_two_spans_one_after_the_other_are_as_long_as_both_together(
    start: datetime, first: int, second: int
) -> None:
    def add(moment: datetime, count: int) -> datetime:
        return hours.after(moment, Span(minutes=count, working=True), HOURS)

    assert add(add(start, first), second) == add(start, first + second)
    assert add(start, first) >= start + timedelta(minutes=first)


@settings(max_examples=20000,deadline=None)
@given(
    start=moments,
    count=st.integers(1, 3000),
)
def test_a_working_span_always_ends_in_working_time(start: datetime, count: int) -> None:
    end = hours.after(start, Span(minutes=count, working=True), HOURS)
    assert end.weekday() < 5
    assert end.date() not in (date(2026, 11, 26), date(2026, 12, 25))
    assert time(8) < end.time() <= time(20)
