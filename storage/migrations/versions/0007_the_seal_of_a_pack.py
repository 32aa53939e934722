"""The seal of the pack that a version was read from, so that the same pack is not checked again at every start."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("policy_version", sa.Column("seal", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("policy_version") as version:
        version.drop_column("seal")
