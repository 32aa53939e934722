"""The courier: claims what is to be said, draws it from the state as it is now, and sends it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.domain.decision import Lane
from bot.engine.caller import Caller
from bot.engine.counts import Counts
from bot.engine.deliveries import deliver
from bot.engine.deliveries.job import Job, Me, Result
from bot.engine.hands import Hands
from bot.engine.lines import Lines
from bot.engine.places import Places
from bot.engine.views import views_of
from bot.slack import Later
from storage import outbox
from storage.database import Database
from storage.outbox import Sending

log = logging.getLogger(__name__)

IN_FLIGHT = 96
HELD = 192
BATCH = 32
# While a storm of timers is being run, so many at a time: Slack takes fewer, and whoever is due must not wait for drawing.
TRICKLE = 4
LEASE = timedelta(seconds=60)
# A delivery that takes longer is given up as ambiguous, so that no lease runs out under it.
PATIENCE = 40.0
# A view older than this is loaded again before it is drawn.
FRESH = timedelta(seconds=1)
PULSE = 1.0
DOZE = 0.05
# So many payloads being answered at once are a crowd; all but pages gives way to it, for a second at most. What changed
# meanwhile is then drawn once.
CROWD = 8
GIVE_WAY = 1.0


class Courier:
    """Sends from the outbox until stopped. Every replica runs one; claims keep them apart."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Caller,
        me: Me,
        places: Places,
        counts: Counts,
        answering: Callable[[], int],
        is_behind: Callable[[], bool],
    ) -> None:
        self._is_behind = is_behind
        self._answering = answering
        self._crowded: float | None = None
        self._db, self._clock, self._slack, self._me, self._places = db, clock, slack, me, places
        self._hands = Hands(db, clock, slack.breaker, counts)
        self._lines = Lines(IN_FLIGHT)
        self._tasks: set[asyncio.Task[None]] = set()
        self._poked, self._moved = asyncio.Event(), asyncio.Event()
        self._claiming = asyncio.Lock()
        self._was_full = False
        self._stopping = False

    def poke(self) -> None:
        """Something was enqueued: look now. Call it on the loop."""
        self._poked.set()

    async def run(self) -> None:
        """Send until `stop`; whatever goes wrong is logged, and the next round tries again."""
        while not self._stopping:
            self._poked.clear()
            nap = PULSE
            try:
                took = await self._round()
                if self._is_behind():
                    self._poked.clear()
                    nap = DOZE
                elif took or self._poked.is_set():
                    continue
                else:
                    nap = await self._nap()
            except Exception:
                log.exception("the courier could not look at the outbox; it tries again")
            try:
                async with asyncio.timeout(nap):
                    await self._poked.wait()
            except TimeoutError:
                continue

    async def drain(self) -> bool:
        """Send everything that may go at the clock's moment, and return whether there was anything."""
        did = False
        while True:
            self._moved.clear()
            took = await self._round()
            if not took and not self._hands:
                return did
            did = True
            if not took:
                await self._moved.wait()

    async def stop(self, grace: float) -> None:
        """Claim nothing more, hand back what waits, and let what is in flight end; its lease guards what does not."""
        self._stopping = True
        self.poke()
        async with self._claiming:
            for job in self._lines.everybody():
                await self._hands.back(job.sending, 0.0, "stopping")
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _round(self) -> int:
        """Claim what may go now and start it; return how many rows were taken."""
        if await self._is_slack_away():
            return 0
        async with self._claiming:
            now = self._clock()
            room = HELD - len(self._hands)
            self._was_full = room < BATCH
            limit = min(TRICKLE if self._is_behind() else BATCH, room)
            if limit <= 0 or self._stopping:
                return 0
            claimed = await self._db.run(outbox.claim, now, limit, LEASE, self._lanes())
            fresh = [sending for sending in claimed if self._hands.take(sending, now)]
            try:
                jobs = await self._jobs(fresh)
            except Exception:
                self._hands.let_go(fresh)
                raise
            for job in jobs:
                self._lines.join(job)
            self._start()
            return len(fresh)

    def _lanes(self) -> Lane:
        """Return how far down the lanes to claim: a crowd of clicks is answered before anything but pages is sent."""
        now = asyncio.get_running_loop().time()
        if self._answering() < CROWD:
            self._crowded = None
            return Lane.BULK
        self._crowded = self._crowded or now
        return Lane.URGENT if now - self._crowded < GIVE_WAY else Lane.BULK

    async def _is_slack_away(self) -> bool:
        """Say whether Slack is there. While it is away nothing is claimed; a harmless question finds out when it is back."""
        breaker = self._slack.breaker
        if breaker.is_away and not breaker.until(self._clock()) and not self._stopping:
            await self._slack.call("auth.test")
        return breaker.is_away

    async def _jobs(self, sendings: list[Sending]) -> list[Job]:
        """Load what each row is about; a row whose state cannot be loaded stumbles alone."""
        if not sendings:
            return []
        views = await self._db.read(views_of, sendings, self._clock())
        jobs = []
        for sending in sendings:
            view = views[sending.id]
            if isinstance(view, Exception):
                await self._hands.stumbled(sending, view)
                continue
            self._hands.drawing(sending, view)
            job = Job(
                sending=sending,
                view=view,
                slack=self._slack,
                me=self._me,
                channel=self._places.find(sending.to, view),
                fallback=self._places.fallback(view.policy),
                now=self._clock(),
            )
            jobs.append(job)
        return jobs

    def _start(self) -> None:
        for job in self._lines.take():
            task = asyncio.create_task(self._carry(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, job: Job) -> None:
        """Deliver one notice and write down what became of it; whoever stands behind it moves up, or waits with it."""
        try:
            if self._hands.is_stale(job.sending):
                await self._hands.back(job.sending, 0.0, "waited too long in line")
                return
            result = await self._deliver(job)
            await self._hands.over(job, result)
            if isinstance(result, Later):
                await self._hold_up(job, result)
                self.poke()
        except Exception as error:
            await self._hands.stumbled(job.sending, error, job)
        finally:
            self._lines.over(job)
            self._start()
            self._moved.set()
            if self._was_full:
                self.poke()

    async def _deliver(self, job: Job) -> Result:
        if self._clock() - job.now > FRESH:
            view = (await self._db.read(views_of, [job.sending], self._clock()))[job.sending.id]
            if isinstance(view, Exception):
                raise view
            self._hands.drawing(job.sending, view)
            job = replace(job, view=view, now=self._clock())
        if job.channel is None:
            job = replace(job, channel=await self._places.search(job.sending.to, job.view))
        try:
            async with asyncio.timeout(PATIENCE):
                return await deliver(job)
        except TimeoutError:
            return Later(after=1.0, why="took too long", unsure=True, reached=False)

    async def _hold_up(self, job: Job, later: Later) -> None:
        """Postpone whoever stands behind, so that a place keeps its order; at a pace, one after the other."""
        for place, behind in enumerate(self._lines.behind(job), start=2):
            wait = later.after * place if later.paced else later.after
            await self._hands.back(behind.sending, wait, f"behind another: {later.why}")

    async def _nap(self) -> float:
        """Return how long to sleep unless poked: a second, or until the next waiting row may go."""
        if pause := self._slack.breaker.until(self._clock()):
            return min(PULSE, pause)
        if self._lanes() is Lane.URGENT:
            return DOZE
        at = await self._db.read(outbox.next_visible)
        if at is None:
            return PULSE
        wait = (at - self._clock()).total_seconds()
        # A row that may go and was not taken is somebody else's, or waits for room: no need to hurry.
        return min(PULSE, wait) if wait > 0 else DOZE
