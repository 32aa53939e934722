"""A small world in which time passes over one incident, keeping what decisions say as the database would."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import falling_due, ladder, opening
from bot.domain.decision import Decision, Fact, Notice, NoticeKind, Timer, TimerKind
from bot.domain.incident import Incident, IncidentId, Severity, Workspace
from bot.domain.items import Item, ItemId, ItemKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from tests.domain.small_pack import FRIDAY_NINE, directory, policy, scores, user


@dataclass
class World:
    """One incident, its items and timers, and everything said and recorded so far."""

    policy: Policy = field(default_factory=policy)
    directory: Directory = field(default_factory=directory)
    now: datetime = FRIDAY_NINE
    state: dict[str, Incident] = field(default_factory=dict)
    items: dict[ItemId, Item] = field(default_factory=dict)
    timers: dict[tuple[ItemId | None, TimerKind], Timer] = field(default_factory=dict)
    facts: list[tuple[datetime, Fact]] = field(default_factory=list)
    notices: dict[str, tuple[datetime, Notice]] = field(default_factory=dict)

    @property
    def incident(self) -> Incident:
        return self.state["now"]

    def opens(self, level: Severity = Severity.SEV3, **draft: Any) -> Incident:
        score = 5 - level
        usual = {"title": "Checkout is down", "scores": scores(business=score, users=0, data=0, regulatory=0)}
        self.does(
            opening.open_incident(
                self.policy,
                self.directory,
                opening.Draft(**usual | draft),
                id=IncidentId("i1"),
                number=7,
                by=user("ana"),
                workspace=Workspace(team_id="T1"),
                now=self.now,
            )
        )
        return self.incident

    def does(self, decision: Decision) -> Decision:
        version = self.incident.version + 1 if self.state else 0
        self.state["now"] = replace(decision.incident, version=version)
        self.items.update({item.id: item for item in decision.items})
        for item_id in decision.quiet:
            self.timers = {key: timer for key, timer in self.timers.items() if key[0] != item_id}
        self.timers.update({(timer.item_id, timer.kind): timer for timer in decision.timers})
        self.facts += [(self.now, fact) for fact in decision.facts]
        for notice in decision.notices:
            assert notice.key not in self.notices, f"{notice.key} would be said twice"
            self.notices[notice.key] = (self.now, notice)
        return decision

    def fires(self, key: tuple[ItemId | None, TimerKind]) -> Decision:
        self.timers.pop(key, None)
        item = self.items[key[0]] if key[0] is not None else None
        known = tuple(self.items.values())
        return self.does(
            falling_due.fell_due(self.incident, known, item, key[1], self.policy, self.directory, self.now)
        )

    def passes(self, count: float) -> None:
        """Let minutes pass; whatever falls due runs at its moment."""
        until = self.now + timedelta(minutes=count)
        while self.timers and (first := min(self.timers.values(), key=lambda t: t.at)).at <= until:
            self.now = max(self.now, first.at)
            self.fires((first.item_id, first.kind))
        self.now = until

    def is_down(self, count: float) -> None:
        """Let minutes pass with nobody minding the clock; then everything that fell due runs, in order."""
        self.now += timedelta(minutes=count)
        while self.timers and (first := min(self.timers.values(), key=lambda t: t.at)).at <= self.now:
            self.fires((first.item_id, first.kind))

    def page(self, role: str) -> Item:
        pages = [i for i in self.items.values() if i.kind is ItemKind.ACKNOWLEDGE and i.role == role]
        return pages[-1]

    def of(self, kind: ItemKind) -> Item:
        return [item for item in self.items.values() if item.kind is kind][-1]

    def acknowledges(self, name: str, role: str) -> Decision:
        return self.does(
            ladder.acknowledge(
                self.incident,
                self.page(role),
                self.policy,
                self.directory,
                user(name),
                self.now,
                items=tuple(self.items.values()),
            )
        )

    def declines(self, name: str, role: str) -> Decision:
        page = self.page(role)
        return self.does(
            ladder.decline(self.incident, page, self.policy, self.directory, user(name), self.now, "busy")
        )

    def escalates(self, name: str, role: str) -> Decision:
        page = self.page(role)
        return self.does(
            ladder.ask_next(self.incident, page, self.policy, self.directory, user(name), self.now)
        )

    def calls_in_the_next(self, name: str) -> Decision:
        items = tuple(self.items.values())
        return self.does(
            ladder.engage_next(self.incident, items, self.policy, self.directory, user(name), self.now)
        )

    def cannot_reach(self, name: str, role: str) -> Decision:
        page = self.page(role)
        return self.does(
            ladder.undeliverable(
                self.incident, page, self.policy, self.directory, user(name), self.now, "no such user"
            )
        )

    def asked(self, role: str | None = None) -> list[tuple[float, str, str]]:
        """Who was paged in person: minutes after nine, name, reason."""
        return [
            (self.minute(at), notice.to.removeprefix("user:U").lower(), notice.data["reason"])
            for at, notice in self.notices.values()
            if notice.kind is NoticeKind.PAGE
            and notice.to.startswith("user:")
            and not notice.data.get("inform")
            and (role is None or notice.item_id == self.page(role).id)
        ]

    def said(self, kind: NoticeKind, to: str | None = None) -> list[tuple[float, str]]:
        return [
            (self.minute(at), notice.to)
            for at, notice in self.notices.values()
            if notice.kind is kind and to in (None, notice.to)
        ]

    def record(self, kind: str) -> list[Mapping[str, Any]]:
        return [fact.data for _, fact in self.facts if fact.kind == kind]

    @staticmethod
    def minute(at: datetime) -> float:
        return (at - FRIDAY_NINE).total_seconds() / 60
