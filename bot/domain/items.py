"""Everything a person owes: one kind of value, whatever the duty is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from bot.domain.incident import IncidentId, Role, UserId

ItemId = NewType("ItemId", str)


class ItemKind(StrEnum):
    """What sort of duty it is."""

    ACKNOWLEDGE = "acknowledge"
    APPROVAL = "approval"
    NEXT_STEP = "next_step"
    UPDATE = "update"
    SETTLE = "settle"
    OFFER = "offer"
    HANDOVER = "handover"
    TASK = "task"


class ItemState(StrEnum):
    """Where a duty stands. Everything but OPEN, ACKNOWLEDGED and EXHAUSTED (still waiting, nobody left to ask) is an end."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    APPROVED = "approved"
    CHANGED = "changed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    BLOCKED = "blocked_by_floor"
    CANCELLED = "cancelled"
    EXHAUSTED = "exhausted"


class Reason(StrEnum):
    """Why this person is asked now (audit question S3-27)."""

    OPENED = "opened"
    MISSED = "missed_ack"
    VACANCY = "vacancy"
    DECLINED = "declined"
    UNDELIVERED = "delivery_failure"
    SEVERITY = "severity_change"
    RESCORED = "rescored"
    STOPPED = "stop_the_line"
    SERVICE = "service_named"
    ASKED_NOW = "asked_now"
    LEASE = "lease_ran_out"


class ProposalKind(StrEnum):
    """What an approval would change."""

    SEVERITY = "severity"
    OWNER = "owner"
    TEXT = "text"
    CLOSE = "close"
    POLICY = "policy"
    LIFT = "lift"
    REMEDIATION = "remediation"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Exactly what an approval is about; ``digest`` binds a decision to it (see `approvals.digest`).

    ``value`` and ``current`` are JSON: a severity number, a user id, a text with its fields, a closure.
    ``needs`` lists the quorum: one grant by a holder of each inner tuple's roles (any one of the tuple).
    """

    kind: ProposalKind
    value: Any
    current: Any
    rationale: str = ""
    evidence: tuple[str, ...] = ()
    confidence: float | None = None
    proposed_by: str
    prompted_by: UserId | None = None
    model: str = ""
    model_version: str = ""
    needs: tuple[tuple[Role, ...], ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One person's decision on a proposal, as it was made."""

    by: UserId
    role: Role
    verdict: str
    reason: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One duty at one moment.

    ``holders`` are the people asked now, ``asked`` everyone asked so far, ``rung`` the position on the ladder and
    ``round`` how often the ladder has been climbed. ``details`` is JSON that belongs to the kind (a step's text, a promise).
    """

    id: ItemId
    incident_id: IncidentId
    kind: ItemKind
    role: Role | None
    title: str
    state: ItemState = ItemState.OPEN
    holders: tuple[UserId, ...] = ()
    asked: tuple[UserId, ...] = ()
    rung: int = 0
    round: int = 0
    reason: Reason = Reason.OPENED
    opened_at: datetime
    asked_at: datetime
    due_at: datetime | None = None
    answered_by: UserId | None = None
    answered_at: datetime | None = None
    lease_until: datetime | None = None
    proposal: Proposal | None = None
    grants: tuple[Grant, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    def __post_init__(self) -> None:
        for moment in (self.opened_at, self.asked_at, self.due_at, self.answered_at, self.lease_until):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError("item times must carry a time zone")

    @property
    def is_open(self) -> bool:
        return self.state is ItemState.OPEN

    @property
    def is_over(self) -> bool:
        return self.state not in (ItemState.OPEN, ItemState.ACKNOWLEDGED, ItemState.EXHAUSTED)
