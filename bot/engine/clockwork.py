"""The whole engine as one thing to start, poke, settle and stop."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.incident import Workspace
from bot.engine import feeds, retention, trail
from bot.engine.caller import Caller
from bot.engine.counts import Counts
from bot.engine.courier import Courier
from bot.engine.deliveries.job import Me
from bot.engine.due import DueRunner
from bot.engine.heartbeat import Heartbeat
from bot.engine.inbox import Dispatch, Sweep
from bot.engine.pacing import Pacing
from bot.engine.people import Roster
from bot.engine.places import Places
from bot.engine.ticker import Ticker
from bot.slack import SlackDoor
from bot.usecases import oncall
from storage import outbox, timers
from storage.database import Database, Touched

log = logging.getLogger(__name__)

SWEEP = timedelta(seconds=15)
PRUNE = timedelta(hours=1)
ROSTER = timedelta(hours=1)
# What Slack would not say of the roster is asked again this soon.
ROSTER_AGAIN = timedelta(minutes=1)
ROSTER_TRIES = 30
# Somebody whom Slack was never asked about is worth waiting for: a page for them would meet a vacancy.
FIRST_ROSTER = 8.0
UNTIL_THEN = "Until then the ladder passes their places like vacancies, and the audit log says so."


class Clockwork:
    """Due timers, the courier, the sweep and the roster of one workspace, on one loop."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        door: SlackDoor,
        me: Me,
        workspace: Workspace,
        dispatch: Dispatch,
        answering: Callable[[], int] = lambda: 0,
        *,
        keep: timedelta,
    ) -> None:
        self._db, self._clock = db, clock
        self.counts, self.heartbeat = Counts(), Heartbeat()
        self._slack = slack = Caller(door, workspace.team_id, clock, Pacing(), self.counts)
        self.places = Places(db, clock, slack, workspace)
        self.roster = Roster(db, clock, slack, me, workspace)
        self.feeds = feeds.Feeds(db, clock, workspace)
        self.retention = retention.Retention(db, clock, workspace, keep)
        self._trail = trail.Trail(db, clock, workspace)
        self._workspace = workspace
        self._due = due = DueRunner(db, clock, self.counts)
        self._courier = Courier(
            db, clock, slack, me, self.places, self.counts, answering, lambda: due.is_behind
        )
        self._sweep = Sweep(db, clock, self.counts, dispatch)
        self._ticker = Ticker(clock, due.tick, self.counts, self.heartbeat)
        self._carrying: asyncio.Task[None] | None = None
        self._resolving: asyncio.Task[None] | None = None
        self._looked_up = asyncio.Event()

    async def start(self) -> None:
        """Begin to work. Waits for the roster only where part of it was never resolved before."""
        await self.places.load()
        await self._know_people()
        self._db.on_commit(self.touched)
        self._carrying = asyncio.create_task(self._courier.run())
        self._ticker.every(SWEEP, self._sweep.run, "sweep")
        self._ticker.every(PRUNE, self._sweep.prune, "prune")
        self._ticker.every(retention.EVERY, self.retention.run, "retention")
        self._ticker.every(trail.EVERY, self._trail.verify, "audit trail")
        self._ticker.every(ROSTER, self._resolve, "roster")
        self._ticker.every(SWEEP, self._newcomers, "newcomers")
        self._ticker.every(feeds.EVERY, self._read_feeds, "feeds")
        self._ticker.start()

    def touched(self, touched: Touched) -> None:
        """A commit left something to do: see to it now."""
        if touched.outbox:
            self._courier.poke()
        if touched.timers is not None:
            self._ticker.poke(touched.timers)

    async def settle(self) -> None:
        """Do everything that is due at the clock's moment, and what follows from it, until all is quiet."""
        busy = True
        while busy:
            busy = await self._due.run()
            busy = await self._courier.drain() or busy

    async def next_due(self) -> datetime | None:
        """Return when the next thing happens by itself: a timer, or a message that waits for its time."""
        moments = (await self._db.read(timers.next_due), await self._next_message())
        return min((moment for moment in moments if moment is not None), default=None)

    async def quiesce(self) -> None:
        """Start nothing more by the clock; a tick that is under way ends first."""
        await self._ticker.stop()
        if self._resolving is not None:
            self._resolving.cancel()
            await asyncio.gather(self._resolving, return_exceptions=True)

    async def stop(self, grace: float) -> None:
        """Let what is in flight to Slack end, for so many seconds. Stopping twice is fine."""
        await self.quiesce()
        await self._courier.stop(grace)
        if self._carrying is not None:
            await self._carrying

    async def _next_message(self) -> datetime | None:
        """Return when the next message may go: none does before the next probe while Slack is away."""
        at = await self._db.read(outbox.next_visible)
        now = self._clock()
        pause = self._slack.breaker.until(now)
        return at if at is None or not pause else max(at, now + timedelta(seconds=pause))

    async def _know_people(self) -> None:
        new = await self.roster.unresolved()
        self._resolving = asyncio.create_task(self._resolve())
        if not new:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked_up.wait(), FIRST_ROSTER)
        if left := await self.roster.unresolved():
            names = ", ".join(sorted(left))
            log.warning("work begins while Slack has not said yet who these are: %s. %s", names, UNTIL_THEN)

    async def _newcomers(self) -> None:
        """See whom a policy names that has just come into force, in its roster and in its calendars."""
        if await self.roster.newcomers():
            await self._read_feeds()

    async def _read_feeds(self) -> None:
        """Refresh the calendar feeds, and get to know whom they name for the first time."""
        await self.feeds.refresh()
        if new := await self.roster.unresolved():
            await self.roster.refresh(new)

    async def _resolve(self) -> None:
        """Refresh the channels and the roster, patiently; a failure is tried again at the next turn."""
        try:
            await self.places.refresh()
            left: frozenset[str] | None = None
            for _ in range(ROSTER_TRIES):
                left = await self.roster.refresh(left)
                # Who left or came back is on call no more, or again.
                await self._db.run(oncall.arm, self._workspace, self._clock())
                self._looked_up.set()
                if not left:
                    break
                await asyncio.sleep(ROSTER_AGAIN.total_seconds())
            await self._read_feeds()
        except Exception:
            log.exception("the roster could not be refreshed; it is tried again within the hour")
        finally:
            self._looked_up.set()
