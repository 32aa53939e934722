"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _what_is_known_of_a_workspace()
    _incidents_and_what_is_owed()
    _what_comes_in_and_goes_out()
    _what_is_kept_for_ever()


def downgrade() -> None:
    """The first revision has nothing before it: an empty database is a new file or a new database."""
    raise NotImplementedError("there is nothing before the first revision; drop the database instead")


def _what_is_known_of_a_workspace() -> None:
    op.create_table(
        "person",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(320), nullable=True),
        sa.Column("tz", sa.String(64), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id", name="pk_person"),
    )
    op.create_table(
        "person_reference",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(320), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("user_ids", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "reference", name="pk_person_reference"),
    )
    op.create_table(
        "policy_version",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("version", sa.String(128), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("activated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "version", name="pk_policy_version"),
    )
    op.create_table(
        "counter",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name", name="pk_counter"),
    )
    op.create_table(
        "workspace_channel",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name", name="pk_workspace_channel"),
    )


def _incidents_and_what_is_owed() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("computed_severity", sa.Integer(), nullable=False),
        sa.Column("severity_reason", sa.Text(), nullable=False),
        sa.Column("scores", DOCUMENT, nullable=False),
        sa.Column("floor", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("customer_visible", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("opened_by", sa.String(32), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("lead", sa.String(32), nullable=True),
        sa.Column("channel_state", sa.String(16), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=True),
        sa.Column("channel_name", sa.String(128), nullable=True),
        sa.Column("channel_problem", sa.Text(), nullable=True),
        sa.Column("card_ts", sa.String(32), nullable=True),
        sa.Column("next_update_at", MOMENT, nullable=True),
        sa.Column("targets", DOCUMENT, nullable=False),
        sa.Column("closure", DOCUMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("team_id", "number", name="uq_incident_team_id_number"),
    )
    op.create_index("ix_incident_open", "incident", ["team_id"], **_only("status <> 'closed'"))
    op.create_index("ix_incident_team_id_channel_id", "incident", ["team_id", "channel_id"])
    op.create_table(
        "item",
        sa.Column("id", sa.String(160), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("role", sa.String(64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("holders", DOCUMENT, nullable=False),
        sa.Column("asked", DOCUMENT, nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(32), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("proposal", DOCUMENT, nullable=True),
        sa.Column("grants", DOCUMENT, nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_item_incident_id"),
    )
    op.create_index("ix_item_incident_id", "item", ["incident_id"])
    op.create_index("ix_item_open", "item", ["team_id"], **_only("state = 'open'"))
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("owner", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(160), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("visible_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("aside_at", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("owner", "kind", name="uq_timer_owner_kind"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_timer_incident_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_timer_item_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timer_due", "timer", ["visible_at", "id"], **_only("aside_at IS NULL"))


def _what_comes_in_and_goes_out() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(160), nullable=True),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("visible_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("moot", sa.Boolean(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_outbox_incident_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_outbox_item_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_aside", "outbox", ["team_id"], **_only("outcome = 'aside'"))
    op.create_index("ix_outbox_due", "outbox", ["lane", "visible_at", "id"], **_only("done_at IS NULL"))
    op.create_index("ix_outbox_incident", "outbox", ["incident_id"], **_only("done_at IS NULL"))
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("payload", DOCUMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index("ix_inbox_undone", "inbox", ["tried_at"], **_only("done_at IS NULL"))
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(160), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.Column("drawn_version", sa.Integer(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
        sa.UniqueConstraint("team_id", "channel_id", "ts", name="uq_message_team_id_channel_id_ts"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_message_incident_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_message_item_id"),
    )
    op.create_index("ix_message_incident_id_kind", "message", ["incident_id", "kind"])
    op.create_index("ix_message_item_id", "message", ["item_id"])


def _what_is_kept_for_ever() -> None:
    op.create_table(
        "audit_event",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=True),
        sa.Column("item_id", sa.String(160), nullable=True),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("rule", sa.String(128), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "seq", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_incident_id_seq", "audit_event", ["incident_id", "seq"])
    op.create_table(
        "audit_head",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_audit_head"),
    )
    op.create_table(
        "evidence",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(160), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "ref", name="pk_evidence"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_evidence_incident_id"),
    )
    op.create_index("ix_evidence_incident_id_at", "evidence", ["incident_id", "at"])


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
