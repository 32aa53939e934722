"""What is kept for ever: the audit chain, and the evidence that advice rests on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field

from storage.columns import Json, Prose, UtcTime
from storage.tables.rows import Row, core


class AuditEventRow(Row, table=True):
    """One link of a workspace's chain; triggers refuse to change or remove it. No foreign keys: it outlives what it is about."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "incident_id", "seq"),)

    team_id: str = Field(primary_key=True, max_length=32)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    kind: str = Field(max_length=48)
    actor: str = Field(max_length=64)
    incident_id: str | None = Field(default=None, max_length=64)
    item_id: str | None = Field(default=None, max_length=160)
    data: Any = Field(sa_column=Column(Json, nullable=False))
    policy_version: str = Field(max_length=128)
    rule: str = Field(max_length=128)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHeadRow(Row, table=True):
    """The last link of a workspace's chain: what makes a cut-off tail visible, and the lock that keeps the chain one."""

    __tablename__ = "audit_head"

    team_id: str = Field(primary_key=True, max_length=32)
    seq: int
    hash: str = Field(max_length=64)


class EvidenceRow(Row, table=True):
    """Something said or seen in an incident, under the reference by which advice may cite it."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "incident_id", "at"),)

    incident_id: str = Field(sa_column=Column(ForeignKey("incident.id"), primary_key=True))
    ref: str = Field(primary_key=True, max_length=160)
    excerpt: str = Field(sa_column=Column(Prose, nullable=False))
    by: str = Field(max_length=64)
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


AUDIT_EVENT = core(AuditEventRow)
AUDIT_HEAD = core(AuditHeadRow)
EVIDENCE = core(EvidenceRow)
