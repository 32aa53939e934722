"""Fifty openings at once under Slack's real rate tiers, in the minutes they take on Slack's clock.

Bot and sandbox share a clock that only this measure moves: it jumps from one thing due to the next, and stands still
while anything is under way. So a minute of Slack's limits costs no minute here, every wait that the bot was told is
kept to the second, and what is shown is time on that clock. Calls take no time on it.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.opening import ANSWERS
from bench.workspace import POST, Workspace, key_of, said
from bot import packs
from bot.cli import manifest
from bot.cli.world import World
from bot.clock import AdjustableClock
from bot.sandbox.dispatch import Call

CROWD = 50
MOST = timedelta(minutes=15)
STEP = timedelta(seconds=5)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FURNITURE = (
    "conversations.setTopic",
    "conversations.setPurpose",
    "bookmarks.add",
    "conversations.invite",
    "pins.add",
)


def measure() -> Iterator[Figure]:
    """Complete means: channel, topic, purpose, bookmark, people, card, pin and announcement, each exactly once."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        calls = asyncio.run(_play(Path(folder)))
    yield from _figures(calls)


async def _play(home: Path) -> list[Call]:
    world = World(
        manifest=manifest.load(),
        clock=AdjustableClock(START, running=False),
        database_url=f"sqlite:///{home / 'tocsin.db'}",
        policy=packs.load(packs.DEFAULT),
    )
    await world.start()
    try:
        workspace = Workspace(world.sandbox)
        await workspace.fill_forms(CROWD, ANSWERS)
        await world.settled()
        world.sandbox.rate_limits = "tiers"
        world.sandbox.calls.clear()
        await workspace.submit()
        end = world.clock() + MOST
        while world.clock() < end and _complete(world.sandbox.calls) < CROWD:
            await world.time_passes(STEP)
        return list(world.sandbox.calls)
    finally:
        await world.stop()


def _figures(calls: list[Call]) -> Iterator[Figure]:
    refused = sum(call.status == 429 for call in calls)
    done = [call for call in calls if call.took_effect]
    posts = [call for call in done if call.method == POST]
    groups = {
        "pages to people": [call for call in posts if str(call.args["channel"])[:1] == "U"],
        "channels": [call for call in done if call.method == "conversations.create"],
        "cards": [call for call in posts if _kind(call) == "card"],
        "announcements": [call for call in posts if _kind(call) == "announcement"],
        "furniture": [call for call in done if call.method in FURNITURE],
    }
    yield Figure(name="complete", value=_complete(calls), unit=f"of {CROWD}", aim=CROWD, at_least=True)
    yield Figure(name="doubled messages", value=_doubled(posts), unit="", aim=0)
    for name, group in groups.items():
        moments = [(call.at - START).total_seconds() for call in group]
        yield Figure(name=f"{name}, median", value=median(moments), unit="s", note=f"{len(group)}")
        yield Figure(name=f"{name}, last", value=max(moments), unit="s")
    yield Figure(name="calls that Slack refused (429)", value=refused, unit="", note=f"of {len(calls)}")


def _complete(calls: list[Call]) -> int:
    """Count the incidents that have everything, each piece exactly once."""
    done = [call for call in calls if call.took_effect]
    whole = Counter(
        str(call.args.get("channel") or call.args.get("channel_id"))
        for call in done
        if call.method in FURNITURE
    )
    cards = Counter(str(call.args["channel"]) for call in done if _kind(call) == "card")
    announced = Counter(key_of(call.args).split("/")[0] for call in done if _kind(call) == "announcement")
    ready = sum(whole[channel] == len(FURNITURE) and count == 1 for channel, count in cards.items())
    return min(ready, sum(count == 1 for count in announced.values()))


def _doubled(posts: list[Call]) -> int:
    return sum(count - 1 for count in Counter(key_of(post.args) for post in posts).values())


def _kind(call: Call) -> str:
    return said(call.args) if call.method == POST else ""
