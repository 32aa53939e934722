"""Keeping every posted copy true: a changed incident or item has its copies drawn again."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, or_, select

from bot.domain.decision import Lane, NoticeKind
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemId
from storage.hot import Hot
from storage.statements import insert
from storage.tables import MESSAGE, OUTBOX
from storage.tables.traffic import UNTRIED
from storage.transaction import Touched, Tx

# Copies that show a state. The others (a line, an update, a stage's text) are records of what was said.
LIVING = frozenset(
    kind.value
    for kind in (
        NoticeKind.CARD,
        NoticeKind.NO_CHANNEL,
        NoticeKind.PAGE,
        NoticeKind.NAG,
        NoticeKind.ALARM,
        NoticeKind.APPROVAL,
        NoticeKind.HALF_TIME,
        NoticeKind.REMINDER,
        NoticeKind.OFFER,
        NoticeKind.SHIFT,
    )
)

# Copies that show the incident itself, whatever item they are about.
OF_INCIDENT = frozenset({NoticeKind.CARD.value, NoticeKind.NO_CHANNEL.value})

# What an item remembers for its timers and never shows.
UNSEEN = frozenset({"nagged", "nag_at", "chase_at"})


def looks_different(before: Incident | Item | None, after: Incident | Item) -> bool:
    """Tell whether a change can be seen: bookkeeping (versions, leases, reminders sent) cannot."""
    match before, after:
        case Incident(), Incident():
            return before != replace(after, version=before.version, card_ts=before.card_ts)
        case Item(), Item():
            kept = {k: v for k, v in before.details.items() if k in UNSEEN}
            shown = {k: v for k, v in after.details.items() if k not in UNSEEN}
            same = replace(
                after, version=before.version, lease_until=before.lease_until, details=shown | kept
            )
            return before != same
        case _:
            return True


def of_changed(tx: Tx, incident: Incident, changed: Collection[ItemId], now: datetime) -> None:
    """Have what shows the incident and every copy of these items drawn again.

    Of what is said again and again only the latest copy in each place: the others showed at its coming that they are over.
    """
    if incident.is_desk:
        # It is never closed and nothing shows it itself: what it was ever sent is not looked through each time.
        about = {"incident": incident.id, "items": sorted(changed)}
        found = tx.execute(_COPIES_OF_ITEMS, about).all() if changed else []
    else:
        found = tx.fast(_COPIES, {"incident": incident.id}).all()
    latest = {_saying(row): row.id for row in found}
    shown = (row for row in found if row.kind in OF_INCIDENT or row.item_id in changed)
    enqueue(tx, [row for row in shown if latest[_saying(row)] == row.id], now)


def enqueue(tx: Tx, copies: Iterable[Row[Any]], now: datetime) -> None:
    """Ask for each copy to be drawn again, once however many changes there were.

    What is drawn is the state at the moment of sending. A redraw that is in flight is not sent a second time beside itself:
    it is marked, and goes out again when it comes back.
    """
    rows = [_redraw(copy, now) for copy in copies if copy.kind in LIVING]
    if rows:
        tx.fast(_enqueue(tx.is_postgres), rows)
        tx.touched |= Touched(outbox=True)


def _redraw(copy: Row[Any], now: datetime) -> dict[str, Any]:
    return {
        "team_id": copy.team_id,
        "enterprise_id": copy.enterprise_id,
        "key": f"redraw/{copy.key}",
        "lane": Lane.NORMAL.value,
        "kind": NoticeKind.REDRAW.value,
        "address": f"channel:{copy.channel_id}",
        "incident_id": copy.incident_id,
        "item_id": copy.item_id,
        "data": {"kind": copy.kind, "channel": copy.channel_id, "ts": copy.ts, "data": copy.data},
        "created_at": now,
        "not_before": None,
        "visible_at": now,
        **UNTRIED,
    }


def _saying(copy: Row[Any]) -> tuple[object, ...]:
    """Return what copies have in common of which only the latest lives; any other copy stands alone."""
    return (copy.item_id, copy.kind, copy.channel_id) if "number" in copy.data else (copy.id,)


@cache
def _enqueue(is_postgres: bool) -> Hot:
    new = insert(is_postgres, OUTBOX)
    in_flight = and_(OUTBOX.c.done_at.is_(None), OUTBOX.c.claimed)
    opened_anew = OUTBOX.c.done_at.is_not(None)
    return Hot(
        new.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "again": case((in_flight, True), else_=False),
                "created_at": case((opened_anew, new.excluded.created_at), else_=OUTBOX.c.created_at),
                "visible_at": case((opened_anew, new.excluded.visible_at), else_=OUTBOX.c.visible_at),
                "attempts": case((opened_anew, 0), else_=OUTBOX.c.attempts),
                "done_at": None,
                "outcome": None,
            },
            where=or_(opened_anew, in_flight),
        ).inline()
    )


_COPIES_OF_ITEMS = (
    select(MESSAGE)
    .where(
        MESSAGE.c.incident_id == bindparam("incident"),
        MESSAGE.c.item_id.in_(bindparam("items", expanding=True)),
    )
    .order_by(MESSAGE.c.id)
)
_COPIES = Hot(select(MESSAGE).where(MESSAGE.c.incident_id == bindparam("incident")).order_by(MESSAGE.c.id))
