"""Who: roles and their holders, teams, rotations, calendars, and who may decide and do what."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Role
from bot.domain.policy.base import Model, Reviewed, Weekday


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

    Exactly one role is accountable (domain row S0-19). ``severities`` limits a row; the same activity may have several.
    """

    activity: str
    severities: tuple[str, ...] = ()
    cells: Mapping[Role, str]


class Hours(Model):
    """Some hours of some weekdays, in the time zone of the schedule; until a time before it begins means overnight."""

    weekdays: tuple[Weekday, ...]
    since: time
    until: time


class Layer(Model):
    """One rotation: its members take turns from ``starts`` on, changing at ``handoff`` (local wall time).

    ``every`` is ``daily``, ``weekly`` (on ``weekday``), or ``custom`` with ``days``. ``hours`` restricts it to some hours.
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
    """Who is on call when: layers in a named time zone (a later one wins where it covers), or an iCalendar feed."""

    label: str
    timezone: str
    layers: tuple[Layer, ...] = ()
    feed: Feed | None = None


class Calendar(Model):
    """Public holidays of a country (and part of it), with days added or taken away."""

    country: str
    subdivision: str = ""
    add: tuple[date, ...] = ()
    remove: tuple[date, ...] = ()


class SupportHours(Model):
    """When support works: for targets in working time. ``calendars`` names holiday calendars of the pack."""

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

    audience: Literal["customer", "executive", "support", "legal"]
    dimension: Literal["data", "regulatory"]
    score: Annotated[int, Field(ge=1, le=4)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    says: str
