"""Triggers that make the audit trail append-only, and queues that stay lean."""

from alembic import op

revision = "0002"
down_revision = "0001"

REFUSAL = "audit events are append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _keep_the_queues_lean()
        _guard_the_audit_on_postgres()
    else:
        _guard_the_audit_on_sqlite()


def downgrade() -> None:
    """Taking the guards away would let the past be rewritten: go back by restoring a backup."""
    raise NotImplementedError("the guards of the audit trail are not taken away; restore a backup instead")


def _keep_the_queues_lean() -> None:
    # Rows of these come and go all day: with the default of a fifth, dead rows would slow every claim.
    for table in ("timer", "outbox"):
        op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70)")


def _guard_the_audit_on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_never_emptied BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()"
    )


def _guard_the_audit_on_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_event_no_{act.lower()} BEFORE {act} ON audit_event "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE removes the old row without asking the trigger above.
    op.execute(
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE team_id = NEW.team_id AND seq = NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
