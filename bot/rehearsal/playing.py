"""One case played from its opening to its end, by the very functions that production runs."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain import falling_due, ladder, opening, repeats, stages, stop_line
from bot.domain.decision import Notice, NoticeKind, person
from bot.domain.errors import BotError
from bot.domain.incident import IncidentId, UserId, Workspace
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.opening import Draft
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.rehearsal.memory import Memory, Recorded

ID = IncidentId("rehearsal")
NOBODY = UserId("tocsin-rehearsal")
WORKSPACE = Workspace(team_id="T0")
# An alarm that repeats for ever has been understood after it sounded again so often.
ALARMS = 2
LONGEST = timedelta(days=60)
# As many as the engine claims at once.
BATCH = 20


class Answer(StrEnum):
    """What a person does when the page has been seen."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody does about a page, and how long after it."""

    after: timedelta
    answer: Answer = Answer.ACKNOWLEDGE


# Given who is called, about which item, when, and whether it is only a reminder; None means silence.
Reacts = Callable[[UserId, Item, datetime, bool], Reaction | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An incident that opens at a moment, and how people react. It ends at ``until``, or when nothing new can happen.

    No message arrives at those who are ``unreachable``, as Slack reports it.
    """

    draft: Draft
    at: datetime
    reacts: Reacts
    by: UserId = NOBODY
    until: timedelta | None = None
    unreachable: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A case at its end: everything recorded on the way, and how the incident and its items stand."""

    recorded: tuple[Recorded, ...]
    memory: Memory
    ended_at: datetime

    @property
    def pages(self) -> tuple[Item, ...]:
        """The pages of the case, one for each role called in, in the order in which they were called."""
        return tuple(item for item in self.memory.items.values() if item.kind is ItemKind.ACKNOWLEDGE)


def play(policy: Policy, directory: Directory, case: Case) -> Played:
    """Open the incident, then let time pass: what falls due is run at its moment, and whoever reacts does.

    At one moment what is due comes first, then what people do. Raises what opening an incident raises.
    """
    return _Play(policy, directory, case).through()


@dataclass(slots=True)
class _Play:
    policy: Policy
    directory: Directory
    case: Case
    memory: Memory = field(default_factory=Memory)
    recorded: list[Recorded] = field(default_factory=list)
    reactions: list[tuple[datetime, UserId, ItemId, int, Answer]] = field(default_factory=list)
    _number: int = 0

    def through(self) -> Played:
        now = self.case.at.astimezone(UTC)
        last = now + (self.case.until or LONGEST)
        self._open(now)
        while not self._is_over() and (at := self._next()) is not None and at <= last:
            now = max(now, at)
            self._time_passes(now)
            self._people_react(now)
        return Played(recorded=tuple(self.recorded), memory=self.memory, ended_at=now)

    def _open(self, now: datetime) -> None:
        opened = opening.open_incident(
            self.policy, self._people(now), self.case.draft,
            id=ID, number=1, by=self.case.by, workspace=WORKSPACE, now=now,
        )  # fmt: skip
        drafts = [
            t for t in stages.texts_for(self.policy, opened.incident, opened.incident.stage) if t.approve
        ]
        said = stages.say(
            opened.incident, opened.items, drafts, self.policy, self._people(now),
            now=now, texts={text.template: "…" for text in drafts},
        )  # fmt: skip
        self.memory.apply(opened.then(said), by=self.case.by, now=now)
        self._heard(now)

    def _people(self, now: datetime) -> Directory:
        """Return who is there at a moment: rotations change while the case goes on."""
        return replace(self.directory, at=now)

    def _next(self) -> datetime | None:
        moments = [
            at for at in (self.memory.next_due(), *(r[0] for r in self.reactions[:1])) if at is not None
        ]
        return min(moments, default=None)

    def _is_over(self) -> bool:
        if self.case.until is not None or self.reactions:
            return False
        return all(map(_has_ended, self.memory.items.values()))

    def _time_passes(self, now: datetime) -> None:
        while due := self.memory.due(now)[:BATCH]:
            for timer in due:
                if not self.memory.finish(timer):
                    continue
                item = self.memory.items[timer.item_id] if timer.item_id else None
                everything = tuple(self.memory.items.values())
                decision = falling_due.fell_due(
                    self.memory.incident, everything, item, timer.kind, self.policy, self._people(now), now
                )
                self.memory.conclude(decision, self.policy, by="tocsin", now=now)
                self._heard(now)

    def _people_react(self, now: datetime) -> None:
        while self.reactions and self.reactions[0][0] <= now:
            _, user, item_id, _, answer = heapq.heappop(self.reactions)
            item, everything = self.memory.items[item_id], tuple(self.memory.items.values())
            around = (self.memory.incident, item, self.policy, self._people(now), user, now)
            try:
                decision = (
                    ladder.acknowledge(*around, items=everything)
                    if answer is Answer.ACKNOWLEDGE
                    else ladder.decline(*around)
                )
            except BotError:
                continue  # somebody was first, or it is over: a click that is refused changes nothing
            self.memory.conclude(decision, self.policy, by=user, now=now)
            self._heard(now)

    def _heard(self, now: datetime) -> None:
        recorded, said = self.memory.drain()
        self.recorded += recorded
        for notice in said:
            self._reach(notice, now)

    def _reach(self, notice: Notice, now: datetime) -> None:
        user = person(notice.to)
        if user is None or notice.item_id is None or notice.kind not in (NoticeKind.PAGE, NoticeKind.NAG):
            return
        item = self.memory.items[notice.item_id]
        if item.kind is not ItemKind.ACKNOWLEDGE:
            return
        if user in self.case.unreachable:
            if notice.kind is NoticeKind.PAGE:
                self._is_lost(item, user, now)
            return
        reaction = self.case.reacts(user, item, now, notice.kind is NoticeKind.NAG)
        if reaction is not None:
            self._number += 1
            late = (now + reaction.after, user, item.id, self._number, reaction.answer)
            heapq.heappush(self.reactions, late)

    def _is_lost(self, item: Item, user: UserId, now: datetime) -> None:
        """A page could not be delivered: what follows in production follows here."""
        why = "the message cannot be delivered"
        around = (self.policy, self._people(now))
        lost = ladder.undeliverable(self.memory.incident, item, *around, user, now, why)
        self.memory.conclude(lost, self.policy, by="tocsin", now=now)
        if ladder.reaches_nobody(self.memory.items[item.id]):
            everything = tuple(self.memory.items.values())
            seen = stop_line.seen(
                self.memory.incident, everything, *around, "undeliverable", reason=why, now=now
            )
            self.memory.conclude(seen, self.policy, by="tocsin", now=now)
        self._heard(now)


def _has_ended(item: Item) -> bool:
    if item.kind is not ItemKind.ACKNOWLEDGE or item.is_over or item.state is ItemState.ACKNOWLEDGED:
        return True
    if item.state is not ItemState.EXHAUSTED:
        return False
    return item.due_at is None or repeats.times(item) > ALARMS


def as_told(does: Mapping[UserId, Reaction]) -> Reacts:
    """Return people who do what the case says each time that they are asked; of whom it says nothing is silent."""

    def reacts(user: UserId, _item: Item, _now: datetime, is_reminder: bool) -> Reaction | None:
        return None if is_reminder else does.get(user)

    return reacts
