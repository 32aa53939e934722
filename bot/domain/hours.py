"""Adding lengths of time, by the clock or in support hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendars import is_holiday
from bot.domain.policy import Span, SupportHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH = 366 * 20


def after(start: datetime, span: Span, hours: SupportHours) -> datetime:
    """Return the moment a span after ``start``, in UTC.

    A working span only counts support hours: nights, other weekdays and holidays pass without using it up, and a
    working day is as long as one support day. Raises `ValueError` when support never works.
    """
    return _after(start, length(span, hours), span.working, hours)


def halfway(start: datetime, span: Span, hours: SupportHours) -> datetime:
    """Return the moment half a span after ``start``: a working span's nag never lands at night."""
    return _after(start, length(span, hours) / 2, span.working, hours)


def part(start: datetime, span: Span, share: float, hours: SupportHours) -> datetime:
    """Return the moment a share of a span after ``start``, such as 0.5 for half of it."""
    return _after(start, length(span, hours) * share, span.working, hours)


def late_seconds(late: timedelta) -> int:
    """Return a delay for the record: whole seconds, none for what is early."""
    return max(0, int(late.total_seconds()))


def length(span: Span, hours: SupportHours) -> timedelta:
    """Return how long a span is, in clock or working time."""
    day = hours.day if span.working else timedelta(days=1)
    return timedelta(minutes=span.minutes or 0) + (span.days or 0) * day


def _after(start: datetime, left: timedelta, working: bool, hours: SupportHours) -> datetime:
    if not working:
        return (start + left).astimezone(UTC)
    zone = ZoneInfo(hours.timezone)
    moment = start.astimezone(UTC)
    day = moment.astimezone(zone).date()
    for _ in range(LONGEST_SEARCH):
        if WEEKDAYS[day.weekday()] in hours.weekdays and not is_holiday(day, hours):
            # Wall times become UTC before they are compared: a day on which the clocks change has its true length.
            opens = datetime.combine(day, hours.opens, zone).astimezone(UTC)
            closes = datetime.combine(day, hours.closes, zone).astimezone(UTC)
            begins = max(moment, opens)
            if begins < closes and begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
        day += timedelta(days=1)
    raise ValueError("the support hours never work, so a working span never ends")
