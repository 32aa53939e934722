"""What would happen in a case, as rows that a person reads: when, what, to whom, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

from bot.domain import quorum
from bot.domain.incident import Role, UserId
from bot.domain.policy import Policy

# The word for each kind of fact, as a list of what happens reads; what is not here says its own kind in words.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "incident.opened": "opened",
        "ladder.step": "asked",
        "ladder.nagged": "reminded",
        "ladder.informed": "told",
        "ladder.skipped": "passed over",
        "ladder.exhausted": "alarm",
        "ladder.alarm": "alarm again",
        "ladder.cancelled": "no longer asked",
        "ack.received": "answered",
        "ack.declined": "declined",
        "ack.lease_lapsed": "asked again",
        "nextstep.owed": "owed",
        "nextstep.nagged": "next step: reminded",
        "nextstep.overdue": "next step overdue",
        "task.owed": "owed",
        "task.nagged": "task: reminded",
        "task.overdue": "task overdue",
        "settle.nagged": "unknown scores: reminded",
        "settle.overdue": "unknown scores overdue",
        "severity.unknown": "owed",
        "comms.promised": "update owed",
        "comms.reminded": "update: reminded",
        "comms.overdue": "update overdue",
        "comms.passed_on": "update passed on",
        "comms.drafted": "text to approve",
        "approval.asked": "to approve",
        "approval.reminded": "approval: reminded",
        "approval.expired": "approval expired",
        "target.missed": "target missed",
        "threshold.crossed": "threshold crossed",
        "stopline.fired": "stop the line",
        "exception.opened": "exception",
        "lane.asked": "asked",
        "lane.reminded": "reminded",
        "lane.backup_told": "backup told",
        "lane.timed_out": "time limit",
        "lane.told": "told",
        "lane.said_again": "told again",
    }
)

# What is said again with a number, or in another round of the ladder, and how many of the repetitions are worth a line:
# the second alarm shows how often it sounds.
_REPEATING: Mapping[str, int] = MappingProxyType(
    {
        "ladder.step": 0,
        "ladder.nagged": 0,
        "ladder.skipped": 0,
        "ladder.alarm": 1,
        "nextstep.overdue": 0,
        "settle.overdue": 0,
        "task.overdue": 0,
        "lane.said_again": 0,
    }
)

# Why somebody is asked or passed over, in a few words.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "opened": "called in at the opening",
        "missed_ack": "no answer in time",
        "vacancy": "nobody holds the place",
        "declined": "declined",
        "delivery_failure": "cannot be reached",
        "severity_change": "the severity changed",
        "rescored": "the scores changed",
        "stop_the_line": "the line is stopped",
        "service_named": "the service was named",
        "asked_now": "somebody asked for the next person",
        "lease_ran_out": "nothing was heard for a while",
        "already_asked": "was asked in this round already",
        "not_resolved_yet": "it is not known yet who holds it",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happens. ``kind`` is the audit event's; ``detail`` is what there is to say besides, in words.

    ``rung`` and ``round`` count from 0; for what is told again and again ``round`` counts the repetitions.
    """

    at: datetime
    offset: timedelta
    kind: str
    role: Role | None = None
    people: tuple[UserId, ...] = ()
    reason: str = ""
    rule: str = ""
    rung: int | None = None
    round: int | None = None
    detail: str = ""

    @property
    def what(self) -> str:
        """The kind in words: ``asked``, ``reminded``, ``alarm``."""
        return WORDS.get(self.kind, self.kind.replace(".", " ").replace("_", " "))

    @property
    def why(self) -> str:
        """The reason code in words."""
        return REASONS.get(self.reason, self.reason.replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A case played to its end: what it was, every row, and one sentence of how it ends.

    ``names`` says what people are called; ``facts`` holds what else there is to know of the case, by name.
    """

    title: str
    opens_at: datetime
    rows: tuple[Row, ...]
    outcome: str
    names: Mapping[UserId, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def called(self, row: Row) -> str:
        """Return a row's people by name; empty when it is about nobody."""
        return ", ".join(self.names.get(user, user) for user in row.people)


def once(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave out what only repeats: a ladder climbed again, a duty that is still overdue."""
    return (row for row in rows if (row.round or 0) <= _REPEATING.get(row.kind, row.round or 0))


def rounds(rows: Iterable[Row]) -> int:
    """Return how often a ladder is climbed at most."""
    return 1 + max((row.round or 0 for row in rows if row.kind == "ladder.step"), default=0)


def moments(rows: Iterable[Row]) -> Iterator[tuple[datetime, list[list[Row]]]]:
    """Return the rows by the moment at which they happen, and in it by what happens for the same reason."""
    for at, together in groupby(rows, key=lambda row: row.at):
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in together:
            alike.setdefault((row.kind, row.reason, row.detail, row.rule), []).append(row)
        yield at, list(alike.values())


def said(alike: Sequence[Row], timeline: Timeline, policy: Policy) -> tuple[str, str, str]:
    """Return what happens, to whom, and why, in words; of several rows that happen for the same reason, at once."""
    roles: dict[str, list[str]] = {}
    for row in alike:
        label = quorum.label(policy, row.role) if row.role is not None else ""
        roles.setdefault(timeline.called(row), []).append(label)
    who = ", ".join(filter(None, (_named(name, filter(None, labels)) for name, labels in roles.items())))
    why = "; ".join(part for part in (alike[0].detail, alike[0].why) if part)
    return alike[0].what, who, why


def _named(people: str, labels: Iterable[str]) -> str:
    known = ", ".join(labels)
    return f"{people} ({known})" if people and known else people or known


def span(length: timedelta) -> str:
    """Return a length of time as people say it: ``7 min``, ``1 h 40 min``, ``2 d 3 h``."""
    total = round(length.total_seconds())
    if total < 60:
        return f"{total} s" if total else "0 min"
    days, rest = divmod(total // 60, 24 * 60)
    hours, minutes = divmod(rest, 60)
    seconds = total % 60 if total < 3600 else 0
    counted = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    parts = [f"{count} {unit}" for count, unit in counted if count]
    return " ".join(parts)
