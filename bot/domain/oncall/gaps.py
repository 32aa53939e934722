"""Gaps found before they come: when nobody will be in a slot, and no fallback is there either."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.incident import Role
from bot.domain.oncall.duty import Duty, Shift
from bot.domain.oncall.slots import PARTS, named, scheduled_shifts, slot_shifts
from bot.domain.policy import Policy


class People(Protocol):
    """Who is behind a reference, as a `bot.domain.roles.Directory` knows it."""

    def is_resolved(self, reference: str) -> bool:
        """Say whether it is known who is behind a reference."""
        ...

    def resolve(self, reference: str) -> Sequence[object]:
        """Return who is behind a reference and may act."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody can be asked in a slot from ``since`` to ``until``; ``members`` are on duty by name, but nobody may act for them."""

    role: Role
    part: str
    since: datetime
    until: datetime
    members: tuple[str, ...] = ()


def gaps(
    policy: Policy, since: datetime, until: datetime, duty: Duty, people: People | None = None
) -> tuple[Gap, ...]:
    """Return the gaps of a stretch of time, in order; those at its ends are cut to it.

    A slot with a fallback has none, nor has a backup slot that the pack leaves empty. With ``people``, somebody who left
    counts as nobody; a reference that was never looked up is trusted.
    """
    found = (
        gap
        for role in policy.roster
        for part in PARTS
        for gap in _of(policy, role, part, since, until, duty, people)
    )
    return tuple(sorted(found, key=lambda gap: (gap.since, gap.role, gap.part)))


def _of(
    policy: Policy, role: Role, part: str, since: datetime, until: datetime, duty: Duty, people: People | None
) -> Iterator[Gap]:
    if part != "primary" and not named(policy, role, part):
        return
    last: Gap | None = None
    for shift in _uncovered(policy, role, part, since, until, duty, people):
        if last is not None and last.until == shift.since:
            both = tuple(dict.fromkeys((*last.members, *shift.members)))
            last = replace(last, until=shift.until, members=both)
            continue
        if last is not None:
            yield last
        last = Gap(role=role, part=part, since=shift.since, until=shift.until, members=shift.members)
    if last is not None:
        yield last


def _uncovered(
    policy: Policy, role: Role, part: str, since: datetime, until: datetime, duty: Duty, people: People | None
) -> Iterator[Shift]:
    fallback = policy.roster[role].fallback
    for shift in slot_shifts(policy, role, part, since, until, duty):
        if _anybody(shift.members, people):
            continue
        for stand_in in scheduled_shifts(policy, fallback, shift.since, shift.until, duty):
            if not _anybody(stand_in.members, people):
                yield replace(shift, since=stand_in.since, until=stand_in.until)


def _anybody(references: tuple[str, ...], people: People | None) -> bool:
    if people is None:
        return bool(references)
    return any(not people.is_resolved(name) or people.resolve(name) for name in references)
