"""One slot of the roster over time: people named in it, the schedules it refers to, and overrides on top."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.incident import Role
from bot.domain.oncall.duty import Duty, Override, Shift
from bot.domain.oncall.schedules import on_duty, schedule_id, shifts
from bot.domain.policy import Policy

PARTS = ("primary", "backup")
# How far ahead a change is looked for, and how much of it at once.
HORIZON = timedelta(days=400)
_CHUNK = timedelta(days=20)


def named(policy: Policy, role: Role, part: str) -> tuple[str, ...]:
    """Return what the pack writes into a slot."""
    slot = policy.roster.get(role)
    if slot is None:
        return ()
    return slot.primary if part == "primary" else slot.backup


def standing(policy: Policy, role: Role, part: str, at: datetime, duty: Duty) -> tuple[str, ...]:
    """Return the references in a slot at a moment: an override in force alone, else the people named and those on duty."""
    for override in reversed(duty.overrides):
        if _of(override, role, part) and override.since <= at < override.until:
            return (override.user,)
    return scheduled(policy, named(policy, role, part), at, duty)


def scheduled(
    policy: Policy, references: tuple[str, ...], at: datetime | None, duty: Duty
) -> tuple[str, ...]:
    """Return references with each schedule among them replaced by who is on duty in it; at no moment, by nobody."""
    if not any(map(schedule_id, references)):
        return references
    found: list[str] = []
    for reference in references:
        schedule = schedule_id(reference)
        if schedule is None:
            found.append(reference)
        elif at is not None:
            found += on_duty(policy, schedule, at, duty)
    return tuple(dict.fromkeys(found))


def slot_shifts(
    policy: Policy, role: Role, part: str, since: datetime, until: datetime, duty: Duty
) -> tuple[Shift, ...]:
    """Return who is in a slot over a stretch of time, without a hole: nobody is a shift without members.

    Neighbours are never the same people, so each border is a change.
    """
    edges = _edges(policy, named(policy, role, part), since, until, duty)
    for override in duty.overrides:
        if _of(override, role, part):
            edges |= {edge for edge in (override.since, override.until) if since < edge < until}
    return _shifts(edges, lambda at: standing(policy, role, part, at, duty))


def scheduled_shifts(
    policy: Policy, references: tuple[str, ...], since: datetime, until: datetime, duty: Duty
) -> tuple[Shift, ...]:
    """Return who is behind some references of the roster over a stretch of time, without a hole."""
    edges = _edges(policy, references, since, until, duty)
    return _shifts(edges, lambda at: scheduled(policy, references, at, duty))


def next_change(policy: Policy, role: Role, part: str, at: datetime, duty: Duty) -> datetime | None:
    """Return when somebody else (or nobody) is in a slot next; None when that is further away than `HORIZON`."""
    now = standing(policy, role, part, at, duty)
    if not _changes(policy, role, part, duty):
        return None
    since, last = at, at + HORIZON
    while since < last:
        until = min(since + _CHUNK, last)
        for shift in slot_shifts(policy, role, part, since, until, duty):
            if shift.members != now:
                return shift.since
        since = until
    return None


def _changes(policy: Policy, role: Role, part: str, duty: Duty) -> bool:
    return any(map(schedule_id, named(policy, role, part))) or any(
        _of(override, role, part) for override in duty.overrides
    )


def _of(override: Override, role: Role, part: str) -> bool:
    return override.role == role and override.part == part


def _edges(
    policy: Policy, references: tuple[str, ...], since: datetime, until: datetime, duty: Duty
) -> set[datetime]:
    edges = {since, until}
    for reference in references:
        if (schedule := schedule_id(reference)) is not None:
            for shift in shifts(policy, schedule, since, until, duty):
                edges |= {shift.since, shift.until}
    return edges


def _shifts(edges: set[datetime], members_at: Callable[[datetime], tuple[str, ...]]) -> tuple[Shift, ...]:
    pieces: list[Shift] = []
    for begin, end in pairwise(sorted(edges)):
        members = members_at(begin)
        start = pieces.pop().since if pieces and pieces[-1].members == members else begin
        pieces.append(Shift(members=members, since=start, until=end))
    return tuple(pieces)
