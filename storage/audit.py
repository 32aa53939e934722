"""The audit chain: appending to it, and the questions people ask of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.domain.audit import GENESIS, link
from bot.domain.incident import IncidentId, Workspace
from bot.domain.items import ItemId
from storage.columns import plain
from storage.hot import Hot
from storage.statements import insert_many, insert_or_ignore
from storage.tables import AUDIT_EVENT, AUDIT_HEAD
from storage.transaction import Tx

PAGE = 1000
_BEFORE_ALL = -1 << 31
_HASHED = (
    "team_id", "enterprise_id", "seq", "at", "kind", "actor", "incident_id", "item_id", "data", "policy_version", "rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One audit event as it stands in the chain."""

    seq: int
    at: datetime
    kind: str
    actor: str
    incident_id: IncidentId | None
    item_id: ItemId | None
    data: Mapping[str, Any]
    policy_version: str
    rule: str
    hash: str


def append(
    tx: Tx,
    ws: Workspace,
    kind: str,
    *,
    actor: str,
    incident_id: IncidentId | None = None,
    item_id: ItemId | None = None,
    data: Mapping[str, Any] | None = None,
    policy_version: str = "",
    rule: str = "",
    now: datetime,
) -> None:
    """Add an event to the workspace's chain; it is linked and written right before this transaction commits."""
    tx.facts.append(
        {
            "team_id": ws.team_id,
            "enterprise_id": ws.enterprise_id,
            "at": now.astimezone(UTC),
            "kind": kind,
            "actor": actor,
            "incident_id": incident_id,
            "item_id": item_id,
            "data": plain(data or {}),
            "policy_version": policy_version,
            "rule": rule,
        }
    )


def flush(tx: Tx) -> None:
    """Link and write what was appended. `Database` calls this last: the head of the chain is locked until the commit."""
    if not tx.facts:
        return
    facts, tx.facts = tx.facts, []
    for team_id in sorted({fact["team_id"] for fact in facts}):
        _chain(tx, team_id, [fact for fact in facts if fact["team_id"] == team_id])


def _chain(tx: Tx, team_id: str, facts: list[dict[str, Any]]) -> None:
    head = tx.fast(_LOCK_HEAD, {"team": team_id}).first()
    if head is None:
        first = {"team_id": team_id, "enterprise_id": facts[0]["enterprise_id"], "seq": 0, "hash": GENESIS}
        tx.fast(insert_or_ignore(tx, AUDIT_HEAD, "team_id"), first)
        head = tx.fast(_LOCK_HEAD, {"team": team_id}).one()
    seq, previous = head.seq, head.hash
    for fact in facts:
        seq += 1
        fact["seq"] = seq
        fact["previous_hash"] = previous
        previous = fact["hash"] = link(previous, hashed(fact))
    tx.fast(_APPEND, facts)
    tx.fast(_MOVE_HEAD, {"team": team_id, "new_seq": seq, "new_hash": previous})


def hashed(fact: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of an event is hashed: all of it but the two hashes."""
    return {name: fact[name] for name in _HASHED} | {"at": fact["at"].astimezone(UTC).isoformat()}


def page(tx: Tx, team_id: str, after: int) -> Sequence[Row[Any]]:
    """Return the next `PAGE` events of a chain after a number, in chain order; fewer at its end.

    After 0 come also events with numbers that no event has, for whoever looks for forged ones.
    """
    return tx.execute(_NEXT_PAGE, {"team": team_id, "after": after or _BEFORE_ALL}).all()


def _rows(tx: Tx, team_id: str) -> Iterator[Row[Any]]:
    after = 0
    while len(found := page(tx, team_id, after)) == PAGE:
        yield from found
        after = found[-1].seq
    yield from found


def events(tx: Tx, incident: IncidentId, *kinds: str) -> tuple[Event, ...]:
    """Return an incident's events, oldest first; of these kinds only, if any are named."""
    flush(tx)
    wanted = select(AUDIT_EVENT).where(AUDIT_EVENT.c.incident_id == incident).order_by(AUDIT_EVENT.c.seq)
    if kinds:
        wanted = wanted.where(AUDIT_EVENT.c.kind.in_(kinds))
    return tuple(_event(row) for row in tx.execute(wanted))


def export(tx: Tx) -> Iterator[Event]:
    """Return every event of every workspace in chain order, a page at a time."""
    flush(tx)
    for team_id in tx.execute(select(AUDIT_HEAD.c.team_id).order_by(AUDIT_HEAD.c.team_id)).scalars().all():
        yield from (_event(row) for row in _rows(tx, team_id))


def links(tx: Tx) -> Iterator[dict[str, Any]]:
    """Return every event as it is hashed, with its own hash and the one before: what an export needs to be verified alone."""
    flush(tx)
    for team_id in tx.execute(select(AUDIT_HEAD.c.team_id).order_by(AUDIT_HEAD.c.team_id)).scalars().all():
        for row in _rows(tx, team_id):
            yield hashed(row._asdict()) | {"previous_hash": row.previous_hash, "hash": row.hash}


def suggestions(tx: Tx, incident: IncidentId) -> tuple[Event, ...]:
    """Return each suggestion and every decision on it: approved, changed, rejected, expired, superseded (S0-52)."""
    return tuple(event for event in events(tx, incident) if event.kind.startswith("ai."))


def who_was_notified(tx: Tx, incident: IncidentId) -> tuple[Event, ...]:
    """Return every notification sent or failed: who, when, why (S3-28)."""
    return events(tx, incident, "notify.sent", "notify.failed")


def acknowledgements(tx: Tx, incident: IncidentId) -> tuple[Event, ...]:
    """Return every acknowledgement: received, declined, or lapsed for want of activity."""
    return events(tx, incident, "ack.received", "ack.declined", "ack.lease_lapsed")


def fallbacks(tx: Tx, incident: IncidentId) -> tuple[Event, ...]:
    """Return every time the next one had to be asked: steps, vacancies, exhausted ladders, channels that failed."""
    return events(tx, incident, "ladder.step", "ladder.skipped", "ladder.exhausted", "channel.failed")


def _event(row: Row[Any]) -> Event:
    return Event(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        actor=row.actor,
        incident_id=row.incident_id,
        item_id=row.item_id,
        data=row.data,
        policy_version=row.policy_version,
        rule=row.rule,
        hash=row.hash,
    )


_LOCK_HEAD = Hot(
    select(AUDIT_HEAD.c.seq, AUDIT_HEAD.c.hash)
    .where(AUDIT_HEAD.c.team_id == bindparam("team"))
    .with_for_update()
)
_APPEND = insert_many(AUDIT_EVENT)
_MOVE_HEAD = Hot(
    update(AUDIT_HEAD)
    .where(AUDIT_HEAD.c.team_id == bindparam("team"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)
_NEXT_PAGE = (
    select(AUDIT_EVENT)
    .where(AUDIT_EVENT.c.team_id == bindparam("team"), AUDIT_EVENT.c.seq > bindparam("after"))
    .order_by(AUDIT_EVENT.c.seq)
    .limit(PAGE)
)
