"""The hours to which a layer is restricted, as stretches of moments: overnight windows, and whole days from 00:00 to 00:00."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.hours import WEEKDAYS
from bot.domain.oncall import walls
from bot.domain.policy import Hours, Layer

Stretch = tuple[datetime, datetime]
_DAY = timedelta(days=1)


def windows(layer: Layer, zone: ZoneInfo, since: datetime, until: datetime) -> list[Stretch]:
    """Return when a layer's hours let it cover, in order and without overlap, cut to a stretch; no hours mean always."""
    if not layer.hours:
        return [(since, until)]
    found: list[Stretch] = []
    # A day more on both sides: a window may begin the evening before.
    day, last = walls.wall(since, zone).date() - _DAY, walls.wall(until, zone).date()
    while day <= last:
        for hours in layer.hours:
            if WEEKDAYS[day.weekday()] in hours.weekdays:
                begin, end = _window(hours, day, zone)
                found.append((max(begin, since), min(end, until)))
        day += _DAY
    return _joined(found)


def _window(hours: Hours, day: date, zone: ZoneInfo) -> Stretch:
    ends = day if hours.until > hours.since else day + _DAY
    return (
        walls.moment(datetime.combine(day, hours.since), zone),
        walls.moment(datetime.combine(ends, hours.until), zone),
    )


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that touch or overlap as one, empty ones left out."""
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if begin >= end:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
