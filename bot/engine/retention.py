"""Now and then, what has served its purpose is forgotten, so that no table grows for ever."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.domain.incident import Workspace
from storage import retention
from storage.database import Database
from storage.retention import Horizon, Stretch

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Forgotten:
    """How many rows a pass has removed."""

    notices: int = 0
    timers: int = 0
    lines: int = 0
    duties: int = 0


class Retention:
    """Removes settled notices, timers set aside, and finished duties of the desk once they are older than ``keep``.

    Each bite is a transaction of its own, so whatever people do comes in between; what a pass leaves undone, because it was
    stopped, is left to the next one. Several replicas may do it at once.
    """

    def __init__(self, db: Database, clock: Clock, workspace: Workspace, keep: timedelta) -> None:
        self._db, self._clock, self._workspace, self.keep = db, clock, workspace, keep

    async def run(self) -> Forgotten:
        """Forget what is old; returns how much that was."""
        at = await self._db.read(retention.horizon, self._workspace, self._clock(), self.keep)
        gone = Forgotten(
            notices=await self._walk(at, retention.old_notices, retention.forget_notices),
            timers=await self._walk(at, retention.old_timers, retention.forget_timers),
            lines=await self._bites(at, retention.old_lines, retention.forget_lines),
            duties=await self._bites(at, retention.old_duties, retention.forget_duties),
        )
        if any(astuple(gone)):
            what = "%d notices, %d timers, %d messages of the desk, %d shifts and offers"
            log.info(f"forgotten after %d days: {what}", self.keep.days, *astuple(gone))
        return gone

    async def _walk(self, at: Horizon, look: Callable[..., Stretch], forget: Callable[..., int]) -> int:
        """Walk through a table once. Looking takes no lock, and where nothing is old nothing is written."""
        count, stretch = 0, await self._db.read(look, at, 0)
        while stretch.last is not None:
            if stretch.old:
                count += await self._db.run(forget, at, stretch.old)
            stretch = await self._db.read(look, at, stretch.last)
        return count

    async def _bites(
        self, at: Horizon, look: Callable[..., Sequence[object]], forget: Callable[..., int]
    ) -> int:
        """Take bites until nothing is left, or what is left will not go."""
        count, gone = 0, -1
        while gone and (old := await self._db.read(look, at)):
            gone = await self._db.run(forget, at, old)
            count += gone
        return count
