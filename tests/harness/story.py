"""The language of the story tests: people, a clock that only the test moves, and a Slack of our own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import packs
from bot.cli import manifest
from bot.cli.world import World
from bot.clock import AdjustableClock
from bot.domain.incident import Incident, Workspace
from bot.domain.items import Item
from bot.domain.policy import Policy
from bot.sandbox import Person
from bot.sandbox.state import Channel
from storage import audit, incidents, items
from storage.database import Tx

FRIDAY_NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACME = Workspace(team_id="T0ACME")

# A triage that finds what it was opened for: credible, felt outside, the severity is right.
TRIAGE = {
    "Is it seen by two": "Yes",
    "Does it harm": "Yes",
    "Is it anything but": "Yes",
    "How far": "External",
    "Is the severity right": "Yes",
}


class Actor:
    """A person whose every act is followed by everything that it leads to, before the next line of the story."""

    def __init__(self, person: Person, settled: Callable[[], Awaitable[None]]) -> None:
        self._person = person
        self._settled = settled

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._person, name)
        if not callable(value) or name in ("sees", "reads", "button"):
            return value

        async def act(*args: Any, **kwargs: Any) -> Any:
            mark = len(self._person.told)
            await value(*args, **kwargs)
            await self._settled()
            return self._person.told[mark:]

        return act


class Story:
    """One incident-ridden day at Acme Cloud. At its end every illegal Slack call fails the test."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sandbox = world.sandbox

    def __getattr__(self, name: str) -> Actor:
        return self.person(name)

    def person(self, name: str) -> Actor:
        return Actor(self.world.person(name), self.world.settled)

    @property
    def now(self) -> datetime:
        return self.world.clock()

    async def minutes_pass(self, minutes: float) -> None:
        await self.world.time_passes(timedelta(minutes=minutes))

    async def until(self, hour: int, minute: int = 0, second: int = 0) -> None:
        """Let time pass until this time of the same day."""
        wanted = self.now.replace(hour=hour, minute=minute, second=second, microsecond=0)
        await self.world.time_passes(wanted - self.now)

    async def settles(self) -> None:
        await self.world.settled()

    async def asks(self, use_case: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a use case as an advisor or a later door would, then let everything follow."""
        assert self.world.bot is not None
        result = await self.world.bot.db.run(use_case, *args, workspace=ACME, now=self.now, **kwargs)
        await self.settles()
        return result

    async def reads(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Look into the database."""
        assert self.world.bot is not None
        return await self.world.bot.db.read(query, *args, **kwargs)

    async def incident(self, number: int = 1) -> Incident:
        found = await self.reads(incidents.by_number, ACME, number)
        assert isinstance(found, Incident)
        return found

    async def items(self, number: int = 1) -> tuple[Item, ...]:
        incident = await self.incident(number)
        found: tuple[Item, ...] = await self.reads(items.of_incident, incident.id)
        return found

    async def audit(self, kind: str | None = None) -> list[Any]:
        """Return the audit events so far, oldest first, of one kind or all."""

        def query(tx: Tx) -> list[Any]:
            return [event for event in audit.export(tx) if kind in (None, event.kind)]

        found: list[Any] = await self.reads(query)
        return found

    def room(self, name: str) -> Channel:
        """Return a channel by its name."""
        found = self.sandbox.workspace.channel_named(name)
        assert found is not None, f"there is no #{name}"
        return found

    def calls(self, method: str) -> list[Any]:
        return [call for call in self.sandbox.calls if call.method == method]

    async def opens(self, who: str, title: str, *, channel: str = "general", **answers: Any) -> Incident:
        """Somebody opens an incident through the form."""
        actor = self.person(who)
        await actor.runs("/incident", f"open {title}", channel=channel)
        if answers:
            await actor.fills({label.replace("_", " "): value for label, value in answers.items()})
        await actor.submits()
        return await self.incident(len(await self.audit("incident.opened")))

    async def triages(self, who: str, channel: str, **answers: str) -> None:
        """Somebody answers the triage as it is shown: credible, external, no data, the severity is right."""
        actor = self.person(who)
        await actor.runs("/incident", "triage", channel=channel)
        await actor.fills(TRIAGE | {label.replace("_", " "): value for label, value in answers.items()})
        await actor.submits()


@asynccontextmanager
async def telling(
    home: Path,
    *,
    policy: Policy | None = None,
    pack: Path | None = None,
    start: datetime = FRIDAY_NINE,
    transport: Any = "socket",
    database_url: str | None = None,
) -> AsyncIterator[Story]:
    """Set the scene, hand over the story, and look for illegal calls when it is told."""
    world = World(
        manifest=manifest.load(),
        clock=AdjustableClock(start, running=False),
        database_url=database_url or f"sqlite:///{home / 'tocsin.db'}",
        policy=policy or (packs.load(packs.DEFAULT) if pack is None else None),
        pack=pack,
        transport=transport,
    )
    await world.start()
    try:
        story = Story(world)
        await story.settles()
        yield story
        assert world.sandbox.violations == []
    finally:
        await world.stop()
