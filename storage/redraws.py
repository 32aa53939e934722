"""Keeping every posted copy true: a changed incident or item has its copies drawn again."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select, text

from bot.domain.decision import Lane, NoticeKind
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemId
from storage.hot import Hot
from storage.statements import insert
from storage.tables import MESSAGE, OUTBOX
from storage.tables.traffic import ASIDE, UNTRIED
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

# How the key of a redraw begins; the rest is the key of the message.
KEY = "redraw/"

_IS_REDRAW = OUTBOX.c.kind == NoticeKind.REDRAW.value
_OF = func.substr(OUTBOX.c.key, len(KEY) + 1)

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


def is_of(message_key: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a row of the outbox is the redraw of a message."""
    return and_(_IS_REDRAW, message_key == _OF)


def of_changed(tx: Tx, incident: Incident, changed: Collection[ItemId], now: datetime) -> None:
    """Have what shows the incident and every copy of these items drawn again.

    Of what is said again and again only the latest in each place: what came before it has shown since that it is over, or
    its redraw was given up and is tried once more.
    """
    about = {"incident": incident.id, "team": incident.workspace.team_id}
    if incident.is_desk:
        # It is never closed and nothing shows it itself: what it was ever sent is not looked through each time.
        found = tx.execute(_COPIES_OF_ITEMS, {**about, "items": sorted(changed)}).all() if changed else []
    else:
        found = tx.fast(_COPIES, about).all()
    shown = [row for row in found if row.kind in OF_INCIDENT or row.item_id in changed]
    latest: dict[tuple[object, ...], int] = {}
    for row in shown:
        latest[_saying(row)] = max(_number(row), latest.get(_saying(row), 0))
    enqueue(tx, [row for row in shown if row.given_up or _number(row) == latest[_saying(row)]], now)


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
        "key": f"{KEY}{copy.key}",
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
    """Return what copies have in common of which only the latest live; any other copy stands alone."""
    if "turn" in copy.data:
        return (copy.item_id, copy.channel_id)
    return (copy.item_id, copy.kind, copy.channel_id) if "number" in copy.data else (copy.id,)


def _number(copy: Row[Any]) -> int:
    """Return which is later; a page and its nag are of the same turn, and turns are never counted anew."""
    return int(copy.data.get("turn", copy.id))


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


_GIVEN_UP = select(_OF).where(text(ASIDE), OUTBOX.c.team_id == bindparam("team"), _IS_REDRAW)
_OF_INCIDENT = (
    select(MESSAGE, MESSAGE.c.key.in_(_GIVEN_UP).label("given_up"))
    .where(MESSAGE.c.incident_id == bindparam("incident"))
    .order_by(MESSAGE.c.id)
)
_COPIES_OF_ITEMS = _OF_INCIDENT.where(MESSAGE.c.item_id.in_(bindparam("items", expanding=True)))
_COPIES = Hot(_OF_INCIDENT)
