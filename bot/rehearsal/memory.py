"""What the database would hold of one incident, in memory: a decision changes it as `storage.apply` changes the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import consequences
from bot.domain.decision import CALLS, Decision, Fact, Notice, Timer, TimerKind
from bot.domain.incident import Incident, IncidentId
from bot.domain.items import Item, ItemId
from bot.domain.policy import Policy

Owner = ItemId | IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One fact as the audit log would hold it: when, by whom, what."""

    at: datetime
    by: str
    fact: Fact


@dataclass(slots=True)
class Memory:
    """One incident, its items, its timers, and what was recorded and said since it was last asked (`drain`).

    A timer is unique by owner and kind: setting it again moves it. What goes quiet loses its timers before new ones are set,
    and the calls about it that nobody has heard yet.
    """

    state: Incident | None = None
    items: dict[ItemId, Item] = field(default_factory=dict)
    timers: dict[tuple[Owner, TimerKind], Timer] = field(default_factory=dict)
    _order: dict[tuple[Owner, TimerKind], int] = field(default_factory=dict)
    _set: int = 0
    _recorded: list[Recorded] = field(default_factory=list)
    _said: list[Notice] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)

    @property
    def incident(self) -> Incident:
        assert self.state is not None, "nothing has been opened yet"
        return self.state

    def conclude(self, decision: Decision, policy: Policy, *, by: str, now: datetime) -> None:
        """Take a decision with what follows from every decision, as use cases do."""
        self.apply(consequences.whole(tuple(self.items.values()), decision, policy, by, now), by=by, now=now)

    def apply(self, decision: Decision, *, by: str, now: datetime) -> None:
        """Write every consequence: the incident and its items with their versions, silence, timers, facts, notices."""
        written = [item for item in decision.items if self.items.get(item.id) != item]
        if written or self.state != decision.incident:
            self.state = replace(decision.incident, version=decision.incident.version + 1)
        for item in written:
            self.items[item.id] = replace(item, version=item.version + 1)
        gone: set[Owner] = {*decision.quiet, *([decision.incident.id] if decision.hush else [])}
        if gone:
            for key in [key for key in self.timers if key[0] in gone]:
                self._forget(key)
        self._said = [one for one in self._said if not (one.item_id in decision.quiet and one.kind in CALLS)]
        for timer in decision.timers:
            self._arm(timer)
        self._recorded += [Recorded(at=now, by=by, fact=fact) for fact in decision.facts]
        self._say(decision.notices)

    def due(self, now: datetime) -> list[Timer]:
        """Return what is due, in the order in which it is run."""
        ready = [key for key, timer in self.timers.items() if timer.at <= now]
        return [self.timers[key] for key in sorted(ready, key=lambda k: (self.timers[k].at, self._order[k]))]

    def next_due(self) -> datetime | None:
        """Return when the next timer falls due."""
        return min((timer.at for timer in self.timers.values()), default=None)

    def finish(self, timer: Timer) -> bool:
        """Remove a timer that is about to be run; False when it was cancelled or moved meanwhile."""
        key = _key(timer)
        if self.timers.get(key) is not timer:
            return False
        self._forget(key)
        return True

    def drain(self) -> tuple[list[Recorded], list[Notice]]:
        """Hand over what was recorded and said since the last time."""
        recorded, self._recorded = self._recorded, []
        said, self._said = self._said, []
        return recorded, said

    def _arm(self, timer: Timer) -> None:
        key = _key(timer)
        if key not in self._order:
            self._set += 1
            self._order[key] = self._set
        self.timers[key] = timer

    def _forget(self, key: tuple[Owner, TimerKind]) -> None:
        del self.timers[key], self._order[key]

    def _say(self, notices: Iterable[Notice]) -> None:
        # The same key is said once, as in the outbox.
        for notice in notices:
            if notice.key not in self._keys:
                self._keys.add(notice.key)
                self._said.append(notice)


def _key(timer: Timer) -> tuple[Owner, TimerKind]:
    return timer.item_id or timer.incident_id, timer.kind
