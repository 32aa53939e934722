"""One schedule: its layers and its feed laid over each other, the later one on top where it covers."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.oncall.duty import Duty, Shift
from bot.domain.oncall.turns import turns, whose
from bot.domain.oncall.windows import windows
from bot.domain.policy import Layer, Policy, Schedule

SCHEDULE = "schedule/"
_DAY = timedelta(days=1)


def schedule_id(reference: str) -> str | None:
    """Return the id of the schedule that a reference of the roster names (``schedule/<id>``); None for anybody else."""
    return reference.removeprefix(SCHEDULE) if reference.startswith(SCHEDULE) else None


def on_duty(policy: Policy, schedule: str, at: datetime, duty: Duty) -> tuple[str, ...]:
    """Return the references on duty in a schedule at a moment; nobody when nothing covers it, or there is no such schedule.

    What the schedule's feed says wins over its layers. Cheap to ask often: a day of a rotation is computed once.
    """
    fed = _fed(duty.feeds.get(schedule, ()), at)
    if fed:
        return fed
    row = policy.schedules.get(schedule)
    if row is None or not row.layers:
        return ()
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return next((shift.members for shift in _day(row, day) if shift.since <= at < shift.until), ())


def shifts(policy: Policy, schedule: str, since: datetime, until: datetime, duty: Duty) -> tuple[Shift, ...]:
    """Return a schedule's shifts over a stretch of time, in order, none overlapping; the first and last are cut to it.

    Where nobody is on duty there is no shift. Turns of the same person that follow each other stay apart.
    """
    row = policy.schedules.get(schedule)
    under = rotation(row, since, until) if row is not None else ()
    return over(under, _flat(duty.feeds.get(schedule, ()), since, until))


def rotation(schedule: Schedule, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return the shifts of a schedule's layers alone."""
    zone = ZoneInfo(schedule.timezone)
    found: tuple[Shift, ...] = ()
    for layer in schedule.layers:
        found = over(found, covered(layer, zone, since, until))
    return found


def covered(layer: Layer, zone: ZoneInfo, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return what one layer covers: its turns, in the hours that it is restricted to."""
    if not layer.members:
        return ()
    open_hours = windows(layer, zone, since, until)
    return tuple(
        Shift(members=whose(layer, number), since=max(begin, opens), until=min(end, closes))
        for number, begin, end in turns(layer, zone, since, until)
        for opens, closes in open_hours
        if max(begin, opens) < min(end, closes)
    )


def over(under: tuple[Shift, ...], top: tuple[Shift, ...]) -> tuple[Shift, ...]:
    """Lay shifts over others (each in order, none overlapping): below, only what they leave free remains."""
    if not top or not under:
        return top or under
    left: list[Shift] = []
    first = 0
    for shift in under:
        since = shift.since
        while first < len(top) and top[first].until <= since:
            first += 1
        for at in range(first, len(top)):
            if top[at].since >= shift.until:
                break
            if since < top[at].since:
                left.append(Shift(members=shift.members, since=since, until=top[at].since))
            since = max(since, top[at].until)
        if since < shift.until:
            left.append(Shift(members=shift.members, since=since, until=shift.until))
    return tuple(sorted((*left, *top), key=lambda shift: shift.since))


@lru_cache(maxsize=1024)
def _day(schedule: Schedule, day: datetime) -> tuple[Shift, ...]:
    return rotation(schedule, day, day + _DAY)


def _fed(feed: tuple[Shift, ...], at: datetime) -> tuple[str, ...]:
    """Return everybody whom a feed has on duty: events of a calendar may overlap."""
    here = (member for shift in feed if shift.since <= at < shift.until for member in shift.members)
    return tuple(dict.fromkeys(here))


def _flat(feed: tuple[Shift, ...], since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return a feed's shifts cut so that none overlaps: where several do, all their members are on duty."""
    near = [shift for shift in feed if shift.since < until and since < shift.until]
    edges = sorted({since, until, *(e for s in near for e in (s.since, s.until) if since < e < until)})
    pieces = (
        Shift(members=members, since=begin, until=end)
        for begin, end in pairwise(edges)
        if (members := _fed(tuple(near), begin))
    )
    return tuple(pieces)
