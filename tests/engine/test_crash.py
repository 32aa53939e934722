import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot
from tests.engine.acme import Acme, acme

pytestmark = pytest.mark.crash
# A claim whose courier died is free again after its lease.
LEASES = timedelta(minutes=3)


class Killer:
    """Kills the bot at the n-th boundary: right before or right after the effect of a call."""

    def __init__(self, workspace: Acme, boundary: int) -> None:
        self.workspace, self.left = workspace, boundary
        self.struck = asyncio.Event()
        self.unhook = workspace.sandbox.faults.on_call(self.call)

    async def call(self, moment: str, method: str, args: Mapping[str, Any]) -> None:
        self.left -= 1
        if self.left == 0:
            self.unhook()
            await kill(self.workspace.bots.pop())
            self.struck.set()


async def kill(bot: Bot) -> None:
    """Take a bot away as a killed process goes: nothing is handed back, nothing is settled, nobody is told."""
    engine = bot._engine
    courier = engine._courier
    courier._stopping = True
    for task in (*courier._tasks, engine._carrying, engine._resolving):
        if task is not None:
            task.cancel()
    engine._ticker._scheduler.shutdown(wait=False)
    bot.db.close()
    await courier._slack._door.close()


async def opened_and_killed(home: Path, boundary: int) -> bool:
    """Open an incident, kill the bot at a boundary, start it again; false when there is no such boundary."""
    async with acme(home) as workspace:
        killer = Killer(workspace, boundary)
        await workspace.opens()
        settling = asyncio.create_task(workspace.settles())
        striking = asyncio.create_task(killer.struck.wait())
        await asyncio.wait({settling, striking}, return_when=asyncio.FIRST_COMPLETED)
        if not killer.struck.is_set():
            striking.cancel()
            return False
        settling.cancel()
        await asyncio.gather(settling, return_exceptions=True)

        await workspace.bot_starts()
        await workspace.all_is_sent(within=LEASES)

        [room] = workspace.channels
        assert len(room.bookmarks) == len(room.pins) == 1, boundary
        assert {"U0ANA", "U0TOCSIN"} < set(room.members), boundary
        assert set(workspace.said().values()) == {1}, boundary
        assert room.topic.value.startswith("INC-1"), boundary
        return True


@pytest.mark.promise("M-01")
async def test_wherever_the_bot_is_killed_while_opening_there_is_one_channel_and_each_message_once(
    tmp_path: Path,
) -> None:
    boundary = 1
    while await opened_and_killed(tmp_path / str(boundary), boundary):
        boundary += 1

    assert boundary > 16, "two boundaries for each of the opening's calls"
