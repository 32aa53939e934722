"""Putting notices into the outbox, and taking back what need not be said any more."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, literal, not_, null, or_, text, update

from bot.domain.decision import CALLS, INCIDENT, Notice, NoticeKind
from bot.domain.incident import Incident, IncidentId
from bot.domain.items import ItemId
from storage.hot import Hot
from storage.statements import insert_or_ignore
from storage.tables import OUTBOX
from storage.tables.traffic import UNDONE, UNTRIED
from storage.transaction import Touched, Tx


def enqueue(tx: Tx, incident: Incident, notices: Sequence[Notice], now: datetime) -> None:
    """Put notices into the outbox; one whose key has been there before is passed over.

    What goes to the incident's channel waits until there is one (all but its creation).
    """
    if not notices:
        return
    rows = [_row(incident, notice, now) for notice in notices]
    for row in rows:
        tx.owe(insert_or_ignore(tx, OUTBOX, "key"), row["key"], row)
    if any(row["visible_at"] is not None for row in rows):
        tx.touched |= Touched(outbox=True)


def release(tx: Tx, incident_id: IncidentId, now: datetime) -> None:
    """Let go of what waited for the incident's channel, and of the pages that gave it a head start."""
    if tx.fast(_RELEASE, {"incident": incident_id, "now": now}).rowcount:
        tx.touched |= Touched(outbox=True)


def withdraw(tx: Tx, incident_id: IncidentId, items: Collection[ItemId], now: datetime) -> None:
    """Take back what asks people to answer these items; what may have been posted is only marked as pointless."""
    gone = [{"incident": incident_id, "gone": item, "now": now} for item in items]
    if gone:
        tx.fast(_WITHDRAW, gone)


def _row(incident: Incident, notice: Notice, now: datetime) -> dict[str, Any]:
    held = (
        notice.to == INCIDENT and incident.channel_id is None and notice.kind is not NoticeKind.CREATE_CHANNEL
    )
    return {
        "team_id": incident.workspace.team_id,
        "enterprise_id": incident.workspace.enterprise_id,
        "key": notice.key,
        "lane": notice.lane.value,
        "kind": notice.kind.value,
        "address": notice.to,
        "incident_id": incident.id,
        "item_id": notice.item_id,
        "data": dict(notice.data),
        "created_at": now,
        "not_before": notice.not_before,
        "visible_at": None if held else max(now, notice.not_before or now),
        **UNTRIED,
    }


_OPEN_CALLS = (
    OUTBOX.c.incident_id == bindparam("incident"),
    OUTBOX.c.item_id == bindparam("gone"),
    text(UNDONE),
    OUTBOX.c.kind.in_([literal(kind.value) for kind in sorted(CALLS)]),
)
_maybe_posted = or_(OUTBOX.c.claimed, OUTBOX.c.unsure)
_WITHDRAW = Hot(
    update(OUTBOX)
    .where(*_OPEN_CALLS)
    .values(
        moot=True,
        done_at=case((_maybe_posted, null()), else_=bindparam("now", type_=OUTBOX.c.done_at.type)),
        outcome=case((_maybe_posted, null()), else_=literal("withdrawn")),
    )
)
# What an opening tells people directly gives the channel a moment to be made, so that it can name it.
_HAS_HEAD_START = or_(OUTBOX.c.kind == NoticeKind.PAGE.value, OUTBOX.c.kind == NoticeKind.APPROVAL.value)
_RELEASE = Hot(
    update(OUTBOX)
    .where(
        OUTBOX.c.incident_id == bindparam("incident"),
        text(UNDONE),
        or_(OUTBOX.c.visible_at.is_(None), and_(_HAS_HEAD_START, OUTBOX.c.visible_at == OUTBOX.c.not_before)),
    )
    .values(
        visible_at=case(
            (
                and_(
                    not_(_HAS_HEAD_START),
                    OUTBOX.c.not_before > bindparam("now", type_=OUTBOX.c.not_before.type),
                ),
                OUTBOX.c.not_before,
            ),
            else_=bindparam("now", type_=OUTBOX.c.visible_at.type),
        )
    )
)
