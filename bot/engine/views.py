"""The state that notices are drawn from, loaded right before they are sent."""

from collections.abc import Sequence
from datetime import datetime

from blocks.view import View
from bot.domain.incident import IncidentId
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage.database import Tx
from storage.outbox import Sending


def views_of(tx: Tx, sendings: Sequence[Sending], now: datetime) -> dict[int, View | Exception]:
    """Return what each row is about; each incident is loaded once, and one that cannot be loaded spoils no other."""
    scenes: dict[IncidentId, Scene | Exception] = {}
    views: dict[int, View | Exception] = {}
    for sending in sendings:
        try:
            views[sending.id] = _view(tx, sending, scenes, now)
        except Exception as error:
            views[sending.id] = error
    return views


def _view(tx: Tx, sending: Sending, scenes: dict[IncidentId, Scene | Exception], now: datetime) -> View:
    incident_id = sending.incident_id
    if incident_id not in scenes:
        try:
            scenes[incident_id] = scene.of(tx, incident_id, sending.workspace, now, for_update=False)
        except Exception as error:
            scenes[incident_id] = error
    found = scenes[incident_id]
    if isinstance(found, Exception):
        raise found
    item = scene.item_of(tx, found, sending.item_id) if sending.item_id is not None else None
    return View(
        incident=found.incident,
        items=found.items,
        item=item,
        policy=found.policy,
        directory=found.directory,
    )
