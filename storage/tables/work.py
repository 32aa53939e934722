"""Incidents, what people owe, and when it falls due."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Json, Prose, UtcTime
from storage.tables.rows import Row, core, partial

# What the partial indexes hold; a query that wants one of them says the same words.
NOT_CLOSED = "status <> 'closed'"
IS_OPEN = "state = 'open'"
LIVE = "aside_at IS NULL"


class IncidentRow(Row, table=True):
    """One incident; ``version`` is the optimistic lock and counts every change to it or to what it is owed."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        Index(None, "team_id", "channel_id"),
        partial("ix_incident_open", "team_id", where=NOT_CLOSED),
        Index(None, "team_id", "fingerprint", "opened_at"),
    )

    id: str = Field(primary_key=True, max_length=64)
    number: int
    title: str = Field(sa_column=Column(Prose, nullable=False))
    summary: str = Field(sa_column=Column(Prose, nullable=False))
    severity: int
    computed_severity: int
    severity_reason: str = Field(sa_column=Column(Prose, nullable=False))
    scores: Any = Field(sa_column=Column(Json, nullable=False))
    floor: int | None = None
    kind: str = Field(max_length=64)
    service: str = Field(max_length=64)
    trigger: str = Field(max_length=64)
    identity: str = Field(max_length=128)
    fingerprint: str = Field(max_length=128)
    conditions: Any = Field(sa_column=Column(Json, nullable=False))
    answers: Any = Field(sa_column=Column(Json, nullable=False))
    ticked: Any = Field(sa_column=Column(Json, nullable=False))
    legal_hold: bool
    stage_since: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    stage: str = Field(max_length=16)
    status: str = Field(max_length=16)
    customer_visible: bool
    private: bool
    drill: bool
    opened_by: str = Field(max_length=32)
    opened_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    lead: str | None = Field(default=None, max_length=32)
    channel_state: str = Field(max_length=16)
    channel_id: str | None = Field(default=None, max_length=32)
    channel_name: str | None = Field(default=None, max_length=128)
    channel_problem: str | None = Field(default=None, sa_column=Column(Prose))
    card_ts: str | None = Field(default=None, max_length=32)
    next_update_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    targets: Any = Field(sa_column=Column(Json, nullable=False))
    closure: Any = Field(default=None, sa_column=Column(Json))
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    reopened: int
    policy_version: str = Field(max_length=128)
    version: int


class ItemRow(Row, table=True):
    """One duty of somebody; ``version`` is the optimistic lock."""

    __tablename__ = "item"
    __table_args__ = (
        Index(None, "incident_id"),
        partial("ix_item_open", "team_id", where=IS_OPEN),
    )

    id: str = Field(primary_key=True, max_length=160)
    incident_id: str = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    kind: str = Field(max_length=16)
    role: str | None = Field(default=None, max_length=64)
    title: str = Field(sa_column=Column(Prose, nullable=False))
    state: str = Field(max_length=24)
    holders: Any = Field(sa_column=Column(Json, nullable=False))
    asked: Any = Field(sa_column=Column(Json, nullable=False))
    rung: int
    round: int
    reason: str = Field(max_length=24)
    opened_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    asked_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    answered_by: str | None = Field(default=None, max_length=32)
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    proposal: Any = Field(default=None, sa_column=Column(Json))
    grants: Any = Field(sa_column=Column(Json, nullable=False))
    details: Any = Field(sa_column=Column(Json, nullable=False))
    version: int


class TimerRow(Row, table=True):
    """Something that falls due.

    ``owner`` is the item, or the incident for its own timers; with ``kind`` it is unique. ``visible_at`` is both the due time
    and the lease of a claim. ``fence`` grows with every claim and every re-arming and never shrinks, so that a worker that comes
    back late finishes nothing.
    """

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("owner", "kind"),
        partial("ix_timer_due", "visible_at", "id", where=LIVE),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(max_length=160)
    kind: str = Field(max_length=16)
    incident_id: str = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ForeignKey("item.id")))
    due_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    visible_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    attempts: int
    fence: int
    aside_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    why: str | None = Field(default=None, sa_column=Column(Prose))


INCIDENT = core(IncidentRow)
ITEM = core(ItemRow)
TIMER = core(TimerRow)
