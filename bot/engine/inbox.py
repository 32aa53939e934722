"""Events that were stored and never finished (a crash, a failure) are taken up again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.engine.counts import Counts
from storage import inbox
from storage.database import Database
from storage.inbox import Stored

log = logging.getLogger(__name__)

# Whoever stored an event younger than this is still at it.
UNTOUCHED = timedelta(seconds=30)
# An event that failed so often is given up, loudly.
ATTEMPTS = 5
# Slack retries for an hour at most, so a key older than this cannot come back.
KEPT = timedelta(days=3)


# Runs a payload as if Slack had just sent it, and tells whether that worked.
Dispatch = Callable[[Mapping[str, Any]], Awaitable[bool]]


class Sweep:
    """Hands unfinished events to ``dispatch``, the same way in that a fresh event takes."""

    def __init__(self, db: Database, clock: Clock, counts: Counts, dispatch: Dispatch) -> None:
        self._db, self._clock, self._counts, self._dispatch = db, clock, counts, dispatch

    async def run(self) -> bool:
        """Take up what has been left lying; return whether there was anything."""
        now = self._clock()
        left = await self._db.run(inbox.undone, now - UNTOUCHED, now=now)
        for event in left:
            if not await self._again(event):
                log.error("event %s failed again, attempt %d of %d", event.key, event.attempts, ATTEMPTS)
                if event.attempts < ATTEMPTS:
                    continue
            await self._db.run(inbox.done, event.key, self._clock())
            self._counts.swept += 1
        return bool(left)

    async def _again(self, event: Stored) -> bool:
        try:
            return await self._dispatch(event.payload)
        except Exception:
            log.exception("event %s stumbled", event.key)
            return False

    async def prune(self) -> None:
        """Forget keys that Slack cannot send again."""
        await self._db.run(inbox.prune, self._clock() - KEPT)
