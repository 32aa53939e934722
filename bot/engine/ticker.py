"""The metronome: APScheduler wakes the engine when the next thing falls due, and at least once a second."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, system_clock
from bot.engine.counts import Counts
from bot.engine.heartbeat import Heartbeat

log = logging.getLogger(__name__)

# The scheduler would report every tick; its own troubles show in the heartbeat.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

PULSE = timedelta(seconds=1)
_BREATH = timedelta(milliseconds=2)
_TICK = "tick"


class Ticker:
    """Calls ``tick``, which does what is due and returns when the next thing is, on the bot's clock.

    Nothing is remembered here: a tick that is late, missed or doubled only looks at the database once more.
    """

    def __init__(
        self,
        clock: Clock,
        tick: Callable[[], Awaitable[datetime | None]],
        counts: Counts,
        heartbeat: Heartbeat,
    ) -> None:
        self._clock, self._tick, self._counts, self._heartbeat = clock, tick, counts, heartbeat
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._ticking = asyncio.Lock()
        self._armed: datetime | None = None
        self._asked: datetime | None = None

    def start(self) -> None:
        """Begin to tick, on the running loop."""
        self._add(self._run, PULSE, _TICK)
        self._scheduler.start()
        self._arm(timedelta(0))

    def every(self, pause: timedelta, work: Callable[[], Awaitable[object]], name: str) -> None:
        """Do some housekeeping now and then; a failure is logged and tried again at the next turn."""

        async def turn() -> None:
            try:
                await work()
            except Exception:
                log.exception("%s failed; it is tried again later", name)

        self._add(turn, pause, name)

    def poke(self, at: datetime) -> None:
        """Something falls due at a moment of the bot's clock: be awake by then."""
        if self._ticking.locked():
            self._asked = at if self._asked is None else min(self._asked, at)
            return
        wait = at - self._clock()
        if self._armed is None or system_clock() + wait < self._armed:
            self._arm(wait)

    async def stop(self) -> None:
        """Stop ticking, after the tick that is under way."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        async with self._ticking:
            self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    async def _run(self) -> None:
        async with self._ticking:
            self._armed = self._asked = None
            due = None
            try:
                due = await self._tick()
                self._heartbeat.beat()
                self._counts.ticks += 1
            except Exception:
                log.exception("a tick failed; the next one tries again")
        moments = [moment for moment in (due, self._asked) if moment is not None]
        self._arm(min(moments) - self._clock() if moments else PULSE)

    def _arm(self, wait: timedelta) -> None:
        # Not at once: the scheduler must first see that the tick which is arming it has ended.
        self._armed = system_clock() + max(_BREATH, min(wait, PULSE))
        if self._scheduler.running:
            self._scheduler.modify_job(_TICK, next_run_time=self._armed)

    def _add(self, work: Callable[[], Awaitable[None]], pause: timedelta, name: str) -> None:
        self._scheduler.add_job(
            work,
            "interval",
            seconds=pause.total_seconds(),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
