"""Bots that are broken on purpose, to see that the crash tests would notice."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.engine import due
from bot.engine.deliveries import message
from bot.engine.due import BATCH, LEASE, DueRunner
from bot.usecases import due as rules
from storage import timers
from storage.database import Tx
from storage.timers import Due


def careless_courier() -> None:
    """Post again without looking whether the message stands there already."""

    async def look_away(*_: object) -> None:
        return None

    message._said_already = look_away  # type: ignore[assignment]


def hasty_clockwork() -> None:
    """Finish timers in one transaction, and do what they stand for in the next."""

    def finish_first(tx: Tx, now: datetime) -> tuple[Due, ...]:
        dues = timers.claim_due(tx, now, BATCH, LEASE)
        return tuple(due for due in dues if timers.finish(tx, due))

    async def batch(self: DueRunner, now: datetime) -> int:
        dues = await self._db.run(finish_first, now)
        for one in dues:
            await self._db.run(rules.fire, one, now)
        return len(dues)

    due.DueRunner._batch = batch  # type: ignore[method-assign]


DOUBLES: Mapping[str, Callable[[], None]] = {
    "careless_courier": careless_courier,
    "hasty_clockwork": hasty_clockwork,
}
