"""Schedules made in Python, and the small pack with one of them in a slot."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.incident import Role
from bot.domain.policy import Hours, Layer, Policy, Schedule, Slot, Weekday
from tests.domain.small_pack import policy

L2 = Role("l2")
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def mails(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}@acme.example" for name in names)


def layer(*names: str, **changes: Any) -> Layer:
    """A weekly rotation that changes on Mondays at nine, since 2 November 2026."""
    usual: dict[str, Any] = {"starts": date(2026, 11, 2), "handoff": time(9), "weekday": "mon"}
    if changes.get("every", "weekly") != "weekly":
        del usual["weekday"]
    return Layer(members=mails(*names), **usual | changes)


def hours(*weekdays: Weekday, since: str, until: str) -> Hours:
    return Hours(weekdays=weekdays or WEEK, since=time.fromisoformat(since), until=time.fromisoformat(until))


def schedule(*layers: Layer, zone: str = "Europe/Oslo") -> Schedule:
    return Schedule(label="Platform", timezone=zone, layers=layers)


def pack(
    *layers: Layer,
    zone: str = "Europe/Oslo",
    backup: tuple[str, ...] = ("dev",),
    fallback: tuple[str, ...] = (),
    **changes: Any,
) -> Policy:
    """The small pack whose L2 primary is the schedule ``platform``."""
    usual = policy()
    slot = Slot(primary=("schedule/platform",), backup=mails(*backup), fallback=mails(*fallback))
    update = {"schedules": {"platform": schedule(*layers, zone=zone)}, "roster": {**usual.roster, L2: slot}}
    return usual.model_copy(update={**update, **changes})


def moment(text: str, zone: str = "Europe/Oslo") -> datetime:
    """What a clock on the wall shows, as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall(text: str) -> datetime:
    """What a clock on the wall shows, wherever it hangs."""
    return datetime.fromisoformat(text)
