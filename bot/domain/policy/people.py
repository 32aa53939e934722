"""Who: roles and their holders, teams, rotations, calendars, and who may decide and do what."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Role, Severity
from bot.domain.policy.base import Level, Model, Reviewed, Weekday

Letters = Literal["R", "A", "C", "I", "R/A"]


class RoleRow(Model):
    """A role's name as people read it."""

    label: str


class Slot(Model):
    """Who holds a role: e-mail addresses, Slack user ids (``U...``), user groups (``@handle`` or ``S...``) or a schedule.

    A schedule is written ``schedule/<id>``. ``fallback`` is asked where both other slots are empty: never everyone.
    """

    primary: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()


class Team(Model):
    """A team that owns services: whose role is paged for it."""

    label: str
    role: Role
    channel: str = ""


class RaciRow(Model):
    """One activity: who is responsible (R), accountable (A), consulted (C) and informed (I), as in ``incident_manager: A``.

    Exactly one role is accountable at each severity (S0-19). ``severities`` limits a row, so that the same
    activity may have another row for the others.
    """

    activity: str
    severities: tuple[Level, ...] = tuple(Severity)
    cells: Annotated[Mapping[Role, Letters], Field(min_length=1)]


class Hours(Model):
    """Some hours of the days on which they begin, in the time zone of the schedule.

    ``until`` a time before ``since`` means the next morning; from ``"00:00"`` until ``"00:00"`` means the whole day.
    """

    weekdays: tuple[Weekday, ...]
    since: time
    until: time


class Layer(Model):
    """One rotation: its members take turns, changing at ``handoff`` (local wall time).

    ``every`` is ``daily``, ``weekly`` (on ``weekday``), or ``custom`` with ``days``. The first member begins with the first
    hand-off on or after ``starts``. ``hours`` restricts the layer to some hours; the turns do not change by that.
    """

    members: tuple[str, ...] = ()
    starts: date
    handoff: time
    every: Literal["daily", "weekly", "custom"] = "weekly"
    weekday: Weekday | None = None
    days: Annotated[int, Field(gt=0, le=366)] | None = None
    hours: tuple[Hours, ...] = ()


class Feed(Model):
    """An iCalendar feed as the source of a schedule; attendees or e-mail addresses in the summary say who is on call."""

    url: str


class Schedule(Model):
    """Who is on call when: layers in a named time zone (a later one wins where it covers), an iCalendar feed, or both.

    Where the feed names somebody, it wins over the layers.
    """

    label: str
    timezone: str
    layers: tuple[Layer, ...] = ()
    feed: Feed | None = None


class Calendar(Model):
    """Public holidays of a country (``DE``) or of a part of it (``BY``), with days added or taken away."""

    country: str
    subdivision: str = ""
    add: tuple[date, ...] = ()
    remove: tuple[date, ...] = ()


class SupportHours(Model):
    """When support works: for targets in working time; never on ``holidays`` nor on those of any of its ``calendars``."""

    timezone: str
    weekdays: tuple[Weekday, ...]
    opens: time
    closes: time
    holidays: tuple[date, ...] = ()
    calendars: Mapping[str, Calendar] = Field(default_factory=dict)

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        start = timedelta(hours=self.opens.hour, minutes=self.opens.minute)
        return timedelta(hours=self.closes.hour, minutes=self.closes.minute) - start


class DataRule(Reviewed):
    """What may not go to an audience without another agreement: from ``score`` on, ``roles`` must agree too."""

    audience: Literal["customer", "executive"]
    dimension: Literal["data", "regulatory"]
    score: Annotated[int, Field(ge=1, le=4)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    says: str
