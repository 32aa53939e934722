"""What we have posted: every copy, where it is, and which state it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update

from bot.domain.decision import NoticeKind
from bot.domain.incident import ChannelId, IncidentId, Workspace
from bot.domain.items import ItemId
from storage import redraws
from storage.hot import Hot
from storage.statements import insert_or_ignore
from storage.tables import INCIDENT, ITEM, MESSAGE
from storage.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One copy of something we posted."""

    key: str
    incident_id: IncidentId
    item_id: ItemId | None
    kind: NoticeKind
    channel_id: ChannelId
    ts: str
    data: Mapping[str, Any]
    drawn_version: int
    posted_at: datetime
    drawn_digest: str | None = None


def record(tx: Tx, workspace: Workspace, message: Message) -> None:
    """Remember a copy that was just posted; if what it shows has changed since it was drawn, have it drawn again.

    Recording the same key twice changes nothing.
    """
    row = {
        "team_id": workspace.team_id,
        "enterprise_id": workspace.enterprise_id,
        "key": message.key,
        "incident_id": message.incident_id,
        "item_id": message.item_id,
        "kind": message.kind.value,
        "channel_id": message.channel_id,
        "ts": message.ts,
        "data": dict(message.data),
        "drawn_version": message.drawn_version,
        "drawn_digest": message.drawn_digest,
        "posted_at": message.posted_at,
    }
    tx.fast(insert_or_ignore(tx, MESSAGE, "key"), row)
    if _current_version(tx, message) > message.drawn_version:
        copies = tx.execute(select(MESSAGE).where(MESSAGE.c.key == message.key))
        redraws.enqueue(tx, copies, message.posted_at)


def drawn(
    tx: Tx, workspace: Workspace, channel: ChannelId, ts: str, version: int, digest: str | None
) -> None:
    """Note which version of the state a copy shows now, and how it looks."""
    copy = {"team": workspace.team_id, "place": channel, "stamp": ts}
    tx.fast(_DRAWN, {**copy, "version": version, "digest": digest})


def of_item(tx: Tx, item_id: ItemId) -> tuple[Message, ...]:
    """Return every copy of an item, oldest first."""
    return _all(tx, select(MESSAGE).where(MESSAGE.c.item_id == item_id))


def of_incident(tx: Tx, incident_id: IncidentId, *kinds: NoticeKind) -> tuple[Message, ...]:
    """Return every copy of an incident's messages, oldest first; of these kinds only, if any are named."""
    wanted = select(MESSAGE).where(MESSAGE.c.incident_id == incident_id)
    if kinds:
        wanted = wanted.where(MESSAGE.c.kind.in_([kind.value for kind in kinds]))
    return _all(tx, wanted)


def find(tx: Tx, ws: Workspace, channel: ChannelId, ts: str) -> Message | None:
    """Return what we posted there and then, if it was us."""
    found = _all(
        tx,
        select(MESSAGE).where(
            MESSAGE.c.team_id == ws.team_id, MESSAGE.c.channel_id == channel, MESSAGE.c.ts == ts
        ),
    )
    return found[0] if found else None


def _all(tx: Tx, wanted: Select[Any]) -> tuple[Message, ...]:
    return tuple(_message(row) for row in tx.execute(wanted.order_by(MESSAGE.c.id)))


def _message(row: Row[Any]) -> Message:
    return Message(
        key=row.key,
        incident_id=row.incident_id,
        item_id=row.item_id,
        kind=NoticeKind(row.kind),
        channel_id=row.channel_id,
        ts=row.ts,
        data=row.data,
        drawn_version=row.drawn_version,
        drawn_digest=row.drawn_digest,
        posted_at=row.posted_at,
    )


def _current_version(tx: Tx, message: Message) -> int:
    if message.item_id is not None:
        current = select(ITEM.c.version).where(ITEM.c.id == message.item_id)
    else:
        current = select(INCIDENT.c.version).where(INCIDENT.c.id == message.incident_id)
    return tx.execute(current).scalar() or 0


_DRAWN = Hot(
    update(MESSAGE)
    .where(
        MESSAGE.c.team_id == bindparam("team"),
        MESSAGE.c.channel_id == bindparam("place"),
        MESSAGE.c.ts == bindparam("stamp"),
    )
    .values(drawn_version=bindparam("version"), drawn_digest=bindparam("digest"))
)
