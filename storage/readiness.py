"""What the workspace remembers that tells whether a page would arrive."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.incident import UserId, Workspace
from bot.domain.items import ItemKind
from storage.tables import INCIDENT, ITEM
from storage.transaction import Tx


def asked_since(tx: Tx, ws: Workspace, since: datetime) -> dict[UserId, tuple[int, int]]:
    """Return how often each person was paged since a moment, and how many of these pages they took themselves."""
    pages = select(ITEM.c.asked, ITEM.c.answered_by).where(
        ITEM.c.team_id == ws.team_id, ITEM.c.kind == ItemKind.ACKNOWLEDGE.value, ITEM.c.opened_at >= since
    )
    asked: Counter[UserId] = Counter()
    answered: Counter[UserId] = Counter()
    for row in tx.execute(pages):
        asked.update(UserId(user) for user in row.asked)
        if row.answered_by is not None:
            answered[UserId(row.answered_by)] += 1
    return {user: (times, answered[user]) for user, times in asked.items()}


def last_drill(tx: Tx, ws: Workspace) -> datetime | None:
    """Return when the last drill was opened."""
    return _last(tx, ws, drill=True, first=False)


def begun(tx: Tx, ws: Workspace) -> datetime | None:
    """Return since when this workspace has a record here: its desk is as old as that."""
    return _last(tx, ws, drill=False, first=True)


def _last(tx: Tx, ws: Workspace, *, drill: bool, first: bool) -> datetime | None:
    moment = func.min(INCIDENT.c.opened_at) if first else func.max(INCIDENT.c.opened_at)
    found: datetime | None = tx.execute(
        select(moment).where(INCIDENT.c.team_id == ws.team_id, INCIDENT.c.drill.is_(drill))
    ).scalar()
    return found
