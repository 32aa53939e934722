"""Versions of the policy: who proposed, approved, endorsed and reviewed each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")
ADDED = {
    "proposed_at": MOMENT,
    "proposed_by": sa.String(128),
    "approved_by": DOCUMENT,
    "endorsed_by": sa.Text(),
    "endorsed_at": MOMENT,
    "reviewed_by": sa.Text(),
    "reviewed_at": MOMENT,
    "review_by": sa.Date(),
}


def upgrade() -> None:
    with op.batch_alter_table("policy_version") as version:
        for name, kind in ADDED.items():
            version.add_column(sa.Column(name, kind, nullable=True))
        version.alter_column("activated_at", existing_type=MOMENT, nullable=True)


def downgrade() -> None:
    # A version that was only ever proposed has no place in the older table.
    op.execute("DELETE FROM policy_version WHERE activated_at IS NULL")
    with op.batch_alter_table("policy_version") as version:
        version.alter_column("activated_at", existing_type=MOMENT, nullable=False)
        for name in ADDED:
            version.drop_column(name)
