"""What became of each message: delivered, delayed or impossible, always on record (S3-25)."""

from dataclasses import replace
from datetime import datetime

from bot.domain import comms, ladder, rooms
from bot.domain.decision import CATCH_ALL, NoticeKind, person
from bot.domain.incident import ChannelId
from bot.usecases import checklist, items
from storage import audit, incidents, outbox
from storage import items as item_rows
from storage.apply import apply
from storage.database import Tx
from storage.outbox import Sending

# These are messages that people see; the other kinds furnish a channel.
SEEN = frozenset(kind for kind in NoticeKind if "." not in kind.value)

# These say a text word for word: delivered, they are on record as told.
TEXTS = frozenset({NoticeKind.UPDATE, NoticeKind.STAGE_TEXT})

# Older than every state there is.
BEHIND = 0


def sent(
    tx: Tx,
    sending: Sending,
    channel_id: ChannelId | None,
    ts: str | None,
    digest: str | None = None,
    *,
    now: datetime,
) -> None:
    """Record a delivery, and where its copy lies and what it shows, so that it is redrawn when that changes."""
    if not outbox.sent(tx, sending, channel_id, ts, now, digest):
        return
    if sending.kind in SEEN and ts is not None and channel_id is not None:
        _log(tx, sending, "notify.sent", {"channel": channel_id, "ts": ts, "result": "delivered"}, now)
        if sending.kind is NoticeKind.CARD:
            incident = incidents.load(tx, sending.incident_id)
            apply(tx, rooms.card_posted(incident, channel_id, ts), actor="tocsin", now=now)
        if sending.kind in TEXTS:
            incident = incidents.load(tx, sending.incident_id)
            item = item_rows.load(tx, sending.item_id) if sending.item_id is not None else None
            apply(tx, comms.posted(incident, item, sending.data, now), actor="tocsin", now=now)


def found(tx: Tx, sending: Sending, channel_id: ChannelId, ts: str, *, now: datetime) -> None:
    """Record a delivery that an earlier try made; nobody knows which state that copy shows, so it is drawn again."""
    sent(tx, replace(sending, drawn_version=BEHIND), channel_id, ts, now=now)


def failed(tx: Tx, sending: Sending, why: str, *, now: datetime) -> None:
    """Set a message aside that can never arrive; a page that reaches nobody asks the next rung at once.

    What could not be said in a channel is said to be missing in another one: nothing is silently lost. Where what must be
    heard reaches nobody at all, the line is stopped as the policy says.
    """
    if not outbox.aside(tx, sending, why, now):
        return
    _log(tx, sending, "notify.failed", {"result": why}, now)
    user = person(sending.to)
    if sending.kind is NoticeKind.PAGE and sending.item_id and user is not None:
        items.undeliverable(tx, sending.item_id, user, why, workspace=sending.workspace, now=now)
    if sending.kind in SEEN - {NoticeKind.LINE} and user is None:
        incident = incidents.load(tx, sending.incident_id)
        apply(tx, rooms.unsaid(incident, sending.kind, sending.to, why), actor="tocsin", now=now)
    if blind := _blind(tx, sending):
        reason = f"{blind}: {why}"
        checklist.seen(tx, sending.incident_id, "undeliverable", reason, workspace=sending.workspace, now=now)


def _blind(tx: Tx, sending: Sending) -> str:
    """Say what reaches nobody any more: the alarm outside the incident, or the pages of everybody who was asked."""
    if sending.kind is NoticeKind.ALARM and sending.to == CATCH_ALL:
        return "The alarm cannot be said outside this channel"
    if sending.kind is not NoticeKind.PAGE or sending.item_id is None:
        return ""
    alone = ladder.reaches_nobody(item_rows.load(tx, sending.item_id, for_update=False))
    return "None of those who were asked can be reached" if alone else ""


def later(tx: Tx, sending: Sending, at: datetime, why: str, *, unsure: bool) -> None:
    """Try again later; `unsure` makes the courier look before it posts."""
    outbox.later(tx, sending, at, why, unsure=unsure)


def _log(tx: Tx, sending: Sending, kind: str, data: dict[str, str], now: datetime) -> None:
    audit.append(
        tx,
        sending.workspace,
        kind,
        actor="tocsin",
        incident_id=sending.incident_id,
        item_id=sending.item_id,
        data={"notice": sending.kind.value, "to": sending.to, "key": sending.key, **data},
        policy_version=incidents.load(tx, sending.incident_id, for_update=False).policy_version,
        rule=f"notice.{sending.kind.value}",
        now=now,
    )
