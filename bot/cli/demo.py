"""`tocsin demo`: a whole incident without Slack, in the browser or played by itself."""

import asyncio
import contextlib
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot import packs
from bot.cli import manifest
from bot.cli.world import World
from bot.clock import AdjustableClock

WELCOME = """
Tocsin's sandbox is ready:  {url}

  1  You are Ana, first-level support. In #general type:  /incident open Checkout is down
  2  Answer the form, and watch the channel appear on the left.
  3  Let time pass (the clock, top right): the bot nags, then asks the next person.
  4  Switch to whoever is asked, and press Acknowledge.

Everything stays on this machine{kept}. Ctrl+C ends it.
"""
FRIDAY_NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def run(*, play: bool, keep: str | None, port: int, browser: bool) -> int:
    """Play the story (0 only if everything expected happened), or serve the sandbox until interrupted."""
    with _home(keep) as home, contextlib.suppress(KeyboardInterrupt):
        if play:
            from bot.cli.play import play as story

            return asyncio.run(story(_world(home, AdjustableClock(FRIDAY_NINE, running=False))))
        clock = AdjustableClock(None if keep else FRIDAY_NINE)
        asyncio.run(_serve(_world(home, clock), port, keep, browser))
    return 0


def _world(home: Path, clock: AdjustableClock) -> World:
    return World(
        manifest=manifest.load(),
        clock=clock,
        database_url=f"sqlite:///{home / 'tocsin.db'}",
        policy=packs.load(packs.DEFAULT),
    )


async def _serve(world: World, port: int, keep: str | None, browser: bool) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        await world.start(port=port)
        kept = f", and the database in {keep}" if keep else ""
        print(WELCOME.format(url=world.sandbox.ui_url, kept=kept), flush=True)
        if browser and sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, world.sandbox.ui_url)
        await stopping.wait()
    finally:
        await world.stop()


@contextlib.contextmanager
def _home(keep: str | None) -> Iterator[Path]:
    if keep is not None:
        home = Path(keep)
        home.mkdir(parents=True, exist_ok=True)
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        yield Path(folder)
