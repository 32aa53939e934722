import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import Bot
from bot.cli import manifest
from bot.clock import system_clock
from bot.sandbox import Fault, Sandbox
from bot.settings import Settings
from tests.engine.acme import POLICY

pytestmark = [pytest.mark.fault, pytest.mark.slow]


class Line:
    """A bot on Socket Mode and somebody who asks it for help."""

    def __init__(self, sandbox: Sandbox, bot: Bot) -> None:
        self.sandbox, self.bot = sandbox, bot

    async def works(self) -> bool:
        ana = self.sandbox.person("ana")
        await ana.runs("/incident", "help", channel="general")
        return any("/incident open" in told for told in ana.told)

    async def is_called_anew(self, within: float) -> None:
        """Wait until the bot has asked for a new address, opened it, and answers."""
        async with asyncio.timeout(within):
            while not await self.works():
                await self.sandbox.quiet()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with Sandbox(manifest=manifest.load(), clock=system_clock) as sandbox:
        settings = Settings(
            bot_token=SecretStr(sandbox.bot_token),
            app_token=SecretStr(sandbox.app_token),
            api_url=sandbox.api_url,
            database_url=f"sqlite:///{tmp_path / 'tocsin.db'}",
        )
        bot = Bot(settings, policy=POLICY)
        await bot.start()
        yield Line(sandbox, bot)
        await bot.stop()


async def test_a_refresh_of_the_connection_is_not_noticed(line: Line) -> None:
    assert await line.works()
    await line.sandbox.delivery.socket.disconnect("refresh_requested")

    await line.is_called_anew(within=5)


async def test_a_refused_ticket_is_replaced_by_a_fresh_one(line: Line) -> None:
    assert await line.works()
    line.sandbox.faults.add(Fault("refused_ticket", times=2))
    await line.sandbox.delivery.socket.disconnect("refresh_requested")

    await line.is_called_anew(within=30)


async def test_a_silent_connection_is_noticed_and_replaced(line: Line) -> None:
    assert await line.works()
    line.sandbox.faults.add(Fault("silent_socket"))

    await line.is_called_anew(within=30)


async def test_a_stop_answers_what_has_come_in(line: Line) -> None:
    line.sandbox.faults.add(Fault("latency", "views.open", seconds=0.3))
    ana = line.sandbox.person("ana")
    asking = asyncio.create_task(ana.runs("/incident", "open Checkout is down", channel="general"))
    called = asyncio.Event()
    line.sandbox.faults.on_call(lambda moment, method, args: called.set())
    async with asyncio.timeout(5):
        await called.wait()
    await line.bot.stop()
    await asking

    assert ana.form is not None
    assert not any("timed out" in told for told in ana.told)
