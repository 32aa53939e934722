"""Tasks that a role owes: saying that one is done."""

from datetime import datetime

from bot.domain import tasks
from bot.domain.errors import InvalidInput, NotFound, NotNow
from bot.domain.incident import ChannelId, UserId, Workspace
from bot.domain.items import Item, ItemId
from bot.usecases import desk, scene
from bot.usecases.scene import Scene
from storage.database import Tx


def finish(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> Item:
    """Mark a task done; whoever else owed it is left alone from now on."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    decision = tasks.finish(at.incident, item, at.policy, at.directory, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.items[0]


def finish_here(
    tx: Tx, channel_id: ChannelId, named: str, *, by: UserId, workspace: Workspace, now: datetime
) -> Item:
    """Mark the task done that a person owes in this channel's incident, or else on the desk.

    ``named`` is any part of what the task says. Raises `NotNow` when they owe none and `InvalidInput` when it is not
    clear which one is meant.
    """
    mine = tasks.open_ones(_scene(tx, channel_id, workspace, now).items, by)
    if not mine:
        raise NotNow("You owe no task here. `/incident mine` lists everything you owe.")
    meant = [item for item in mine if named.casefold() in item.title.casefold()]
    if len(meant) != 1:
        owed = "; ".join(item.title for item in mine)
        example = f"`/incident done {mine[0].title.split()[0]}`"
        raise InvalidInput(
            {"task": f"Please say which one, with a word of it, for example {example}. You owe: {owed}."}
        )
    return finish(tx, meant[0].id, by=by, workspace=workspace, now=now)


def _scene(tx: Tx, channel_id: ChannelId, workspace: Workspace, now: datetime) -> Scene:
    try:
        return scene.here(tx, channel_id, workspace, now)
    except NotFound:
        return desk.of(tx, workspace, now)
