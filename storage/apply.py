"""The only code that turns a decision into rows."""

from datetime import datetime

from bot.domain.decision import Decision
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemId
from storage import audit, incidents, items, notices, oncall, policies, redraws, timers
from storage.errors import Conflict
from storage.statements import insert_or_ignore
from storage.tables import INCIDENT, ITEM
from storage.transaction import Tx


def apply(tx: Tx, decision: Decision, *, actor: str, now: datetime) -> None:
    """Write every consequence of a decision: rows, timers, audit events, notices, and redraws of what was posted.

    An incident or item is written only over the version it was loaded with; `Conflict` is raised otherwise, and `Database.run`
    begins again. Several decisions in one transaction build on each other. Nothing is sent and nothing is committed here.
    """
    before = tx.seen.get(decision.incident.id)
    was = {item.id: tx.seen.get(item.id) for item in decision.items}
    written = tuple(item for item in decision.items if was[item.id] != item)
    is_new = _expected(tx, decision.incident) == 0
    is_other = before != decision.incident
    incident = _write_incident(tx, decision.incident, changed=is_other, touched=bool(written))
    for item in written:
        _write_item(tx, incident, item)

    _silence(tx, decision, now)
    timers.arm(tx, incident.workspace, decision.timers)
    if not is_new:
        changed = frozenset(item.id for item in written if redraws.looks_different(was[item.id], item))
        if changed or (is_other and redraws.looks_different(before, incident)):
            redraws.of_changed(tx, incident, changed, now)
        if incident.channel_id is not None and not (isinstance(before, Incident) and before.channel_id):
            notices.release(tx, incident.id, now)
    notices.enqueue(tx, incident, decision.notices, now)
    policies.note(tx, incident.workspace, decision.standings, now)
    oncall.arrange(tx, incident.workspace, decision.covers)
    for given_back in decision.uncovered:
        oncall.cancel(tx, incident.workspace, given_back, now)
    _record(tx, decision, actor, now)


def _expected(tx: Tx, what: Incident | Item) -> int:
    return tx.written.get(what.id, what.version)


def _write_incident(tx: Tx, incident: Incident, *, changed: bool, touched: bool) -> Incident:
    expected = _expected(tx, incident)
    if expected == 0:
        new = tx.fast(insert_or_ignore(tx, INCIDENT, "id"), incidents.inserted(incident))
        _expect_one(new.rowcount, incident.id)
    elif changed:
        row = tx.fast(incidents.UPDATE, incidents.updated(incident, expected))
        _expect_one(row.rowcount, incident.id)
    elif touched and incident.id not in tx.written:
        tx.owe(incidents.TOUCH, incident.id, {"incident": incident.id, "expected": expected})
    else:
        return incident
    tx.written[incident.id] = expected + 1
    tx.seen[incident.id] = incident
    return incident


def _write_item(tx: Tx, incident: Incident, item: Item) -> None:
    expected = _expected(tx, item)
    if expected == 0:
        new = tx.fast(insert_or_ignore(tx, ITEM, "id"), items.inserted(item, incident.workspace))
        _expect_one(new.rowcount, item.id)
    else:
        tx.owe(items.UPDATE, item.id, items.updated(item, expected))
    tx.written[item.id] = expected + 1
    if item.id not in tx.seen and incident.id in tx.listed:
        tx.listed[incident.id].append(item.id)
    tx.seen[item.id] = item


def _expect_one(rows: int, what: str) -> None:
    if rows != 1:
        raise Conflict(f"{what} was changed by somebody else at the same moment.")


def _silence(tx: Tx, decision: Decision, now: datetime) -> None:
    quiet: tuple[ItemId, ...] = tuple(dict.fromkeys(decision.quiet))
    timers.cancel(tx, (*quiet, decision.incident.id) if decision.hush else quiet)
    notices.withdraw(tx, decision.incident.id, quiet, now)


def _record(tx: Tx, decision: Decision, actor: str, now: datetime) -> None:
    for fact in decision.facts:
        audit.append(
            tx,
            decision.incident.workspace,
            fact.kind,
            actor=actor,
            incident_id=decision.incident.id,
            item_id=fact.item_id,
            data=fact.data,
            policy_version=decision.incident.policy_version,
            rule=fact.rule,
            now=now,
        )
