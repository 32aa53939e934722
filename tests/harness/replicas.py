"""Several bots on one database, as behind one Slack app: each payload comes to any one of them, or to all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import packs
from bot.app import Bot
from bot.cli import manifest
from bot.cli.world import World
from bot.clock import AdjustableClock
from bot.domain.policy import Policy
from tests.harness.story import FRIDAY_NINE, Story


class Replicas(World):
    """A world with as many bots as were started; ``bot`` is the one that started last."""

    def __init__(self, database_url: str, policy: Policy | None = None) -> None:
        super().__init__(
            manifest=manifest.load(),
            clock=AdjustableClock(FRIDAY_NINE, running=False),
            database_url=database_url,
            policy=policy or packs.load(packs.DEFAULT),
        )
        self.bots: list[Bot] = []

    async def start_bot(self) -> Bot:
        bot = await super().start_bot()
        self.bots.append(bot)
        return bot

    async def stop_bot(self) -> None:
        while self.bots:
            await self.bots.pop().stop()
        self.bot = None

    async def settled(self) -> None:
        """Return once no bot has anything left to do; what one leaves claimed for a moment, another waits for."""
        await self.sandbox.quiet()
        for _ in range(2):
            for bot in self.bots:
                await bot.settle()
            await self.sandbox.quiet()


@asynccontextmanager
async def telling_of(number: int, database_url: str, policy: Policy | None = None) -> AsyncIterator[Story]:
    """Set the scene with so many bots, hand over the story, and look for illegal calls when it is told."""
    world = Replicas(database_url, policy)
    await world.start()
    try:
        for _ in range(number - 1):
            await world.start_bot()
        story = Story(world)
        await story.settles()
        yield story
        assert world.sandbox.violations == []
    finally:
        await world.stop()


def file_url(home: Path) -> str:
    return f"sqlite:///{home / 'tocsin.db'}"
