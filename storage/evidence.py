"""What was said and seen in an incident, so that advice can cite it and people can check it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain.incident import IncidentId
from storage.statements import insert_or_ignore
from storage.tables import EVIDENCE, INCIDENT
from storage.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing said or seen, under the reference by which it is cited."""

    ref: str
    excerpt: str
    by: str
    at: datetime


def add(tx: Tx, incident_id: IncidentId, ref: str, excerpt: str, by: str, now: datetime) -> bool:
    """Keep something said; False when that reference is known already (what it says is never changed)."""
    owner = tx.execute(
        select(INCIDENT.c.team_id, INCIDENT.c.enterprise_id).where(INCIDENT.c.id == incident_id)
    ).one()
    row = {
        "incident_id": incident_id,
        "ref": ref,
        "team_id": owner.team_id,
        "enterprise_id": owner.enterprise_id,
        "excerpt": excerpt,
        "by": by,
        "at": now,
    }
    return tx.fast(insert_or_ignore(tx, EVIDENCE, "incident_id", "ref"), row).rowcount == 1


def known(tx: Tx, incident_id: IncidentId) -> frozenset[str]:
    """Return every reference that advice about this incident may cite."""
    return frozenset(
        tx.execute(select(EVIDENCE.c.ref).where(EVIDENCE.c.incident_id == incident_id)).scalars()
    )


def said(tx: Tx, incident_id: IncidentId, limit: int = 50) -> tuple[Evidence, ...]:
    """Return the latest things said, oldest first."""
    latest = (
        select(EVIDENCE)
        .where(EVIDENCE.c.incident_id == incident_id)
        .order_by(EVIDENCE.c.at.desc(), EVIDENCE.c.ref.desc())
        .limit(limit)
    )
    rows = tx.execute(latest).all()
    return tuple(Evidence(ref=row.ref, excerpt=row.excerpt, by=row.by, at=row.at) for row in reversed(rows))
