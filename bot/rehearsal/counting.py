"""What a simulation counts of each incident that was played."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import hours
from bot.domain.incident import Role, Severity, UserId
from bot.domain.items import ItemId
from bot.domain.policy import Policy, Span
from bot.rehearsal.habits import Awake, doing
from bot.rehearsal.playing import Played

# The rung on which nobody is asked any more: answered only after the alarm.
AFTER_ALARM = -1
_MOMENT = Span(minutes=1, working=True)


@dataclass(slots=True)
class Tally:
    """The counts of many incidents; two of them can be added."""

    incidents: Counter[Severity] = field(default_factory=Counter)
    calls: Counter[UserId] = field(default_factory=Counter)
    at_night: Counter[UserId] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    in_time: Counter[Severity] = field(default_factory=Counter)
    pages: Counter[Severity] = field(default_factory=Counter)
    seconds: dict[Severity, list[float]] = field(default_factory=dict)
    exhausted: Counter[Severity] = field(default_factory=Counter)
    alarms: int = 0
    by_role: Counter[Role] = field(default_factory=Counter)
    out_of_hours: Counter[Role] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take in what another tally counted."""
        for mine, theirs in (
            (self.incidents, other.incidents), (self.calls, other.calls), (self.answered, other.answered),
            (self.at_night, other.at_night), (self.in_time, other.in_time), (self.pages, other.pages),
            (self.exhausted, other.exhausted), (self.by_role, other.by_role),
            (self.out_of_hours, other.out_of_hours), (self.hours, other.hours),
        ):  # fmt: skip
            mine.update(theirs)  # type: ignore[arg-type]
        for level, seconds in other.seconds.items():
            self.seconds.setdefault(level, []).extend(seconds)
        self.alarms += other.alarms


def count(
    tally: Tally, played: Played, policy: Policy, zones: Mapping[UserId, ZoneInfo], home: ZoneInfo
) -> None:
    """Count one incident: who was called when, who answered on which rung, how long it took, what was exhausted."""
    level = played.memory.incident.severity
    tally.incidents[level] += 1
    answered: set[ItemId | None] = set()
    for one in played.recorded:
        data, role = one.fact.data, Role(str(one.fact.data.get("role") or ""))
        match one.fact.kind:
            case "ladder.step":
                _called(tally, map(UserId, data["asked"]), role, one.at, policy, zones, home)
            case "ladder.nagged":
                _called(tally, map(UserId, data["users"]), role, one.at, policy, zones, home)
            case "ladder.exhausted":
                tally.exhausted[level] += 1
                tally.alarms += 1
            case "ladder.alarm":
                tally.alarms += 1
            case "ack.received" if one.fact.item_id not in answered:
                answered.add(one.fact.item_id)
                tally.answered[AFTER_ALARM if data["after_alarm"] else data["rung"]] += 1
                tally.seconds.setdefault(level, []).append(data["seconds_after_opening"])
                tally.in_time[level] += one.at <= played.memory.incident.targets["acknowledge"]
    tally.pages[level] += len(played.pages)


def _called(
    tally: Tally,
    users: Iterable[UserId],
    role: Role,
    at: datetime,
    policy: Policy,
    zones: Mapping[UserId, ZoneInfo],
    home: ZoneInfo,
) -> None:
    for user in users:
        zone = zones.get(user, home)
        tally.calls[user] += 1
        tally.by_role[role] += 1
        tally.hours[at.astimezone(zone).hour] += 1
        if doing(at, zone) is Awake.ASLEEP:
            tally.at_night[user] += 1
        if not _in_support_hours(at, policy):
            tally.out_of_hours[role] += 1


def _in_support_hours(at: datetime, policy: Policy) -> bool:
    return hours.after(at, _MOMENT, policy.support_hours) - at == timedelta(minutes=1)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
