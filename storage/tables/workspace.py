"""What is known of a workspace: its people, its channels, its policy, its numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field

from storage.columns import Json, Prose, UtcTime
from storage.tables.rows import Row, core


class PersonRow(Row, table=True):
    """Somebody in the workspace, as last seen."""

    __tablename__ = "person"

    team_id: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(sa_column=Column(Prose, nullable=False))
    email: str | None = Field(default=None, max_length=320)
    tz: str = Field(max_length=64)
    is_bot: bool
    is_active: bool
    is_external: bool


class PersonReferenceRow(Row, table=True):
    """Which people a reference of a roster (e-mail, id, user group; lower case) stands for."""

    __tablename__ = "person_reference"

    team_id: str = Field(primary_key=True, max_length=32)
    reference: str = Field(primary_key=True, max_length=320)
    user_ids: Any = Field(sa_column=Column(Json, nullable=False))


class PolicyVersionRow(Row, table=True):
    """One version of the policy pack, kept whole because incidents keep the version they began with.

    ``activated_at`` is empty until it has been in force; ``review_by`` where people moved what the pack says of itself.
    ``seal`` is the seal of the pack that was last checked and found to say this.
    """

    __tablename__ = "policy_version"

    team_id: str = Field(primary_key=True, max_length=32)
    version: str = Field(primary_key=True, max_length=128)
    content: Any = Field(sa_column=Column(Json, nullable=False))
    active: bool
    activated_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    proposed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    proposed_by: str | None = Field(default=None, max_length=128)
    approved_by: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    endorsed_by: str | None = Field(default=None, sa_column=Column(Prose, nullable=True))
    endorsed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    reviewed_by: str | None = Field(default=None, sa_column=Column(Prose, nullable=True))
    reviewed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    review_by: date | None = None
    seal: str | None = Field(default=None, max_length=64)


class CounterRow(Row, table=True):
    """A number that only grows, one per workspace and name."""

    __tablename__ = "counter"

    team_id: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=32)
    value: int


class WorkspaceChannelRow(Row, table=True):
    """Which channel a name stands for."""

    __tablename__ = "workspace_channel"

    team_id: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=128)
    channel_id: str = Field(max_length=32)


PERSON = core(PersonRow)
PERSON_REFERENCE = core(PersonReferenceRow)
POLICY_VERSION = core(PolicyVersionRow)
COUNTER = core(CounterRow)
WORKSPACE_CHANNEL = core(WorkspaceChannelRow)
