"""Suggestions from an advisor: put before people, never applied by themselves."""

from datetime import datetime

from bot.domain import advice
from bot.domain.incident import IncidentId, Workspace
from bot.usecases import scene
from storage import evidence
from storage.database import Tx


def suggest(
    tx: Tx,
    incident_id: IncidentId,
    suggestion: advice.Suggestion,
    *,
    by: str,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Show a suggestion as a card with buttons; one whose evidence does not resolve is refused (M-03, S0-11, S0-12)."""
    put(tx, scene.of(tx, incident_id, workspace, now), suggestion, by=by, actor=by, now=now)


def put(
    tx: Tx, at: scene.Scene, suggestion: advice.Suggestion, *, by: str, actor: str, now: datetime
) -> None:
    """Put a suggestion on the incident at hand; ``by`` stands on the card, ``actor`` in the audit log."""
    decision = advice.suggest(
        at.incident,
        at.items,
        at.policy,
        at.directory,
        suggestion,
        known_evidence=evidence.known(tx, at.incident.id),
        by=by,
        now=now,
    )
    scene.conclude(tx, at, decision, actor=actor, now=now)
