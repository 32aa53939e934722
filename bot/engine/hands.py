"""The rows that this process has claimed, and how each of them is handed back: settled, postponed or set aside."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from blocks.view import View
from bot.clock import Clock
from bot.domain.decision import NoticeKind
from bot.engine.caller import Breaker
from bot.engine.counts import Counts
from bot.engine.deliveries import room
from bot.engine.deliveries.job import Job, Result, Settled
from bot.slack import Later, Never
from bot.usecases import delivery
from storage import outbox
from storage.database import Database
from storage.outbox import Sending

log = logging.getLogger(__name__)

# So many failures while Slack answers others mean that the notice itself is bad.
POISON = 10
BACKOFF_MOST = 10.0
# What was claimed longer ago than this is handed back instead of sent under an old lease.
STALE = timedelta(seconds=15)


@dataclass(slots=True)
class _Row:
    sending: Sending
    claimed_at: datetime


class Hands:
    """The claimed rows of one courier."""

    def __init__(self, db: Database, clock: Clock, breaker: Breaker, counts: Counts) -> None:
        self._db, self._clock, self._breaker, self._counts = db, clock, breaker, counts
        self._rows: dict[int, _Row] = {}
        self._strikes: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, sending: Sending, now: datetime) -> bool:
        """Take a claimed row; false when it is in our hands already and only its lease was renewed by a moved clock."""
        held = self._rows.get(sending.id)
        if held is not None:
            # What is under way was drawn from an older state than the one at this claim.
            sending = replace(sending, drawn_version=held.sending.drawn_version)
        self._rows[sending.id] = _Row(sending, now)
        return held is None

    def drawing(self, sending: Sending, view: View) -> None:
        """Note which version of the state will be shown, so that a change after it has the copy drawn again.

        A copy about an item names the incident's channel too; one that is drawn without it is behind from the start.
        """
        version = view.item.version if view.item is not None else view.incident.version
        if view.incident.channel_id is None:
            version = delivery.BEHIND
        row = self._rows[sending.id]
        row.sending = replace(row.sending, drawn_version=version)

    def is_stale(self, sending: Sending) -> bool:
        """Say whether the lease may soon run out, so that another replica could take the row too."""
        return self._clock() - self._rows[sending.id].claimed_at > STALE

    async def over(self, job: Job, result: Result) -> None:
        """Write down what became of a job."""
        match result:
            case Settled():
                await self._settle(job.sending, result)
            case Never(reason=reason):
                await self._settle(job.sending, _given_up(job.sending, reason, job), "aside")
            case Later():
                await self._postpone(job.sending, result, job)

    async def stumbled(self, sending: Sending, error: Exception, job: Job | None = None) -> None:
        """Our own code failed on a row: it is tried again a few times, then set aside and shown, never for ever."""
        why = f"{type(error).__name__}: {error}"[:300]
        log.error("%s %s stumbled: %s", sending.kind.value, sending.key, why, exc_info=error)
        try:
            await self._postpone(sending, Later(after=1.0, why=why, unsure=True, reached=False), job)
        except Exception:
            log.exception("%s could not be handed back", sending.key)
            await self._put_down(sending, why)

    async def _put_down(self, sending: Sending, why: str) -> None:
        """Set aside what is poison and cannot even be settled as such; anything else stays claimed until its lease ends."""
        try:
            if self._strikes[sending.id] >= POISON:
                await self._write(sending, outbox.aside, why, now=self._clock())
        except Exception:
            log.exception("%s stays claimed until its lease ends", sending.key)
        self.let_go([sending])

    async def back(self, sending: Sending, after: float, why: str) -> None:
        """Hand a row back untouched, to be claimed again after so many seconds."""
        at = self._clock() + timedelta(seconds=after)
        try:
            await self._write(sending, delivery.later, at, why, unsure=sending.unsure)
        except Exception:
            log.exception("%s stays claimed until its lease ends", sending.key)
            self.let_go([sending])

    def let_go(self, sendings: Iterable[Sending]) -> None:
        """Forget rows that could not even be handed back; whoever claims them next looks before posting."""
        for sending in sendings:
            self._rows.pop(sending.id, None)

    async def _postpone(self, sending: Sending, later: Later, job: Job | None) -> None:
        wait = later.after
        if not later.reached:
            if not self._breaker.is_away:
                self._strikes[sending.id] += 1
            strikes = self._strikes[sending.id]
            if strikes >= POISON:
                await self._settle(sending, _given_up(sending, later.why, job), "aside")
                return
            wait = min(BACKOFF_MOST, wait * 2 ** max(0, strikes - 1))
        at = self._clock() + timedelta(seconds=wait)
        # A row that was merely held back by us is exactly as unsure as it was before.
        unsure = later.unsure or (later.paced and sending.unsure)
        await self._write(sending, delivery.later, at, later.why, unsure=unsure)
        self._counts.settled["paced" if later.paced else "later"] += 1

    async def _settle(self, sending: Sending, settled: Settled, word: str = "sent") -> None:
        await self._write(sending, settled.settle, *settled.args, now=self._clock())
        self._strikes.pop(sending.id, None)
        self._counts.settled[word] += 1

    async def _write(
        self, sending: Sending, use_case: Callable[..., object], *args: Any, **named: Any
    ) -> None:
        row = self._rows[sending.id]
        await self._db.run(use_case, row.sending, *args, **named)
        self._rows.pop(sending.id, None)


def _given_up(sending: Sending, why: str, job: Job | None) -> Settled:
    """Return how a notice ends that can never arrive; an incident without its channel goes on in the fallback."""
    if sending.kind is NoticeKind.CREATE_CHANNEL and job is not None:
        return room.failed(job, why)
    return Settled(settle=delivery.failed, args=(why,))
