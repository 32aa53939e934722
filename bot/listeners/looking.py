"""Reading what a form or an answer shows; nothing here changes anything."""

import re
from datetime import datetime

from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.incident import ChannelId, IncidentId, Workspace
from bot.domain.items import Item, ItemId
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage import incidents, items
from storage.database import Tx

KEY = re.compile(r"(?:inc-?)?(\d{1,9})", re.IGNORECASE)


def at(tx: Tx, incident_id: IncidentId, *, workspace: Workspace, now: datetime) -> Scene:
    """Look at an incident; raises `NotFound` when it is not of this workspace."""
    return scene.of(tx, incident_id, workspace, now, for_update=False)


def here(tx: Tx, channel: ChannelId, *, workspace: Workspace, now: datetime) -> Scene:
    """Look at the incident whose channel this is."""
    return scene.here(tx, channel, workspace, now, for_update=False)


def named(tx: Tx, key: str, channel: ChannelId, *, workspace: Workspace, now: datetime) -> Scene:
    """Look at the incident that was named (``INC-42``), or at the one whose channel this is when none was."""
    if not key:
        return here(tx, channel, workspace=workspace, now=now)
    found = KEY.fullmatch(key)
    if found is None:
        raise NotFound("That is not the key of an incident. Write it like `INC-42`.")
    incident = incidents.by_number(tx, workspace, int(found.group(1)))
    return at(tx, incident.id, workspace=workspace, now=now)


def undecided(tx: Tx, item_id: ItemId, *, workspace: Workspace, now: datetime) -> tuple[Scene, Item]:
    """Look at an approval that still waits for a decision; raises `AlreadyDecided` when it does not."""
    around = at(tx, items.load(tx, item_id).incident_id, workspace=workspace, now=now)
    item = around.item(item_id)
    if not item.is_open:
        raise AlreadyDecided("This is decided or over already; its card shows by whom and why.")
    return around, item
