"""Moving an incident from stage to stage, with the texts each stage owes."""

from datetime import datetime

from bot.domain import stages
from bot.domain.incident import IncidentId, Stage, UserId, Workspace
from bot.packs import texts
from bot.usecases import scene
from storage.database import Tx


def enter(
    tx: Tx, incident_id: IncidentId, stage: Stage, *, by: UserId, workspace: Workspace, now: datetime
) -> None:
    """Enter a stage: the internal text is posted, customer and executive texts become drafts to approve (M-02)."""
    at = scene.of(tx, incident_id, workspace, now)
    stages.check(at.incident, stage, at.policy, at.directory, by)
    wanted = stages.texts_for(at.policy, at.incident, stage)
    written = {
        t.template: texts.stage_text(at.policy, at.incident, at.items, stage, t, now=now) for t in wanted
    }
    decision = stages.enter(
        at.incident, at.items, stage, at.policy, at.directory, by=by, now=now, texts=written
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
