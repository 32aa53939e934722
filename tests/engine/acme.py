"""A bot and a sandbox for the engine's tests, and what one can ask of Slack afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot import packs
from bot.app import Bot
from bot.cli import manifest
from bot.clock import AdjustableClock
from bot.domain.incident import Dimension, Incident, UserId
from bot.domain.opening import Draft
from bot.sandbox import Sandbox
from bot.sandbox.records import Channel
from bot.settings import Settings
from bot.usecases import incidents
from storage import outbox

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CHECKOUT = Draft(
    title="Checkout is down",
    summary="",
    scores={Dimension.BUSINESS: 2, Dimension.USERS: 2, Dimension.DATA: 0, Dimension.REGULATORY: 0},
    customer_visible=False,
    private=False,
    drill=False,
)
# Who falls ill here and there would change what is asked, not what the engine does: the stock pack is enough.
POLICY = packs.load(packs.DEFAULT)


class Acme:
    """One workspace and the bots in it; nothing comes in but what the test asks for."""

    def __init__(self, database_url: str, sandbox: Sandbox, clock: AdjustableClock) -> None:
        self.database_url, self.sandbox, self.clock = database_url, sandbox, clock
        self.bots: list[Bot] = []

    @property
    def bot(self) -> Bot:
        return self.bots[-1]

    async def bot_starts(self) -> Bot:
        """Start a bot on the workspace's database; a second one is a replica."""
        settings = Settings(
            bot_token=SecretStr(self.sandbox.bot_token),
            api_url=self.sandbox.api_url,
            database_url=self.database_url,
        )
        bot = Bot(settings, clock=self.clock, policy=POLICY, transport=None)
        await bot.start()
        self.bots.append(bot)
        return bot

    async def bots_stop(self) -> None:
        while self.bots:
            await self.bots.pop().stop()

    async def opens(self, name: str = "one", draft: Draft = CHECKOUT) -> Incident:
        """Ana opens an incident; nothing is awaited but the commit."""
        return await self.bot.db.run(
            incidents.open_incident,
            draft,
            id=name,
            by=UserId("U0ANA"),
            workspace=self.bot.workspace,
            now=self.clock(),
        )

    async def settles(self) -> None:
        await self.sandbox.quiet()
        for bot in self.bots:
            await bot.settle()
        await self.sandbox.quiet()

    async def time_passes(self, by: timedelta, step: timedelta = timedelta(seconds=1)) -> None:
        """Let time pass in small steps, each settled."""
        until = self.clock() + by
        while self.clock() < until:
            self.clock.skip(min(step, until - self.clock()))
            await self.settles()

    async def is_all_sent(self) -> bool:
        return await self.bot.db.read(outbox.next_visible) is None

    async def all_is_sent(self, within: timedelta = timedelta(minutes=3)) -> timedelta:
        """Let time pass until nothing waits any more, and return how long that took."""
        began = self.clock()
        await self.settles()
        while not await self.is_all_sent():
            assert self.clock() - began < within, "messages still wait"
            await self.time_passes(timedelta(seconds=1))
        return self.clock() - began

    def called(self) -> asyncio.Event:
        """Return what is set as soon as a bot calls Slack."""
        happened = asyncio.Event()
        self.sandbox.faults.on_call(lambda moment, method, args: happened.set())
        return happened

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.sandbox.calls)

    @property
    def channels(self) -> list[Channel]:
        """The channels that bots made."""
        made = self.sandbox.workspace.channels.values()
        return [channel for channel in made if channel.name.startswith("inc-")]

    def said(self) -> Counter[str]:
        """Every message of the bot's, by its key: once is right."""
        keys = (
            message.metadata["event_payload"]["key"]
            for channel in self.sandbox.workspace.channels.values()
            for message in channel.messages.values()
            if message.metadata is not None and not message.deleted
        )
        return Counter(keys)


@asynccontextmanager
async def acme(database: Path | str, *, without_scope: str | None = None) -> AsyncIterator[Acme]:
    """Set up a workspace with one bot in it; at the end every illegal Slack call fails the test."""
    clock = AdjustableClock(NINE, running=False)
    stated = manifest.load()
    granted = set(stated["oauth_config"]["scopes"]["bot"]) - {without_scope}
    url = database if isinstance(database, str) else f"sqlite:///{database}.db"
    async with Sandbox(manifest=stated, clock=clock, bot_scopes=granted) as sandbox:
        workspace = Acme(url, sandbox, clock)
        await workspace.bot_starts()
        try:
            yield workspace
            if without_scope is None:
                assert sandbox.violations == []
        finally:
            await workspace.bots_stop()
