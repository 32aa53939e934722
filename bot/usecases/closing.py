"""Closing an incident with the approvals it needs, archiving its channel later, and reopening it."""

from datetime import datetime

from bot.domain import closure, reopening
from bot.domain.incident import Closure, IncidentId, UserId, Workspace
from bot.usecases import scene
from storage.database import Tx


def ask(
    tx: Tx, incident_id: IncidentId, asked: Closure, *, by: UserId, workspace: Workspace, now: datetime
) -> None:
    """Ask for the close: by severity one or more people must agree before it happens."""
    at = scene.of(tx, incident_id, workspace, now)
    scene.conclude(
        tx,
        at,
        closure.ask_close(at.incident, at.items, at.policy, at.directory, asked, now=now),
        actor=by,
        now=now,
    )


def reopen(
    tx: Tx,
    incident_id: IncidentId,
    reason: str,
    next_step: str,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Revive a closed incident within the days the policy allows; its first closure stays on record."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = reopening.reopen(
        at.incident, at.items, at.policy, at.directory, by=by, reason=reason, next_step=next_step, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
