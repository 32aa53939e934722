"""What is known about on-call besides the policy: overrides that people agreed on, and what feeds said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incident import Role, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody takes a slot (``primary`` or ``backup`` of a role) for a while; accepted by the one who takes it."""

    role: Role
    part: str
    user: UserId
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A stretch of time on call, as a feed or a rotation says; ``members`` are references as in a roster."""

    members: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Overrides in force or to come, and the shifts of each schedule that is read from a feed."""

    overrides: tuple[Override, ...] = ()
    feeds: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)


NOBODY = Duty()
