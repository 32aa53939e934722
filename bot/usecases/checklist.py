"""The stop-the-line checklist: ticking what is true, and lifting it again."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain import acting, conditions, stop_line
from bot.domain.incident import Incident, IncidentId, UserId, Workspace
from bot.usecases import scene
from storage.database import Tx


def tick(
    tx: Tx,
    incident_id: IncidentId,
    ticked: Mapping[str, bool],
    reason: str,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Stop the line: the floor, the roles and the tasks of these conditions follow in the same transaction (S0-30)."""
    at = scene.of(tx, incident_id, workspace, now)
    for name in ticked:
        conditions.row(at.policy, name)
    held = {conditions.named(name): unsure for name, unsure in ticked.items()}
    decision = stop_line.tick(
        at.incident, at.items, at.policy, at.directory, held, by=by, reason=reason, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident


def lift(
    tx: Tx,
    incident_id: IncidentId,
    condition: str,
    reason: str,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Lift a condition at once where the one who asks may, or ask those who must agree."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = stop_line.ask_lift(
        at.incident, at.items, at.policy, at.directory, condition, by=by, reason=reason, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident


def seen(
    tx: Tx, incident_id: IncidentId, what: str, reason: str, *, workspace: Workspace, now: datetime
) -> None:
    """Stop the line for what the bot itself sees; where the policy looks at no such thing, nothing happens."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = stop_line.seen(at.incident, at.items, at.policy, at.directory, what, reason=reason, now=now)
    if decision.facts:
        scene.conclude(tx, at, decision, actor=acting.TOCSIN, now=now)
