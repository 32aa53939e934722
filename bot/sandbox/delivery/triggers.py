"""Trigger ids: the three-second, single-use permission to open a form for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from bot.sandbox.refused import Refused

LIFETIME = timedelta(seconds=3)
# Older ones are forgotten: a bot that still holds one has long missed its three seconds.
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Who may be shown a form until when, and the form the person was in when it was issued."""

    id: str
    user: str
    issued_at: datetime
    view_id: str | None


class Triggers:
    """Issues trigger ids and takes each one back at most once, within its lifetime by the sandbox's clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._issued: dict[str, Trigger] = {}
        self._spent: set[str] = set()

    def issue(self, user: str, *, view_id: str | None = None) -> str:
        """Return a new trigger id for something this person just did (inside a form: with its view id)."""
        now = self._clock()
        number = next(self._numbers)
        trigger_id = f"{int(now.timestamp() * 1000)}.{number}.{number * 2654435761 % 2**32:08x}"
        self._issued[trigger_id] = Trigger(id=trigger_id, user=user, issued_at=now, view_id=view_id)
        if len(self._issued) > MOST_REMEMBERED:
            oldest = next(iter(self._issued))
            del self._issued[oldest]
            self._spent.discard(oldest)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """Return the trigger if it may still be used; raise `Refused` with Slack's code otherwise."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger_id in self._spent:
            raise Refused("exchanged_trigger_id")
        if self._clock() - trigger.issued_at > LIFETIME:
            raise Refused("expired_trigger_id")
        return trigger

    def exchange(self, trigger_id: str) -> Trigger:
        """Use the trigger up and return it; call it last, since a refused view leaves its trigger unspent."""
        trigger = self.check(trigger_id)
        self._spent.add(trigger_id)
        return trigger
