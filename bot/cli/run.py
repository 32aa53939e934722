"""`tocsin run`: the bot against a real workspace."""

import asyncio
import signal
import sys
from typing import Any, Literal

from bot.app import Bot
from bot.cli.logs import to_stderr
from bot.clock import system_clock
from bot.settings import HalfConfigured, Settings
from storage.database import StorageError


def run(*, transport: Literal["socket", "http"], host: str | None, port: int | None) -> int:
    """Start, say in one line when it takes work, and stop gracefully on SIGTERM or SIGINT."""
    given: dict[str, Any] = {"host": host, "port": port}
    try:
        settings = Settings.load(**{name: value for name, value in given.items() if value is not None})
        with to_stderr(settings.log_level):
            asyncio.run(_serve(settings, transport))
    except (HalfConfigured, StorageError) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2
    return 0


async def _serve(settings: Settings, transport: Literal["socket", "http"]) -> None:
    bot = Bot(settings, clock=system_clock, transport=transport, serve=True)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await bot.start()
    try:
        print(bot.ready_line, flush=True)
        await stopping.wait()
    finally:
        await bot.stop()
