"""Updates to each audience, and the promise of the next one."""

from datetime import datetime

from bot.domain import comms
from bot.domain.incident import IncidentId, UserId, Workspace
from bot.packs import texts
from bot.usecases import scene
from storage.database import Tx


def post_update(
    tx: Tx,
    incident_id: IncidentId,
    draft: comms.UpdateDraft,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Post an internal update, or ask approval for an outside one; either way the promised next time is kept from now on."""
    at = scene.of(tx, incident_id, workspace, now)
    comms.validate(draft, now=now)
    text = texts.update_text(at.policy, at.incident, draft, items=at.items, by=by)
    decision = comms.post_update(at.incident, at.items, at.policy, at.directory, draft, text, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
