"""The moments at which a page is most likely to go nowhere: now, tonight, the next holiday, the next clock change."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendars import is_holiday
from bot.domain.policy import Policy

NIGHT = time(3)
NOON = time(12)

# How far ahead a holiday or a clock change is looked for, and how long after a change is looked at.
AHEAD = 400
AFTER = timedelta(minutes=30)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment with the name by which people know it."""

    name: str
    at: datetime


def of_interest(policy: Policy, now: datetime) -> tuple[Moment, ...]:
    """Return now, three in the morning, noon of the next holiday, and half an hour after the clocks next change.

    Hours are those of the policy's support hours; clocks change where any of its schedules is, too. A policy without
    holidays, or zones without summer time, have no such moment.
    """
    found = [Moment(name="now", at=now), Moment(name="tonight", at=_tonight(policy, now))]
    if (holiday := _holiday(policy, now)) is not None:
        found.append(Moment(name="the next holiday", at=holiday))
    if (change := _clock_change(policy, now)) is not None:
        found.append(Moment(name="the next clock change", at=change + AFTER))
    return tuple(found)


def _tonight(policy: Policy, now: datetime) -> datetime:
    zone = ZoneInfo(policy.support_hours.timezone)
    today = now.astimezone(zone).date()
    nights = (
        datetime.combine(today + timedelta(days=ahead), NIGHT, zone).astimezone(UTC) for ahead in range(3)
    )
    return next(night for night in nights if night > now)


def _holiday(policy: Policy, now: datetime) -> datetime | None:
    zone = ZoneInfo(policy.support_hours.timezone)
    today = now.astimezone(zone).date()
    for ahead in range(1, AHEAD):
        day = today + timedelta(days=ahead)
        if is_holiday(day, policy.support_hours):
            return datetime.combine(day, NOON, zone).astimezone(UTC)
    return None


def _clock_change(policy: Policy, now: datetime) -> datetime | None:
    names = {policy.support_hours.timezone, *(row.timezone for row in policy.schedules.values())}
    changes = (_next_change(ZoneInfo(name), now.astimezone(UTC)) for name in sorted(names))
    return min((change for change in changes if change is not None), default=None)


def _next_change(zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the first moment after ``now`` at which a zone is further from UTC, or nearer, than before."""
    before = now
    for _ in range(AHEAD):
        after = before + DAY
        if after.astimezone(zone).utcoffset() != before.astimezone(zone).utcoffset():
            while after - before > timedelta(minutes=1):
                middle = before + (after - before) / 2
                same = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            return after.replace(second=0, microsecond=0)
        before = after
    return None
