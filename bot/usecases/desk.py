"""The workspace's own record: what is owed but belongs to no incident."""

from datetime import datetime

from bot.domain import desk
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage import policies
from storage.apply import apply
from storage.database import Tx


def of(tx: Tx, workspace: Workspace, now: datetime) -> Scene:
    """Load the desk's scene, setting the desk up where there is none yet."""
    try:
        return scene.of(tx, desk.id_of(workspace), workspace, now)
    except NotFound:
        policy = policies.active(tx, workspace)
        apply(tx, desk.open_desk(workspace, policy, now), actor="tocsin", now=now)
        return scene.of(tx, desk.id_of(workspace), workspace, now)
