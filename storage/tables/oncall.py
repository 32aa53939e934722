"""Who takes whose place on call, what calendar feeds said, and what was told once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field

from storage.columns import Json, Prose, UtcTime
from storage.tables.rows import Row, core


class OnCallCoverRow(Row, table=True):
    """Somebody takes a slot of a role for a while; the latest one arranged counts where several cover the same time."""

    __tablename__ = "on_call_cover"
    __table_args__ = (Index(None, "team_id", "until"),)

    team_id: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True, max_length=200)
    role: str = Field(max_length=64)
    part: str = Field(max_length=16)
    user_id: str = Field(max_length=32)
    since: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    until: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    arranged_by: str = Field(max_length=32)
    arranged_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    cancelled_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class CalendarFeedRow(Row, table=True):
    """One schedule's calendar feed: its last good content, the shifts read from it, and what is wrong with it now.

    ``fetched_at`` is when it last came, ``read_at`` when shifts were last read from what came. ``failing_since`` begins with the
    first failure after a success; ``told_at`` is when somebody was told of this outage.
    """

    __tablename__ = "calendar_feed"

    team_id: str = Field(primary_key=True, max_length=32)
    schedule: str = Field(primary_key=True, max_length=64)
    url: str = Field(sa_column=Column(Prose, nullable=False))
    content: str = Field(sa_column=Column(Prose, nullable=False))
    shifts: Any = Field(sa_column=Column(Json, nullable=False))
    fetched_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    failing_since: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    problem: str = Field(sa_column=Column(Prose, nullable=False))
    told_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class OnCallToldRow(Row, table=True):
    """What was said once and need not be said again, by name; also until when changes of shift have been looked through."""

    __tablename__ = "on_call_told"

    team_id: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


ON_CALL_COVER = core(OnCallCoverRow)
CALENDAR_FEED = core(CalendarFeedRow)
ON_CALL_TOLD = core(OnCallToldRow)
