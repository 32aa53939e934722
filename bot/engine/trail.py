"""Now and then the audit trail is verified, a page at a time, so that nobody finds out months later that it is broken."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.incident import Workspace
from bot.usecases import trail
from storage.database import Database
from storage.verification import Reached, verify_on

EVERY = timedelta(hours=1)
# What was verified is verified again so often; in between, only what has come since.
WHOLE_EVERY = timedelta(days=1)


class Trail:
    """Verifies the chain of one workspace; what is broken is told once, by whichever replica sees it."""

    def __init__(self, db: Database, clock: Clock, workspace: Workspace) -> None:
        self._db, self._clock, self._workspace = db, clock, workspace
        self._reached = Reached()
        self._whole_at: datetime | None = None

    async def verify(self) -> None:
        """Go on to the end of the chain, once a day from its beginning. Between two pages whatever people do comes first."""
        now = self._clock()
        if self._whole_at is None or now - self._whole_at >= WHOLE_EVERY:
            self._reached, self._whole_at = Reached(), now
        at_end = False
        while not at_end:
            page = await self._db.read(verify_on, self._workspace, self._reached)
            self._reached, at_end = page.reached, page.at_end
            if page.found.first_broken is not None:
                # The rest is of no worth to whoever cannot rely on this.
                self._whole_at = None
                number, why = page.found.first_broken[1], page.found.why
                await self._db.run(trail.broken, number, why, workspace=self._workspace, now=self._clock())
