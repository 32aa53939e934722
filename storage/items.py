"""What people owe, in the database: finding it, and turning rows into values and back."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Row, String, Text, any_, bindparam, cast, or_, select, text, update

from bot.domain.errors import NotFound
from bot.domain.incident import Incident, IncidentId, UserId, Workspace
from bot.domain.items import Grant, Item, ItemId, ItemKind, ItemState, Proposal, ProposalKind, Reason
from storage.hot import Hot
from storage.many import Many
from storage.tables import INCIDENT, ITEM
from storage.tables.work import IS_OPEN
from storage.transaction import Tx


def load(tx: Tx, id: ItemId, *, for_update: bool = True) -> Item:
    """Return one item; raises `NotFound`. Its incident is locked first, as `storage.incidents.load` would."""
    if for_update and tx.writable and tx.is_postgres:
        tx.execute(_LOCK_ITS_INCIDENT, {"item": id}).first()
    row = tx.fast(_ONE, {"item": id}).first()
    if row is None:
        raise NotFound("What that button was about no longer exists. Use the newest card of the incident.")
    return _remembered(tx, row)


def of_incident(tx: Tx, incident_id: IncidentId, *, only_open: bool = False) -> tuple[Item, ...]:
    """Return an incident's items in the order in which they arose; ``only_open``: without those that are over.

    While this transaction holds the incident's lock nobody else changes them, so they are read once.
    """
    listed = tx.listed.get(incident_id)
    if listed is None:
        items = [_remembered(tx, row) for row in tx.fast(_OF_INCIDENT, {"incident": incident_id})]
        if incident_id in tx.locked:
            tx.listed[incident_id] = [item.id for item in items]
    else:
        items = [item for one in listed if isinstance(item := tx.seen[one], Item)]
    return tuple(item for item in items if not (only_open and item.is_over))


def load_ahead(tx: Tx, of: Iterable[Incident]) -> None:
    """Load the items of locked incidents that are about to be asked for one by one, in one go; as `incidents.load_ahead`."""
    wanted = [one.id for one in of if one.id in tx.locked and one.id not in tx.listed and not one.is_desk]
    if wanted:
        tx.listed.update((incident, []) for incident in wanted)
        for row in tx.fast(_OF_MANY, {"incidents": wanted}):
            tx.listed[row.incident_id].append(_remembered(tx, row).id)


def of_desk(tx: Tx, desk: IncidentId, since: datetime) -> tuple[Item, ...]:
    """Return what the desk is owed, without offers and shifts that were asked before ``since`` and are over.

    The desk is never closed, so these would grow for ever; `load` still finds each of them.
    """
    listed = tx.listed.get(desk)
    if listed is not None:
        return tuple(item for one in listed if isinstance(item := tx.seen[one], Item))
    items = [_remembered(tx, row) for row in tx.fast(_OF_DESK, {"incident": desk, "since": since})]
    if desk in tx.locked:
        tx.listed[desk] = [item.id for item in items]
    return tuple(items)


def owed_by(tx: Tx, ws: Workspace, user: UserId) -> tuple[Item, ...]:
    """Return the open items that ask this person now, the most urgent first."""
    holds = cast(ITEM.c.holders, Text).contains(f'"{user}"', autoescape=True)
    wanted = select(ITEM).where(text(IS_OPEN), ITEM.c.team_id == ws.team_id, holds)
    ordered = wanted.order_by(ITEM.c.due_at.is_(None), ITEM.c.due_at, ITEM.c.id)
    return tuple(_remembered(tx, row) for row in tx.execute(ordered))


def inserted(item: Item, ws: Workspace) -> dict[str, Any]:
    """Return the row of a new item."""
    fixed = {
        "id": item.id,
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "incident_id": item.incident_id,
    }
    return _columns(item) | fixed | {"version": 1}


def updated(item: Item, expected: int) -> dict[str, Any]:
    """Return the parameters of `UPDATE` for a changed item that must still be at version ``expected``."""
    values = {f"new_{name}": value for name, value in _columns(item).items()}
    return values | {"item": item.id, "expected": expected}


def _columns(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "role": item.role,
        "title": item.title,
        "state": item.state.value,
        "holders": list(item.holders),
        "asked": list(item.asked),
        "rung": item.rung,
        "round": item.round,
        "reason": item.reason.value,
        "opened_at": item.opened_at,
        "asked_at": item.asked_at,
        "due_at": item.due_at,
        "answered_by": item.answered_by,
        "answered_at": item.answered_at,
        "lease_until": item.lease_until,
        "proposal": None if item.proposal is None else asdict(item.proposal),
        "grants": [asdict(grant) for grant in item.grants],
        "details": dict(item.details),
    }


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        incident_id=row.incident_id,
        kind=ItemKind(row.kind),
        role=row.role,
        title=row.title,
        state=ItemState(row.state),
        holders=tuple(row.holders),
        asked=tuple(row.asked),
        rung=row.rung,
        round=row.round,
        reason=Reason(row.reason),
        opened_at=row.opened_at,
        asked_at=row.asked_at,
        due_at=row.due_at,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        lease_until=row.lease_until,
        proposal=None if row.proposal is None else _proposal(row.proposal),
        grants=tuple(_grant(grant) for grant in row.grants),
        details=row.details,
        version=row.version,
    )


def _proposal(stored: dict[str, Any]) -> Proposal:
    return Proposal(
        **stored
        | {
            "kind": ProposalKind(stored["kind"]),
            "evidence": tuple(stored["evidence"]),
            "needs": tuple(tuple(any_of) for any_of in stored["needs"]),
        }
    )


def _grant(stored: dict[str, Any]) -> Grant:
    return Grant(**stored | {"at": datetime.fromisoformat(stored["at"])})


def _remembered(tx: Tx, row: Row[Any]) -> Item:
    item = _item(row)
    tx.seen[item.id] = item
    return item


_FIXED = frozenset({"id", "team_id", "enterprise_id", "incident_id"})
_ONE = Hot(select(ITEM).where(ITEM.c.id == bindparam("item")))
_OF_INCIDENT = Hot(
    select(ITEM).where(ITEM.c.incident_id == bindparam("incident")).order_by(ITEM.c.opened_at, ITEM.c.id)
)
_OF_MANY = Hot(
    select(ITEM)
    .where(ITEM.c.incident_id == any_(bindparam("incidents", type_=ARRAY(String))))
    .order_by(ITEM.c.opened_at, ITEM.c.id)
)
_NOT_PASSING = text("kind NOT IN ('offer', 'handover')")
_OF_DESK = Hot(
    select(ITEM)
    .where(
        ITEM.c.incident_id == bindparam("incident"),
        or_(
            _NOT_PASSING,
            text(IS_OPEN),
            ITEM.c.opened_at >= bindparam("since"),
        ),
    )
    .order_by(ITEM.c.opened_at, ITEM.c.id)
)
_LOCK_ITS_INCIDENT = (
    select(INCIDENT.c.id)
    .where(
        INCIDENT.c.id == select(ITEM.c.incident_id).where(ITEM.c.id == bindparam("item")).scalar_subquery()
    )
    .with_for_update(key_share=True)
)

UPDATE = Many(
    lambda given: (
        update(ITEM)
        .where(
            ITEM.c.id == given("item", ITEM.c.id.type),
            ITEM.c.version == given("expected", ITEM.c.version.type),
        )
        .values(
            {c.name: given(f"new_{c.name}", c.type) for c in ITEM.c if c.name not in _FIXED | {"version"}}
            | {"version": ITEM.c.version + 1}
        )
    ),
    exact=True,
)
