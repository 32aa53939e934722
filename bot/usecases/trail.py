"""The audit trail does not verify: whoever relies on it is told, and the line is stopped where something is under way."""

from datetime import datetime

from bot.domain import trail
from bot.domain.incident import Workspace
from bot.usecases import checklist, desk, scene
from storage import incidents, oncall
from storage.database import Tx


def broken(tx: Tx, number: int, why: str, *, workspace: Workspace, now: datetime) -> None:
    """Say once of each break that the trail is broken from an event on, and stop the line of every open incident.

    Once a condition is lifted, the same break does not stop the line again.
    """
    at = desk.of(tx, workspace, now)
    name = f"audit/{number}"
    if name in oncall.told(tx, workspace):
        return
    oncall.tell(tx, workspace, (name,), now)
    decision = trail.broken(at.incident, at.policy, at.directory, number, why, now)
    scene.conclude(tx, at, decision, actor="tocsin", now=now)
    for incident in incidents.open_ones(tx, workspace):
        if not incident.is_desk:
            checklist.seen(tx, incident.id, "audit_broken", why, workspace=workspace, now=now)
