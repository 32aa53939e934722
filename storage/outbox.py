"""What waits to be said or done in Slack: claimed and settled by the courier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
    update,
)

from bot.domain.decision import Lane, NoticeKind
from bot.domain.incident import ChannelId, IncidentId, Workspace
from bot.domain.items import ItemId
from storage import incidents, messages, redraws
from storage.hot import Hot
from storage.tables import INCIDENT as INCIDENTS
from storage.tables import ITEM, MESSAGE, OUTBOX
from storage.tables.traffic import ASIDE, UNDONE
from storage.transaction import Touched, Tx

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Something claimed from the outbox, to be done now and then settled.

    ``attempts`` counts this claim. ``unsure``: an earlier try may have had its effect, so look before doing it again.
    ``moot``: it asks somebody who has answered meanwhile; do not post it any more (look first if unsure), `drop` it.
    ``drawn_version``: the version of the item, or else of the incident, at the claim. The ``data`` of a redraw holds the original
    ``kind`` and ``data``, and the ``channel`` and ``ts`` of the copy; ``shown`` is the digest of what that copy shows, None when
    nobody can tell.
    """

    id: int
    fence: int
    key: str
    lane: Lane
    kind: NoticeKind
    to: str
    workspace: Workspace
    incident_id: IncidentId
    item_id: ItemId | None
    data: Mapping[str, Any]
    created_at: datetime
    attempts: int
    unsure: bool
    moot: bool
    drawn_version: int
    shown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many notices of a lane could be sent now, and since when the oldest of them has waited."""

    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A notice that was given up and waits for a person to look at it."""

    key: str
    kind: NoticeKind
    to: str
    incident_id: IncidentId
    at: datetime
    why: str


def claim(
    tx: Tx, now: datetime, limit: int = 20, lease: timedelta = LEASE, least: Lane = Lane.BULK
) -> tuple[Sending, ...]:
    """Take what may be sent for one lease, urgent lane first and then in order; two couriers never share one.

    ``least`` is the least urgent lane to take from.
    """
    claimed: list[Sending] = []
    for lane in Lane:
        left = limit - len(claimed)
        if left <= 0 or lane > least:
            break
        values = {"lane_wanted": lane.value, "now": now, "limit": left, "until": now + lease}
        rows = tx.fast(_CLAIM, values).all()
        if rows:
            states = {state.id: state for state in tx.execute(_STATES, {"ids": [row.id for row in rows]})}
            claimed += sorted((_sending(row, states[row.id]) for row in rows), key=lambda sending: sending.id)
    return tuple(claimed)


def sent(
    tx: Tx,
    sending: Sending,
    channel: ChannelId | None,
    ts: str | None,
    now: datetime,
    digest: str | None = None,
) -> bool:
    """Settle what was done; a posted message (``channel`` and ``ts`` given) is remembered as a copy that looks like ``digest``.

    False when the claim is not ours any more: whoever has it now settles it. A copy whose state has changed since it was drawn
    is drawn again.
    """
    incidents.lock(tx, [sending.incident_id])
    row = tx.fast(_SENT, {"row": sending.id, "fence_held": sending.fence, "now": now}).first()
    if row is None:
        return False
    if row.done_at is None:
        tx.touched |= Touched(outbox=True)
    if channel is not None and ts is not None:
        _remember(tx, sending, channel, ts, now, digest)
    return True


def later(tx: Tx, sending: Sending, at: datetime, why: str, unsure: bool) -> bool:
    """Try again at a moment; once ``unsure``, it stays so. False when the claim is not ours any more."""
    values = {"visible_at": at, "claimed": False, "why": why, "unsure": unsure or sending.unsure}
    return tx.execute(_ours(sending).where(text(UNDONE)).values(values)).rowcount == 1


def aside(tx: Tx, sending: Sending, why: str, now: datetime) -> bool:
    """Give up on what keeps failing, and keep it to be shown; False when the claim is not ours any more."""
    return _end(tx, sending, "aside", why, now)


def drop(tx: Tx, sending: Sending, why: str, now: datetime) -> bool:
    """End what need not be said any more; False when the claim is not ours any more."""
    return _end(tx, sending, "withdrawn", why, now)


def depths(tx: Tx, now: datetime) -> Mapping[Lane, Depth]:
    """Return the depth and age of each lane's queue; what is in flight or due later does not count."""
    waiting = select(
        OUTBOX.c.lane, func.count().label("waiting"), func.min(OUTBOX.c.visible_at).label("oldest")
    )
    rows = tx.execute(waiting.where(text(UNDONE), OUTBOX.c.visible_at <= now).group_by(OUTBOX.c.lane))
    found = {Lane(row.lane): Depth(waiting=row.waiting, oldest=row.oldest) for row in rows}
    return {lane: found.get(lane, Depth(waiting=0, oldest=None)) for lane in Lane}


def next_visible(tx: Tx) -> datetime | None:
    """Return when the next notice may be claimed, leases included."""
    return min((row.visible_at for row in tx.fast(_FIRSTS, {})), default=None)


def aside_ones(tx: Tx, ws: Workspace) -> tuple[Aside, ...]:
    """Return the notices that were given up, oldest first."""
    wanted = select(OUTBOX).where(text(ASIDE), OUTBOX.c.team_id == ws.team_id).order_by(OUTBOX.c.id)
    return tuple(
        Aside(
            key=row.key,
            kind=NoticeKind(row.kind),
            to=row.address,
            incident_id=row.incident_id,
            at=row.done_at,
            why=row.why or "",
        )
        for row in tx.execute(wanted)
    )


def _sending(row: Row[Any], state: Row[Any]) -> Sending:
    return Sending(
        id=row.id,
        fence=row.fence,
        key=row.key,
        lane=Lane(row.lane),
        kind=NoticeKind(row.kind),
        to=row.address,
        workspace=Workspace(team_id=row.team_id, enterprise_id=row.enterprise_id),
        incident_id=row.incident_id,
        item_id=row.item_id,
        data=row.data,
        created_at=row.created_at,
        attempts=row.attempts,
        unsure=row.unsure,
        moot=row.moot,
        drawn_version=state.version,
        shown=state.drawn_digest,
    )


def _remember(
    tx: Tx, sending: Sending, channel: ChannelId, ts: str, now: datetime, digest: str | None
) -> None:
    if sending.kind is NoticeKind.REDRAW:
        messages.drawn(tx, sending.workspace, channel, ts, sending.drawn_version, digest)
        return
    posted = messages.Message(
        key=sending.key,
        incident_id=sending.incident_id,
        item_id=sending.item_id,
        kind=sending.kind,
        channel_id=channel,
        ts=ts,
        data=sending.data,
        drawn_version=sending.drawn_version,
        drawn_digest=digest,
        posted_at=now,
    )
    messages.record(tx, sending.workspace, posted)


def _ours(sending: Sending) -> Update:
    return update(OUTBOX).where(OUTBOX.c.id == sending.id, OUTBOX.c.fence == sending.fence)


def _end(tx: Tx, sending: Sending, outcome: str, why: str, now: datetime) -> bool:
    incidents.lock(tx, [sending.incident_id])
    values = {"done_at": now, "outcome": outcome, "why": why, "claimed": False}
    return tx.execute(_ours(sending).where(text(UNDONE)).values(values)).rowcount == 1


def _first_of(lane: Lane) -> Select[Any]:
    first = (
        select(OUTBOX.c.visible_at)
        .where(
            text(UNDONE), OUTBOX.c.lane == literal_column(str(lane.value)), OUTBOX.c.visible_at.is_not(None)
        )
        .order_by(OUTBOX.c.visible_at)
        .limit(literal_column("1"))
    )
    return select(first.subquery(f"first_{lane.value}").c.visible_at)


_FIRSTS = Hot(union_all(*map(_first_of, Lane)))
_NEXT = (
    select(OUTBOX.c.id)
    .where(text(UNDONE), OUTBOX.c.lane == bindparam("lane_wanted"), OUTBOX.c.visible_at <= bindparam("now"))
    .order_by(OUTBOX.c.visible_at, OUTBOX.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("next_ones")
)
_STATES = (
    select(
        OUTBOX.c.id,
        func.coalesce(ITEM.c.version, INCIDENTS.c.version).label("version"),
        MESSAGE.c.drawn_digest,
    )
    .join(INCIDENTS, INCIDENTS.c.id == OUTBOX.c.incident_id)
    .outerjoin(ITEM, ITEM.c.id == OUTBOX.c.item_id)
    .outerjoin(MESSAGE, redraws.is_of(MESSAGE.c.key))
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
)
_CLAIM = Hot(
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(select(_NEXT.c.id)))
    .values(
        visible_at=bindparam("until"),
        attempts=OUTBOX.c.attempts + 1,
        fence=OUTBOX.c.fence + 1,
        unsure=or_(OUTBOX.c.unsure, OUTBOX.c.claimed),
        claimed=True,
        # Whoever had it may still be at it, with a drawing from before the change.
        again=and_(OUTBOX.c.claimed, OUTBOX.c.again),
    )
    .returning(*OUTBOX.c)
)
_SENT = Hot(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"), OUTBOX.c.fence == bindparam("fence_held"))
    .values(
        done_at=case((OUTBOX.c.again, null()), else_=bindparam("now", type_=OUTBOX.c.done_at.type)),
        outcome=case((OUTBOX.c.again, null()), else_=literal("sent")),
        visible_at=case(
            (OUTBOX.c.again, bindparam("now", type_=OUTBOX.c.visible_at.type)), else_=OUTBOX.c.visible_at
        ),
        attempts=case((OUTBOX.c.again, 0), else_=OUTBOX.c.attempts),
        claimed=False,
        unsure=False,
        again=False,
        why=null(),
    )
    .returning(OUTBOX.c.done_at)
)
