"""What falls due: set by decisions, claimed by the ticker under a lease, finished behind a fence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CTE, Row, bindparam, delete, func, select, text, update

from bot.domain.decision import Timer, TimerKind
from bot.domain.incident import IncidentId, Workspace
from bot.domain.items import ItemId
from storage import incidents
from storage.hot import Hot
from storage.statements import insert
from storage.tables import INCIDENT, TIMER
from storage.tables.work import LIVE
from storage.transaction import Touched, Tx

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer that was claimed; ``attempts`` counts this claim, ``fence`` is what makes it ours until somebody else's."""

    id: int
    fence: int
    kind: TimerKind
    workspace: Workspace
    incident_id: IncidentId
    item_id: ItemId | None
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A timer that failed too often and waits for a person to look at it."""

    kind: TimerKind
    incident_id: IncidentId
    item_id: ItemId | None
    at: datetime
    why: str


def arm(tx: Tx, ws: Workspace, timers: Sequence[Timer]) -> None:
    """Set timers; one that is set already moves, and whoever has claimed it can no longer finish it."""
    if not timers:
        return
    rows = [_row(ws, timer) for timer in timers]
    tx.fast(_arm(tx.is_postgres), rows)
    tx.taken.difference_update((row["owner"], row["kind"]) for row in rows)
    tx.touched |= Touched(timers=min(timer.at for timer in timers))


def cancel(tx: Tx, owners: Iterable[ItemId | IncidentId]) -> None:
    """Cancel every timer of these items, or of an incident itself."""
    gone = [{"gone": owner} for owner in dict.fromkeys(owners)]
    if gone:
        tx.fast(_CANCEL, gone)
        tx.taken.difference_update([key for key in tx.taken if {"gone": key[0]} in gone])


def take_due(tx: Tx, now: datetime, limit: int = 20) -> tuple[Due, ...]:
    """Take what is due and finish it, for a transaction that also brings about what it stands for; oldest first.

    Claiming and finishing in one: if the transaction does not commit, the timers stand as they stood. Two tickers never take the
    same, and the cost does not grow with what is pending. On PostgreSQL the incidents are locked along with their timers, and
    what belongs to an incident that somebody is busy with is left for the next look. Ask `is_taken` before running each: one
    that ran before it may have cancelled it or set it anew.
    """
    dues = _in_order(tx.fast(taking(tx.is_postgres), {"now": now, "limit": limit}))
    tx.taken.update(_key(due) for due in dues)
    return dues


def is_taken(tx: Tx, due: Due) -> bool:
    """Tell whether a timer that `take_due` took is still to be run."""
    return _key(due) in tx.taken


def claim_due(tx: Tx, now: datetime, limit: int = 20, lease: timedelta = LEASE) -> tuple[Due, ...]:
    """Take what is due for one lease, so that two tickers never share one; in the order in which it fell due.

    A claim whose worker died is taken again once its lease runs out. Nothing is locked after the commit; `finish` asks again.
    """
    return _in_order(tx.fast(_claim(tx.is_postgres), {"now": now, "limit": limit, "until": now + lease}))


def finish(tx: Tx, due: Due) -> bool:
    """Remove a claimed timer; False when it is not ours any more: cancelled, moved, or claimed by another.

    Call it *before* what the timer brings about, in the same transaction, and do nothing when it says no: that is what makes
    a step happen once. The decision that follows may then set the same timer anew.
    """
    incidents.lock(tx, [due.incident_id])
    return tx.fast(_FINISH, {"timer": due.id, "fence_held": due.fence}).rowcount == 1


def set_aside(tx: Tx, due: Due, why: str) -> bool:
    """Stop trying a timer that keeps failing, and keep it to be shown; False when it is not ours any more."""
    aside = (
        update(TIMER)
        .where(TIMER.c.id == due.id, TIMER.c.fence == due.fence)
        .values(aside_at=TIMER.c.visible_at, why=why)
    )
    return tx.execute(aside).rowcount == 1


def next_due(tx: Tx) -> datetime | None:
    """Return when the next timer may be claimed, leases included."""
    row = tx.fast(_NEXT, {}).first()
    return None if row is None else row.visible_at


def pending(tx: Tx) -> int:
    """Return how many timers are set."""
    count: int = tx.execute(select(func.count()).select_from(TIMER).where(text(LIVE))).scalar_one()
    return count


def of_incident(tx: Tx, incident_id: IncidentId) -> tuple[Timer, ...]:
    """Return what will fall due in an incident, the next first."""
    wanted = (
        select(TIMER)
        .where(TIMER.c.incident_id == incident_id, text(LIVE))
        .order_by(TIMER.c.due_at, TIMER.c.id)
    )
    return tuple(
        Timer(kind=TimerKind(row.kind), incident_id=row.incident_id, item_id=row.item_id, at=row.due_at)
        for row in tx.execute(wanted)
    )


def aside_ones(tx: Tx) -> tuple[Aside, ...]:
    """Return the timers that were set aside, oldest first."""
    wanted = select(TIMER).where(TIMER.c.aside_at.is_not(None)).order_by(TIMER.c.due_at, TIMER.c.id)
    return tuple(
        Aside(
            kind=TimerKind(row.kind),
            incident_id=row.incident_id,
            item_id=row.item_id,
            at=row.due_at,
            why=row.why,
        )
        for row in tx.execute(wanted)
    )


def _row(ws: Workspace, timer: Timer) -> dict[str, Any]:
    return {
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "owner": timer.item_id or timer.incident_id,
        "kind": timer.kind.value,
        "incident_id": timer.incident_id,
        "item_id": timer.item_id,
        "due_at": timer.at,
        "visible_at": timer.at,
        "attempts": 0,
        "fence": 0,
    }


def _in_order(rows: Iterable[Row[Any]]) -> tuple[Due, ...]:
    return tuple(sorted(map(_due, rows), key=lambda due: (due.at, due.id)))


def _key(due: Due) -> tuple[str, str]:
    return due.item_id or due.incident_id, due.kind.value


def _due(row: Row[Any]) -> Due:
    return Due(
        id=row.id,
        fence=row.fence,
        kind=TimerKind(row.kind),
        workspace=Workspace(team_id=row.team_id, enterprise_id=row.enterprise_id),
        incident_id=row.incident_id,
        item_id=row.item_id,
        at=row.due_at,
        attempts=row.attempts,
    )


@cache
def _arm(is_postgres: bool) -> Hot:
    new = insert(is_postgres, TIMER)
    moved = {
        "due_at": new.excluded.due_at,
        "visible_at": new.excluded.visible_at,
        "attempts": 0,
        "fence": TIMER.c.fence + 1,
        "aside_at": None,
        "why": None,
    }
    return Hot(new.on_conflict_do_update(index_elements=["owner", "kind"], set_=moved).inline())


def _due_now(is_postgres: bool) -> CTE:
    due = (
        select(TIMER.c.id)
        .where(text(LIVE), TIMER.c.visible_at <= bindparam("now"))
        .order_by(TIMER.c.visible_at, TIMER.c.id)
        .limit(bindparam("limit"))
    )
    if is_postgres:
        # Whoever answers locks the incident and then its timers; taking both at once, or neither, cannot deadlock with that.
        due = due.join(INCIDENT, INCIDENT.c.id == TIMER.c.incident_id)
        due = due.with_for_update(skip_locked=True, key_share=True, of=[TIMER, INCIDENT])
    return due.cte("due_now")


@cache
def taking(is_postgres: bool) -> Hot:
    """Return the statement of `take_due`."""
    return Hot(delete(TIMER).where(TIMER.c.id.in_(select(_due_now(is_postgres).c.id))).returning(*TIMER.c))


@cache
def _claim(is_postgres: bool) -> Hot:
    due_now = _due_now(is_postgres)
    return Hot(
        update(TIMER)
        .where(TIMER.c.id.in_(select(due_now.c.id)))
        .values(visible_at=bindparam("until"), attempts=TIMER.c.attempts + 1, fence=TIMER.c.fence + 1)
        .returning(*TIMER.c)
    )


_CANCEL = Hot(delete(TIMER).where(TIMER.c.owner == bindparam("gone")))
_FINISH = Hot(delete(TIMER).where(TIMER.c.id == bindparam("timer"), TIMER.c.fence == bindparam("fence_held")))
_NEXT = Hot(select(TIMER.c.visible_at).where(text(LIVE)).order_by(TIMER.c.visible_at).limit(1))
