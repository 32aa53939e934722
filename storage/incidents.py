"""Incidents in the database: finding them, and turning rows into values and back."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Row, Select, String, any_, bindparam, select, text, update

from bot.domain.errors import NotFound
from bot.domain.incident import (
    ChannelId,
    ChannelState,
    Closure,
    Dimension,
    Incident,
    IncidentId,
    Severity,
    Stage,
    Status,
    Workspace,
)
from storage.hot import Hot
from storage.many import Many
from storage.statements import upsert_counter
from storage.tables import INCIDENT
from storage.tables.work import NOT_CLOSED
from storage.transaction import Tx

# How many incidents of the same thing are looked at.
MOST_ALIKE = 100


def load(tx: Tx, id: IncidentId, *, for_update: bool = True) -> Incident:
    """Return an incident, locked until the commit unless told otherwise; raises `NotFound`.

    The lock is what keeps two decisions about one incident apart; take it before loading anything else of the incident.
    """
    locks = for_update and tx.writable
    if id in tx.locked and isinstance(seen := tx.seen.get(id), Incident):
        return seen
    statement = _LOCKED if locks else _PLAIN
    row = tx.fast(statement, {"incident": id}).first()
    if row is None:
        raise NotFound("That incident does not exist here.")
    if locks:
        tx.locked.add(id)
    return _remembered(tx, row)


def load_ahead(tx: Tx, ids: Iterable[IncidentId]) -> tuple[Incident, ...]:
    """Load and lock, in one go, incidents that are about to be loaded one by one; return those that were there.

    Only on PostgreSQL, where every question is a journey; SQLite answers one as fast as it would answer many.
    """
    wanted = sorted(set(ids) - tx.locked)
    if not (tx.is_postgres and wanted):
        return ()
    found = tuple(_remembered(tx, row) for row in tx.fast(_MANY, {"ids": wanted}))
    tx.locked.update(incident.id for incident in found)
    return found


def lock(tx: Tx, ids: Iterable[IncidentId]) -> None:
    """Lock incidents in an order that everybody keeps: incidents by id, then what is theirs, the audit's head last.

    Only PostgreSQL needs it; SQLite has one writer at a time.
    """
    wanted = sorted(set(ids) - tx.locked)
    if tx.is_postgres and wanted:
        tx.fast(_LOCKS, {"ids": wanted}).all()


def by_number(tx: Tx, ws: Workspace, number: int) -> Incident:
    """Return the incident people call ``INC-<number>``; raises `NotFound` naming it."""
    found = _first(tx, _IN_WORKSPACE.where(INCIDENT.c.number == number), ws)
    if found is None:
        raise NotFound(f"There is no INC-{number} in this workspace.")
    return found


def by_channel(tx: Tx, ws: Workspace, channel_id: ChannelId) -> Incident | None:
    """Return the incident whose own channel this is; a fallback channel belongs to none."""
    own = _IN_WORKSPACE.where(
        INCIDENT.c.channel_id == channel_id, INCIDENT.c.channel_state != ChannelState.FALLBACK.value
    )
    return _first(tx, own.order_by(INCIDENT.c.number.desc()).limit(1), ws)


def open_ones(tx: Tx, ws: Workspace) -> tuple[Incident, ...]:
    """Return what is not closed, the worst first and then the oldest."""
    wanted = _IN_WORKSPACE.where(text(NOT_CLOSED)).order_by(INCIDENT.c.severity, INCIDENT.c.number)
    return tuple(_remembered(tx, row) for row in tx.execute(wanted, {"team": ws.team_id}))


def alike(tx: Tx, incident: Incident, *, since: datetime) -> tuple[Incident, ...]:
    """Return the incidents with the same fingerprint opened ``since`` then, drills left out, oldest first.

    The newest ones only: a storm does not make opening slower and slower.
    """
    wanted = _IN_WORKSPACE.where(
        INCIDENT.c.fingerprint == incident.fingerprint,
        INCIDENT.c.opened_at >= since,
        INCIDENT.c.id != incident.id,
        INCIDENT.c.drill.is_(False),
    )
    newest = wanted.order_by(INCIDENT.c.opened_at.desc()).limit(MOST_ALIKE)
    found = tx.execute(newest, {"team": incident.workspace.team_id}).all()
    return tuple(_incident(row) for row in reversed(found))


def next_number(tx: Tx, ws: Workspace) -> int:
    """Return the next number of this workspace; given back if the transaction fails, so that none is missing."""
    values = {"team_id": ws.team_id, "enterprise_id": ws.enterprise_id, "name": "incident", "value": 1}
    number: int = tx.execute(upsert_counter(tx), values).scalar_one()
    return number


def inserted(incident: Incident) -> dict[str, Any]:
    """Return the row of a new incident."""
    return _columns(incident) | {"version": 1}


def updated(incident: Incident, expected: int) -> dict[str, Any]:
    """Return the parameters of `UPDATE` for a changed incident that must still be at version ``expected``."""
    values = {f"new_{name}": value for name, value in _columns(incident).items() if name not in _FIXED}
    return values | {"incident": incident.id, "expected": expected}


def _columns(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "team_id": incident.workspace.team_id,
        "enterprise_id": incident.workspace.enterprise_id,
        "number": incident.number,
        "title": incident.title,
        "summary": incident.summary,
        "severity": incident.severity.value,
        "computed_severity": incident.computed_severity.value,
        "severity_reason": incident.severity_reason,
        "scores": {dimension.value: score for dimension, score in incident.scores.items()},
        "floor": None if incident.floor is None else incident.floor.value,
        "kind": incident.kind,
        "service": incident.service,
        "trigger": incident.trigger,
        "identity": incident.identity,
        "fingerprint": incident.fingerprint,
        "conditions": {name: dict(held) for name, held in incident.conditions.items()},
        "answers": dict(incident.answers),
        "ticked": {name: dict(tick) for name, tick in incident.ticked.items()},
        "legal_hold": incident.legal_hold,
        "stage_since": incident.stage_since,
        "stage": incident.stage,
        "status": incident.status.value,
        "customer_visible": incident.customer_visible,
        "private": incident.private,
        "drill": incident.drill,
        "opened_by": incident.opened_by,
        "opened_at": incident.opened_at,
        "lead": incident.lead,
        "channel_state": incident.channel_state.value,
        "channel_id": incident.channel_id,
        "channel_name": incident.channel_name,
        "channel_problem": incident.channel_problem,
        "card_ts": incident.card_ts,
        "next_update_at": incident.next_update_at,
        "targets": dict(incident.targets),
        "closure": None if incident.closure is None else asdict(incident.closure),
        "closed_at": incident.closed_at,
        "reopened": incident.reopened,
        "policy_version": incident.policy_version,
    }


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        workspace=Workspace(team_id=row.team_id, enterprise_id=row.enterprise_id),
        number=row.number,
        title=row.title,
        summary=row.summary,
        severity=Severity(row.severity),
        computed_severity=Severity(row.computed_severity),
        severity_reason=row.severity_reason,
        scores={Dimension(name): score for name, score in row.scores.items()},
        floor=None if row.floor is None else Severity(row.floor),
        kind=row.kind,
        service=row.service,
        trigger=row.trigger,
        identity=row.identity,
        fingerprint=row.fingerprint,
        conditions=row.conditions,
        answers=row.answers,
        ticked=row.ticked,
        legal_hold=row.legal_hold,
        stage_since=row.stage_since,
        stage=Stage(row.stage),
        status=Status(row.status),
        customer_visible=row.customer_visible,
        private=row.private,
        drill=row.drill,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        lead=row.lead,
        channel_state=ChannelState(row.channel_state),
        channel_id=row.channel_id,
        channel_name=row.channel_name,
        channel_problem=row.channel_problem,
        card_ts=row.card_ts,
        next_update_at=row.next_update_at,
        targets={name: datetime.fromisoformat(at) for name, at in row.targets.items()},
        closure=None if row.closure is None else _closure(row.closure),
        closed_at=row.closed_at,
        reopened=row.reopened,
        policy_version=row.policy_version,
        version=row.version,
    )


def _closure(stored: dict[str, Any]) -> Closure:
    return Closure(**(stored | {"asked_at": datetime.fromisoformat(stored["asked_at"])}))


def _remembered(tx: Tx, row: Row[Any]) -> Incident:
    incident = _incident(row)
    tx.seen[incident.id] = incident
    return incident


def _first(tx: Tx, statement: Select[Any], ws: Workspace) -> Incident | None:
    row = tx.execute(statement, {"team": ws.team_id}).first()
    return None if row is None else _remembered(tx, row)


_FIXED = frozenset({"id", "team_id", "enterprise_id", "number", "opened_by", "opened_at"})
_ONE = select(INCIDENT).where(INCIDENT.c.id == bindparam("incident"))
_PLAIN = Hot(_ONE)
_LOCKED = Hot(_ONE.with_for_update(key_share=True))
# Incidents by id, in an order that everybody keeps.
_THESE = INCIDENT.c.id == any_(bindparam("ids", type_=ARRAY(String)))
_MANY = Hot(select(INCIDENT).where(_THESE).order_by(INCIDENT.c.id).with_for_update(key_share=True))
_LOCKS = Hot(select(INCIDENT.c.id).where(_THESE).order_by(INCIDENT.c.id).with_for_update(key_share=True))
# The desk (number 0) is nobody's incident: it is found by its id alone.
_IN_WORKSPACE = select(INCIDENT).where(INCIDENT.c.team_id == bindparam("team"), INCIDENT.c.number > 0)

_STILL = (INCIDENT.c.id == bindparam("incident")) & (INCIDENT.c.version == bindparam("expected"))
UPDATE = Hot(
    update(INCIDENT)
    .where(_STILL)
    .values(
        {
            c.name: bindparam(f"new_{c.name}", type_=c.type)
            for c in INCIDENT.c
            if c.name not in _FIXED | {"version"}
        }
        | {"version": INCIDENT.c.version + 1}
    )
)
TOUCH = Many(
    lambda given: (
        update(INCIDENT)
        .where(
            INCIDENT.c.id == given("incident", INCIDENT.c.id.type),
            INCIDENT.c.version == given("expected", INCIDENT.c.version.type),
        )
        .values(version=INCIDENT.c.version + 1)
    ),
    exact=True,
)
