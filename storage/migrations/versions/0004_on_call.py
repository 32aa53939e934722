"""On call: who takes whose place, what calendar feeds said, and what was told once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "on_call_cover",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("arranged_by", sa.String(32), nullable=False),
        sa.Column("arranged_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("team_id", "id", name="pk_on_call_cover"),
    )
    op.create_index("ix_on_call_cover_team_id_until", "on_call_cover", ["team_id", "until"])
    op.create_table(
        "calendar_feed",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("schedule", sa.String(64), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("shifts", DOCUMENT, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("team_id", "schedule", name="pk_calendar_feed"),
    )
    op.create_table(
        "on_call_told",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name", name="pk_on_call_told"),
    )


def downgrade() -> None:
    op.drop_table("on_call_told")
    op.drop_table("calendar_feed")
    op.drop_index("ix_on_call_cover_team_id_until", "on_call_cover")
    op.drop_table("on_call_cover")
