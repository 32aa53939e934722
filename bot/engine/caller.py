"""Calling Slack at the pace it allows: pacing before the call, what it said remembered after it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.decision import Lane
from bot.engine.counts import Counts
from bot.engine.pacing import Pacing
from bot.slack import Later, Never, Outcome, Sent, SlackDoor

# So many failures in a row, with no answer between them, mean that Slack is away and not that a message is bad.
AWAY_AFTER = 5
# While Slack is away it is asked now and then whether it is back, first soon and then ever less often.
PROBE_FIRST = timedelta(seconds=1)
PROBE_MOST = timedelta(seconds=5)


class Breaker:
    """Whether Slack is there at all; while it is away nothing is sent, so an outage costs almost nothing."""

    def __init__(self) -> None:
        self._failures = 0
        self._next: datetime | None = None
        self._pause = PROBE_FIRST

    @property
    def is_away(self) -> bool:
        """Slack has not answered the last calls."""
        return self._failures >= AWAY_AFTER

    def answered(self) -> None:
        """Slack answered, whatever it said."""
        self._failures, self._pause = 0, PROBE_FIRST

    def failed(self, now: datetime) -> None:
        """Slack did not answer, or only with a 5xx."""
        self._failures += 1
        if self.is_away:
            self._next = now + self._pause
            self._pause = min(self._pause * 2, PROBE_MOST)

    def until(self, now: datetime) -> float:
        """Return for how many seconds it is not even asked whether it is back."""
        if not self.is_away or self._next is None:
            return 0.0
        left = (self._next - now).total_seconds()
        # A clock that was set back must not prolong the pause.
        return left if 0 < left <= PROBE_MOST.total_seconds() else 0.0


class Caller:
    """Slack as the engine sees it: `bot.slack.SlackDoor` behind pacing, breaker and counters."""

    def __init__(self, door: SlackDoor, team: str, clock: Clock, pacing: Pacing, counts: Counts) -> None:
        self._door, self._team, self._clock = door, team, clock
        self._pacing, self._counts = pacing, counts
        self.breaker = Breaker()

    async def call(
        self,
        method: str,
        *,
        lane: Lane = Lane.NORMAL,
        room: str | None = None,
        drawn: Callable[[], Mapping[str, Any]] | None = None,
        **args: Any,
    ) -> Outcome:
        """Call a method once, or say at once that it must wait.

        ``room`` is the channel whose pace counts for a post; ``drawn`` gives what is dear to make, once it may be sent.
        """
        wait = self._pacing.ask(self._clock(), self._team, method, room, lane)
        if wait > 0:
            return Later(after=wait, why="paced", paced=True)
        outcome = await self._door.call(method, **args, **(drawn() if drawn else {}))
        self._remember(method, room, outcome)
        return outcome

    def _remember(self, method: str, room: str | None, outcome: Outcome) -> None:
        now = self._clock()
        match outcome:
            case Sent():
                word = "sent"
            case Never():
                word = "refused"
            case Later(limited=True):
                word = "limited"
                self._pacing.objected(now, self._team, method, room, outcome.after)
            case Later():
                word = "failed"
        self._counts.calls[method, word] += 1
        if isinstance(outcome, Later) and not outcome.reached:
            self.breaker.failed(now)
        else:
            self.breaker.answered()
