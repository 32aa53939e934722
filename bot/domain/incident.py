"""One incident at one moment, and the small values it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NewType

IncidentId = NewType("IncidentId", str)
UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)
Role = NewType("Role", str)

# What the team is doing: the id of one of the policy's stages. The first of them is where every incident begins.
Stage = NewType("Stage", str)


class Severity(IntEnum):
    """How bad it is; 1 is worst."""

    SEV1 = 1
    SEV2 = 2
    SEV3 = 3
    SEV4 = 4
    SEV5 = 5


class Status(StrEnum):
    """Where the incident stands in its life; a different axis from the stage."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Dimension(StrEnum):
    """What severity is computed from; each is scored 0 to 4 or left unknown."""

    BUSINESS = "business"
    USERS = "users"
    DATA = "data"
    REGULATORY = "regulatory"
    IDENTITY = "identity"
    BLAST = "blast"


class ChannelState(StrEnum):
    """How the incident's own channel is doing."""

    WANTED = "wanted"
    READY = "ready"
    FALLBACK = "fallback"
    ARCHIVED = "archived"


# A score of None means "unknown"; a dimension that was not asked is absent from the mapping.
Scores = Mapping[Dimension, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Which Slack workspace something belongs to."""

    team_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What the closing form asked, kept with the incident."""

    cause: str
    cause_is_suspicion: bool
    actions_taken: str
    verification: str
    closed_by: UserId
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident at one moment. Changing it means making the next one (`dataclasses.replace`).

    ``kind``, ``service``, ``trigger`` and ``identity`` name rows of the policy, or are empty. ``conditions`` are the stop-the-line
    conditions that hold, by id (who said so, when, confirmed or suspected); ``answers`` is what the triage was told, by
    question; ``ticked`` how far it has come: exit criteria that a person has met or overridden, by ``stage/criterion``, and
    what `progress` keeps besides.
    ``version`` is the optimistic lock: `storage.apply` writes a changed incident only over the version it was loaded with.
    """

    id: IncidentId
    workspace: Workspace
    number: int
    title: str
    summary: str = ""
    severity: Severity
    computed_severity: Severity
    severity_reason: str
    scores: Scores
    floor: Severity | None = None
    kind: str = ""
    service: str = ""
    trigger: str = ""
    identity: str = ""
    fingerprint: str = ""
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    ticked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    legal_hold: bool = False
    stage: Stage = Stage("")
    stage_since: datetime | None = None
    status: Status = Status.OPEN
    customer_visible: bool = False
    private: bool = False
    drill: bool = False
    opened_by: UserId
    opened_at: datetime
    lead: UserId | None = None
    channel_state: ChannelState = ChannelState.WANTED
    channel_id: ChannelId | None = None
    channel_name: str | None = None
    channel_problem: str | None = None
    card_ts: str | None = None
    next_update_at: datetime | None = None
    targets: Mapping[str, datetime] = field(default_factory=dict)
    closure: Closure | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    policy_version: str
    version: int = 0

    def __post_init__(self) -> None:
        for moment in (self.opened_at, self.next_update_at, self.closed_at, self.stage_since):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError("incident times must carry a time zone")

    @property
    def key(self) -> str:
        """The name people say: ``INC-42``."""
        return f"INC-{self.number}"

    @property
    def is_desk(self) -> bool:
        """Whether this is the workspace's own record, for duties that belong to no incident (see `desk`)."""
        return self.number == 0

    @property
    def leads(self) -> tuple[UserId, ...]:
        """Whoever leads, for a list of people; empty while nobody does."""
        return (self.lead,) if self.lead else ()

    @property
    def is_closed(self) -> bool:
        return self.status is Status.CLOSED
