"""How soon people answer at an hour of their day: the only guess in a simulation, and all of it can be changed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.errors import InvalidInput
from bot.rehearsal.times import length


class Awake(StrEnum):
    """What people are doing at an hour of their own day."""

    WORKING = "working"
    AWAKE = "awake"
    ASLEEP = "asleep"


# Night is when people sleep; a page then is what a rotation costs.
NIGHT = (time(22), time(7))
WORK = (time(9), time(17))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How people answer: log-normal around ``median`` with ``spread`` (its sigma); ``never`` is who misses an incident whole.

    A spread of 0.8 has two in three answers between 45% and 220% of the median.
    """

    median: timedelta
    spread: float
    never: float

    def after(self, random: Random) -> timedelta:
        """Draw how long an answer takes."""
        seconds = self.median.total_seconds() * math.exp(random.gauss(0, self.spread))
        return timedelta(seconds=round(seconds))


# Judgement, not measurement: quick at work, slower in the evening, and three in ten sleep through an incident at night.
USUAL: Mapping[Awake, Habit] = MappingProxyType(
    {
        Awake.WORKING: Habit(median=timedelta(minutes=2), spread=0.8, never=0.04),
        Awake.AWAKE: Habit(median=timedelta(minutes=4), spread=0.9, never=0.10),
        Awake.ASLEEP: Habit(median=timedelta(minutes=6), spread=0.8, never=0.30),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How everybody answers, by what they are doing; declines are the share of answers that pass the page on."""

    by: Mapping[Awake, Habit] = field(default_factory=lambda: dict(USUAL))
    declines: float = 0.03


def doing(at: datetime, zone: ZoneInfo) -> Awake:
    """Return what people of a zone are doing at a moment."""
    local = at.astimezone(zone)
    clock = local.time()
    if clock >= NIGHT[0] or clock < NIGHT[1]:
        return Awake.ASLEEP
    at_work = local.weekday() < 5 and WORK[0] <= clock < WORK[1]
    return Awake.WORKING if at_work else Awake.AWAKE


_HABIT = re.compile(r"(working|awake|asleep)=([^,]+),([0-9.]+),([0-9.]+)%")


def read(said: tuple[str, ...]) -> Habits:
    """Read habits such as ``asleep=9m,0.9,25%`` (median, spread, never); what is not said stays usual."""
    by = dict(USUAL)
    for one in said:
        found = _HABIT.fullmatch(one.strip().lower())
        try:
            if found is None:
                raise ValueError
            median, spread, never = length("habit", found[2]), float(found[3]), float(found[4]) / 100
            if not (median and 0 <= spread <= 3 and 0 <= never <= 1):
                raise ValueError
        except (ValueError, InvalidInput):
            example = "asleep=9m,0.9,25% (the median, the spread 0 to 3, the share who miss it)"
            raise InvalidInput({"habit": f"{one!r} is no habit. Write it like {example}."}) from None
        by[Awake(found[1])] = Habit(median=median, spread=spread, never=never)
    return Habits(by=by)
