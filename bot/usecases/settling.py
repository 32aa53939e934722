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
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Take new scores: a worse result changes the severity at once, a milder one only shows beside it."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = settle.rescore(at.incident, at.items, at.policy, at.directory, scores, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident
