"""What came in from Slack, what waits to go out, and what we have posted."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Json, Prose, UtcTime
from storage.tables.rows import Row, core, partial

# What the partial indexes hold; a query that wants one of them says the same words.
UNDONE = "done_at IS NULL"
ASIDE = "outcome = 'aside'"

# How a row enters the outbox: nobody has tried to send it yet.
UNTRIED = {"attempts": 0, "fence": 0, "claimed": False, "unsure": False, "again": False, "moot": False}


class OutboxRow(Row, table=True):
    """One message or Slack operation to be done by the courier.

    ``key`` is unique for ever, so the same notice is enqueued once. ``visible_at`` is when it may be claimed, and the lease
    once it is; NULL while it waits for the incident's channel. ``claimed``: in flight, or its worker died. ``unsure``: an earlier
    try may have had its effect. ``again``: it changed while in flight and must be drawn once more. ``moot``: it asks somebody
    who has answered meanwhile. ``done_at`` with ``outcome`` (sent, withdrawn, aside) ends it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        partial("ix_outbox_due", "lane", "visible_at", "id", where=UNDONE),
        partial("ix_outbox_incident", "incident_id", where=UNDONE),
        partial("ix_outbox_aside", "team_id", where=ASIDE),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300)
    lane: int
    kind: str = Field(max_length=32)
    address: str = Field(max_length=80)
    incident_id: str = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ForeignKey("item.id")))
    data: Any = Field(sa_column=Column(Json, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    not_before: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    visible_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    attempts: int = 0
    fence: int = 0
    claimed: bool = False
    unsure: bool = False
    again: bool = False
    moot: bool = False
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    outcome: str | None = Field(default=None, max_length=16)
    why: str | None = Field(default=None, sa_column=Column(Prose))


class InboxRow(Row, table=True):
    """A delivery or a business key seen before; ``payload`` is kept for what must be finished after a crash."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(None, "received_at"),
        partial("ix_inbox_undone", "tried_at", where=UNDONE),
    )

    key: str = Field(primary_key=True, max_length=300)
    payload: Any = Field(default=None, sa_column=Column(Json))
    received_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    tried_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class MessageRow(Row, table=True):
    """One copy of something we posted.

    ``drawn_version`` is the version of the state that it shows, ``drawn_digest`` the digest of how it looks; NULL when nobody
    can tell.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "ts"),
        Index(None, "incident_id", "kind"),
        Index(None, "item_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=300, unique=True)
    incident_id: str = Field(sa_column=Column(ForeignKey("incident.id"), nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ForeignKey("item.id")))
    kind: str = Field(max_length=32)
    channel_id: str = Field(max_length=32)
    ts: str = Field(max_length=32)
    data: Any = Field(sa_column=Column(Json, nullable=False))
    drawn_version: int
    drawn_digest: str | None = Field(default=None, max_length=32)
    posted_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


OUTBOX = core(OutboxRow)
INBOX = core(InboxRow)
MESSAGE = core(MessageRow)
