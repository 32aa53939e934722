"""A sandbox and a bot in one process, on loopback, sharing one clock: the demo's world and the story tests'."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from bot.app import Bot
from bot.clock import AdjustableClock
from bot.domain.policy import Policy
from bot.sandbox import Person, Sandbox
from bot.settings import Settings


class World:
    """Acme Cloud's workspace with Tocsin installed. Time passes as the clock says, or as somebody skips it forward.

    A ``policy`` is in force at once; a ``pack`` is a folder that the bot loads whenever it starts, as in real life.
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any],
        clock: AdjustableClock,
        database_url: str,
        policy: Policy | None = None,
        pack: Path | None = None,
        transport: Literal["socket", "http"] = "socket",
    ) -> None:
        self.clock = clock
        self.sandbox = Sandbox(manifest=manifest, clock=clock, skip=self.time_passes, next_due=self.next_due)
        self._database_url = database_url
        self._policy, self.pack = policy, pack
        self._transport = transport
        self.bot: Bot | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Start the sandbox, then the bot against it."""
        await self.sandbox.start(host, port)
        await self.start_bot()

    async def start_bot(self) -> Bot:
        """Start a bot (again, after `stop_bot`) on the same database."""
        settings = Settings(
            bot_token=SecretStr(self.sandbox.bot_token),
            app_token=SecretStr(self.sandbox.app_token),
            signing_secret=SecretStr(self.sandbox.signing_secret),
            api_url=self.sandbox.api_url,
            database_url=self._database_url,
            policy=self.pack,
            port=0,
        )
        self.bot = Bot(settings, clock=self.clock, policy=self._policy, transport=self._transport)
        await self.bot.start()
        if self._transport == "http":
            self.sandbox.deliver_by_http(f"{self.bot.address}/slack/events")
        return self.bot

    async def stop_bot(self) -> None:
        if self.bot is not None:
            await self.bot.stop()
            self.bot = None

    async def stop(self) -> None:
        await self.stop_bot()
        await self.sandbox.stop()

    async def settled(self) -> None:
        """Return once nothing is under way: every payload answered, everything due now done, every message sent."""
        await self.sandbox.quiet()
        if self.bot is not None:
            await self.bot.settle()
        await self.sandbox.quiet()

    async def next_due(self) -> datetime | None:
        """Tell when the next timer falls due."""
        return await self.bot.next_due() if self.bot is not None else None

    async def time_passes(self, by: timedelta) -> None:
        """Move the clock forward, stopping at each thing that falls due on the way, in order."""
        until = self.clock() + by
        await self.settled()
        while (due := await self.next_due()) is not None and due <= until:
            self.clock.set(max(due, self.clock()))
            await self.settled()
        self.clock.set(max(until, self.clock()))
        await self.settled()

    def person(self, name: str) -> Person:
        """Return somebody of the workspace, ready to act."""
        return self.sandbox.person(name)
