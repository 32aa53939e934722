"""Deliveries that must be tried again later, by the sandbox's clock."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

# After the first attempt: at once, a minute after that, five minutes after that.
WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
LOOK_EVERY_SECONDS = 0.02


class Retries:
    """Runs functions at a time of the sandbox's clock, however that clock gets there, while ``is_open``."""

    def __init__(self, clock: Callable[[], datetime], is_open: Callable[[], bool]) -> None:
        self._clock = clock
        self._is_open = is_open
        self._order = count()
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []
        self._watch: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def due(self) -> bool:
        """True when something is about to run now."""
        return bool(self._waiting) and self._is_open() and self._waiting[0][0] <= self._clock()

    def after(self, wait: timedelta, run: Callable[[], object]) -> None:
        """Run a function once this much time has passed."""
        heapq.heappush(self._waiting, (self._clock() + wait, next(self._order), run))
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())

    def stop(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()
        if self._watch is not None:
            self._watch.cancel()

    async def _look(self) -> None:
        while self._waiting:
            while self.due:
                heapq.heappop(self._waiting)[2]()
            await asyncio.sleep(LOOK_EVERY_SECONDS)
