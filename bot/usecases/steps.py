"""The next step that every open incident owes."""

from datetime import datetime

from bot.domain import steps
from bot.domain.incident import IncidentId, UserId, Workspace
from bot.domain.items import ItemId
from bot.usecases import scene
from storage.database import Tx


def set_step(
    tx: Tx,
    incident_id: IncidentId,
    text: str,
    owner: UserId | None,
    due: datetime | None,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Say what happens next, who does it and by when; refuses a due time in the past, naming the field."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = steps.set_step(
        at.incident, at.items, at.policy, at.directory, text=text, owner=owner, due=due, by=by, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)


def finish(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Mark a next step done; the incident owes another one at once."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    scene.conclude(
        tx,
        at,
        steps.finish_step(at.incident, item, at.items, at.policy, at.directory, by=by, now=now),
        actor=by,
        now=now,
    )
