"""Which workspaces this database serves."""

from sqlalchemy import select

from storage.tables import AUDIT_HEAD
from storage.transaction import Tx


def all_known(tx: Tx) -> tuple[str, ...]:
    """Return the team id of every workspace that has a record here."""
    return tuple(tx.execute(select(AUDIT_HEAD.c.team_id).order_by(AUDIT_HEAD.c.team_id)).scalars())
