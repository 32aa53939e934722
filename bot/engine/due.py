"""What fell due is run: small batches, each whole in one transaction, and a bad timer never stops the others."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.engine.counts import Counts
from bot.usecases import due as rules
from bot.usecases import scene
from storage import timers
from storage.database import Database, StorageError, Tx
from storage.timers import Due

log = logging.getLogger(__name__)

# Small, so that a click never waits behind a storm.
BATCH = 40
LEASE = timedelta(seconds=30)
POISON = 5


class DueRunner:
    """Runs due timers. Every replica has one; claims keep them apart."""

    def __init__(self, db: Database, clock: Clock, counts: Counts) -> None:
        self._db, self._clock, self._counts = db, clock, counts
        self._running = asyncio.Lock()
        self.is_behind = False

    async def tick(self) -> datetime | None:
        """Run what is due, and return when the next thing is. When nothing is due, that question is all it costs."""
        at = await self._db.read(timers.next_due)
        if at is None or at > self._clock():
            return at
        await self.run()
        return await self._db.read(timers.next_due)

    async def run(self) -> bool:
        """Run everything that is due at the clock's moment, oldest first; return whether there was anything.

        Runs one at a time: who returns from here knows that nothing claimed is still under way in this process.
        """
        did = False
        async with self._running:
            try:
                while ran := await self._batch(self._clock()):
                    self._counts.fired += ran
                    self.is_behind = ran >= BATCH
                    did = True
            finally:
                self.is_behind = False
        return did

    async def _batch(self, now: datetime) -> int:
        try:
            return await self._db.run(_fire_batch, now)
        except StorageError:
            raise
        except Exception:
            log.warning("a timer of a batch failed; its timers are run one by one", exc_info=True)
            return await self._one_by_one(await self._db.run(timers.claim_due, now, BATCH, LEASE), now)

    async def _one_by_one(self, dues: Sequence[Due], now: datetime) -> int:
        """Run each in a transaction of its own; a failing one waits for its lease, and is set aside in the end."""
        for due in dues:
            try:
                await self._db.run(_fire, due, now)
            except StorageError:
                raise
            except Exception as error:
                log.exception("timer %s of %s failed", due.kind.value, due.item_id or due.incident_id)
                if due.attempts >= POISON:
                    await self._db.run(timers.set_aside, due, f"{type(error).__name__}: {error}"[:300])
                    self._counts.timers_aside += 1
        return len(dues)


def _fire_batch(tx: Tx, now: datetime) -> int:
    # Finished first, as below.
    dues = timers.take_due(tx, now, BATCH)
    scene.prepare(tx, [due.incident_id for due in dues])
    for due in dues:
        if timers.is_taken(tx, due):
            rules.fire(tx, due, now)
    return len(dues)


def _fire(tx: Tx, due: Due, now: datetime) -> None:
    # Finished first: the rule may set the same timer again, and that one must stay.
    if timers.finish(tx, due):
        rules.fire(tx, due, now)
