"""What an incident is about: its kind, service, trigger and identity, what holds and what was answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")
WORDS = {"kind": 64, "service": 64, "trigger": 64, "identity": 128, "fingerprint": 128}
DOCUMENTS = ("conditions", "answers", "ticked")


def upgrade() -> None:
    with op.batch_alter_table("incident") as incident:
        for name, length in WORDS.items():
            incident.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        for name in DOCUMENTS:
            incident.add_column(sa.Column(name, DOCUMENT, nullable=False, server_default="{}"))
        incident.add_column(sa.Column("legal_hold", sa.Boolean(), nullable=False, server_default=sa.false()))
        incident.add_column(sa.Column("stage_since", MOMENT, nullable=True))
    op.create_index(
        "ix_incident_team_id_fingerprint_opened_at", "incident", ["team_id", "fingerprint", "opened_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_incident_team_id_fingerprint_opened_at", "incident")
    with op.batch_alter_table("incident") as incident:
        for name in (*WORDS, *DOCUMENTS, "legal_hold", "stage_since"):
            incident.drop_column(name)
