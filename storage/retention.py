"""Forgetting what has served its purpose, a small bite at a time; the audit trail and the incidents themselves stay for ever.

A row goes only when it was settled long ago and nothing can ask for it again: its incident is closed for good, or it lies on
the desk and what it was about is over.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, select, text

from bot.domain.desk import id_of
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.items import ItemId, ItemKind, ItemState
from storage import incidents, policies
from storage.tables import INCIDENT, ITEM, MESSAGE, OUTBOX, TIMER
from storage.tables.traffic import UNDONE
from storage.transaction import Tx

# So many rows are looked at, or written, in one transaction; deleting a duty makes the database look for what speaks of it.
LOOKED_AT = 500
DUTIES = 2
# No policy may say more.
LONGEST_REOPENING = timedelta(days=366)

_WAITING = tuple(state.value for state in (ItemState.OPEN, ItemState.ACKNOWLEDGED, ItemState.EXHAUSTED))
_PASSING = (ItemKind.OFFER.value, ItemKind.HANDOVER.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What may go: rows settled before ``settled``, in incidents closed before ``closed``."""

    workspace: Workspace
    settled: datetime
    closed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some rows of a table that were looked at: those that may go, and where to look on (None: the table ends here)."""

    old: tuple[int, ...]
    last: int | None


def horizon(tx: Tx, ws: Workspace, now: datetime, keep: timedelta) -> Horizon:
    """Return how far back rows are kept: for ``keep``, and for as long as an incident may be reopened by its own policy."""
    closed_lately = select(INCIDENT.c.policy_version).where(
        INCIDENT.c.team_id == ws.team_id, INCIDENT.c.closed_at >= now - LONGEST_REOPENING
    )
    reopening = timedelta(0)
    for version in tx.execute(closed_lately.distinct()).scalars():
        # Without its policy no incident can be reopened.
        with suppress(NotFound):
            days = policies.version(tx, version).reopen_within_days
            reopening = max(reopening, timedelta(days=days))
    return Horizon(workspace=ws, settled=now - keep, closed=now - max(keep, reopening))


def old_notices(tx: Tx, at: Horizon, after: int) -> Stretch:
    """Look through the outbox, from a row on."""
    return _stretch(tx, OUTBOX, _notice_is_old(at), after)


def old_timers(tx: Tx, at: Horizon, after: int) -> Stretch:
    """Look through the timers for those that were set aside, from a row on."""
    return _stretch(tx, TIMER, _timer_is_old(at), after)


def old_lines(tx: Tx, at: Horizon) -> tuple[int, ...]:
    """Return some of what the desk has said long ago that belongs to no duty: nothing will ever draw it again."""
    return tuple(tx.execute(select(MESSAGE.c.id).where(_line_is_old(at)).limit(LOOKED_AT)).scalars())


def old_duties(tx: Tx, at: Horizon) -> tuple[ItemId, ...]:
    """Return some of the desk's offers and shifts that are over since long, but for those that still have something to say."""
    found = tx.execute(select(ITEM.c.id).where(_duty_is_old(at)).order_by(ITEM.c.id).limit(DUTIES))
    return tuple(map(ItemId, found.scalars()))


def forget_notices(tx: Tx, at: Horizon, ids: Sequence[int]) -> int:
    """Remove these from the outbox, but for what has been taken up again meanwhile; returns how many."""
    return tx.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(ids), _notice_is_old(at))).rowcount


def forget_timers(tx: Tx, at: Horizon, ids: Sequence[int]) -> int:
    """Remove these timers, but for what has been set anew meanwhile; returns how many."""
    return tx.execute(delete(TIMER).where(TIMER.c.id.in_(ids), _timer_is_old(at))).rowcount


def forget_lines(tx: Tx, at: Horizon, ids: Sequence[int]) -> int:
    """Remove these copies; returns how many."""
    return tx.execute(delete(MESSAGE).where(MESSAGE.c.id.in_(ids), _line_is_old(at))).rowcount


def forget_duties(tx: Tx, at: Horizon, ids: Sequence[ItemId]) -> int:
    """Remove these duties of the desk with all that speaks of them; returns how many.

    The desk is locked first, as everybody does who changes a duty of it.
    """
    incidents.lock(tx, [id_of(at.workspace)])
    gone = tx.execute(select(ITEM.c.id).where(ITEM.c.id.in_(ids), _duty_is_old(at))).scalars().all()
    for table in (MESSAGE, OUTBOX):
        tx.execute(delete(table).where(table.c.item_id.in_(gone)))
    tx.execute(delete(TIMER).where(TIMER.c.owner.in_(gone)))
    return tx.execute(delete(ITEM).where(ITEM.c.id.in_(gone))).rowcount


def _stretch(tx: Tx, table: Table, is_old: ColumnElement[bool], after: int) -> Stretch:
    ids = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(LOOKED_AT)
    looked_at = tx.execute(ids).scalars().all()
    if not looked_at:
        return Stretch(old=(), last=None)
    here = table.c.id.between(looked_at[0], looked_at[-1])
    old = tx.execute(select(table.c.id).where(here, is_old).order_by(table.c.id)).scalars()
    return Stretch(old=tuple(old), last=looked_at[-1])


def _notice_is_old(at: Horizon) -> ColumnElement[bool]:
    return and_(
        OUTBOX.c.team_id == at.workspace.team_id,
        OUTBOX.c.done_at < at.settled,
        _is_past(OUTBOX, at),
    )


def _timer_is_old(at: Horizon) -> ColumnElement[bool]:
    return and_(TIMER.c.team_id == at.workspace.team_id, TIMER.c.aside_at < at.settled, _is_past(TIMER, at))


def _is_past(table: Table, at: Horizon) -> ColumnElement[bool]:
    """Tell of what belongs to an incident that is closed for good, or lies on the desk and is about nothing that still waits."""
    for_good = and_(INCIDENT.c.closed_at < at.closed, INCIDENT.c.legal_hold.is_(False))
    closed = select(INCIDENT.c.id).where(INCIDENT.c.id == table.c.incident_id, for_good).exists()
    waits = select(ITEM.c.id).where(ITEM.c.id == table.c.item_id, ITEM.c.state.in_(_WAITING)).exists()
    return closed | ((table.c.incident_id == id_of(at.workspace)) & ~waits)


def _line_is_old(at: Horizon) -> ColumnElement[bool]:
    return and_(
        MESSAGE.c.incident_id == id_of(at.workspace),
        MESSAGE.c.item_id.is_(None),
        MESSAGE.c.posted_at < at.settled,
    )


def _duty_is_old(at: Horizon) -> ColumnElement[bool]:
    desk = id_of(at.workspace)
    unsaid = select(OUTBOX.c.item_id).where(OUTBOX.c.incident_id == desk, text(UNDONE))
    waits = select(TIMER.c.id).where(TIMER.c.owner == ITEM.c.id, TIMER.c.aside_at.is_(None))
    return and_(
        ITEM.c.incident_id == desk,
        ITEM.c.kind.in_(_PASSING),
        ITEM.c.state.not_in(_WAITING),
        ITEM.c.opened_at < at.settled,
        ITEM.c.id.not_in(unsaid.where(OUTBOX.c.item_id.is_not(None))),
        ~waits.exists(),
    )
