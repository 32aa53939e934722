"""Whose turn it is in one layer: turns of whole days, counted by the wall clock and turned into moments once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, rrule

from bot.domain.hours import WEEKDAYS
from bot.domain.oncall import walls
from bot.domain.policy import Layer

_LENGTHS = {"daily": 1, "weekly": 7}


def length(layer: Layer) -> int:
    """Return how many days a turn takes."""
    return _LENGTHS.get(layer.every) or layer.days or 1


def first_handoff(layer: Layer) -> datetime:
    """Return the wall time at which the first turn begins: the first hand-off on or after ``starts``."""
    day = layer.starts
    if layer.every == "weekly" and layer.weekday is not None:
        day += timedelta(days=(WEEKDAYS.index(layer.weekday) - day.weekday()) % 7)
    return datetime.combine(day, layer.handoff)


def turns(
    layer: Layer, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield the turns (number, begin, end) that overlap a stretch of time; however far away, nothing is counted up to it."""
    first, step = first_handoff(layer), length(layer)
    passed = max((walls.wall(since, zone) - first).days // step - 1, 0)
    handoffs = rrule(DAILY, interval=step, dtstart=first + timedelta(days=step * passed))
    begins = (walls.moment(handoff, zone) for handoff in handoffs)
    for number, (begin, end) in enumerate(pairwise(begins), start=passed):
        if begin >= until:
            return
        if end > since:
            yield number, begin, end


def whose(layer: Layer, number: int) -> tuple[str, ...]:
    """Return who has a turn: one member, nobody in a layer without any."""
    return (layer.members[number % len(layer.members)],) if layer.members else ()
