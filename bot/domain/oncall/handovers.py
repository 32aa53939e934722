"""When a slot passes from some people to others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.incident import Role
from bot.domain.oncall.duty import Duty
from bot.domain.oncall.slots import PARTS, slot_shifts
from bot.domain.policy import Policy

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """At ``at`` a slot passes from ``outgoing`` to ``incoming`` (references; nobody is empty)."""

    role: Role
    part: str
    outgoing: tuple[str, ...]
    incoming: tuple[str, ...]
    at: datetime


def handovers(policy: Policy, since: datetime, until: datetime, duty: Duty) -> tuple[Handover, ...]:
    """Return every change of every slot after ``since``, up to and including ``until``, in order of time.

    One stretch after another finds each change exactly once.
    """
    found = (
        one for role in policy.roster for part in PARTS for one in _of(policy, role, part, since, until, duty)
    )
    return tuple(sorted(found, key=lambda handover: (handover.at, handover.role, handover.part)))


def _of(
    policy: Policy, role: Role, part: str, since: datetime, until: datetime, duty: Duty
) -> Iterator[Handover]:
    for before, after in pairwise(slot_shifts(policy, role, part, since, until + _MOMENT, duty)):
        yield Handover(role=role, part=part, outgoing=before.members, incoming=after.members, at=after.since)
