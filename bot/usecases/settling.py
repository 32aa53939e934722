"""Scoring an incident anew once more is known."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain import settle
from bot.domain.incident import Dimension, Incident, IncidentId, UserId, Workspace
from bot.usecases import scene
from storage.database import Tx


def rescore(
    tx: Tx,
    incident_id: IncidentId,
    scores: Mapping[Dimension, int | None],
    users_said: str = "",
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Take new scores: a worse result changes the severity at once, a milder one only shows beside it."""
    at = scene.of(tx, incident_id, workspace, now)
    said = settle.with_users(at.policy, at.incident, scores, users_said)
    decision = settle.rescore(at.incident, at.items, at.policy, at.directory, said, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident
