"""Which channel of a workspace a name stands for."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.domain.incident import ChannelId, Workspace
from storage.statements import upsert
from storage.tables import WORKSPACE_CHANNEL
from storage.transaction import Tx


def named(tx: Tx, ws: Workspace) -> Mapping[str, ChannelId]:
    """Return every channel known by name, without the ``#``."""
    rows = tx.execute(select(WORKSPACE_CHANNEL).where(WORKSPACE_CHANNEL.c.team_id == ws.team_id))
    return {row.name: ChannelId(row.channel_id) for row in rows}


def learn(tx: Tx, ws: Workspace, channels: Mapping[str, ChannelId]) -> None:
    """Remember what these names stand for now."""
    rows = [
        {
            "team_id": ws.team_id,
            "enterprise_id": ws.enterprise_id,
            "name": name.removeprefix("#"),
            "channel_id": channel,
        }
        for name, channel in channels.items()
    ]
    if rows:
        tx.fast(upsert(tx, WORKSPACE_CHANNEL, "team_id", "name"), rows)
