"""Calendar feeds of the policy's schedules: fetched now and then, read, and kept with what is wrong with them."""

import asyncio
import ipaddress
import logging
import socket
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.clock import Clock
from bot.domain import oncall as rota
from bot.domain.errors import BotError
from bot.domain.incident import Workspace
from bot.domain.policy import Schedule
from bot.usecases import oncall
from storage.database import Database
from storage.oncall import FeedState

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
PATIENCE = aiohttp.ClientTimeout(total=20, connect=5)
LARGEST = 2 * 1024 * 1024
REDIRECTS = 3
MOVED = frozenset({301, 302, 303, 307, 308})
# How often it is written down that a feed is well and says the same as before.
NOTED = timedelta(hours=1)
# What is read of a calendar: what was a moment ago, and somewhat more than gaps are looked for. It is read anew twice a day,
# because the window moves on even where the calendar does not.
BEFORE, AHEAD, STALE = timedelta(days=2), timedelta(days=62), timedelta(hours=12)
# Here a feed may come without encryption: it never leaves the machine.
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreadable(Exception):
    """A feed could not be had; ``str(error)`` says why, in a sentence."""


class Feeds:
    """Fetches the feeds of one workspace. A feed that is down or broken keeps its last good content."""

    def __init__(self, db: Database, clock: Clock, workspace: Workspace) -> None:
        self._db, self._clock, self._workspace = db, clock, workspace

    async def refresh(self) -> None:
        """Fetch every feed of the policy in force, one after another; forget those that it has no more."""
        policy, known = await self._db.read(oncall.feeds, workspace=self._workspace)
        wanted = {name: row for name, row in policy.schedules.items() if row.feed is not None}
        if gone := known.keys() - wanted.keys():
            await self._db.run(oncall.feeds_gone, tuple(gone), workspace=self._workspace)
        for name, row in wanted.items():
            await self._one(name, row, known.get(name))

    async def _one(self, name: str, row: Schedule, before: FeedState | None) -> None:
        assert row.feed is not None, "only schedules with a feed are fetched"
        url, now = row.feed.url, self._clock()
        state = before if before is not None and before.url == url else FeedState(schedule=name, url=url)
        after = state
        try:
            content = await fetch(url)
            due = state.read_at is None or now - state.read_at >= STALE
            if content != state.content or due or state.failing_since is not None:
                shifts = await self._read(content, row)
                after = replace(state, content=content, shifts=shifts, read_at=now)
            after = replace(after, fetched_at=now, failing_since=None, problem="", told_at=None)
        except (Unreadable, BotError) as error:
            log.warning("the calendar of %s cannot be read: %s", name, error)
            after = replace(await self._moved_on(state, row), problem=str(error))
            after = replace(after, failing_since=state.failing_since or now)
        same = state is before and after == replace(state, fetched_at=now)
        if same and state.fetched_at is not None and now - state.fetched_at < NOTED:
            return
        await self._db.run(oncall.feed_read, after, workspace=self._workspace, now=now)

    async def _read(self, content: str, row: Schedule) -> tuple[rota.Shift, ...]:
        if not content.rstrip().endswith("END:VCALENDAR"):
            raise Unreadable("It is no calendar, or it came cut off: it does not end with END:VCALENDAR.")
        now = self._clock()
        try:
            return await asyncio.to_thread(rota.read, content, row.timezone, now - BEFORE, now + AHEAD)
        except BotError:
            raise
        except Exception as error:
            # What nobody has thought of in a calendar from outside must not stop the others from being read.
            log.exception("a calendar could not be worked out")
            raise Unreadable(f"It could not be worked out ({type(error).__name__}).") from None

    async def _moved_on(self, state: FeedState, row: Schedule) -> FeedState:
        """Read the last good content for the time that has come since, where that is a while ago."""
        now = self._clock()
        if not state.content or (state.read_at is not None and now - state.read_at < STALE):
            return state
        try:
            return replace(state, shifts=await self._read(state.content, row), read_at=now)
        except (Unreadable, BotError):
            return state


async def fetch(url: str) -> str:
    """Return what stands at an address.

    Only HTTPS, except on this machine; not more than `LARGEST`, and no redirect into a private network: the policy's own
    address may be inside, what others point to may not. Raises `Unreadable`.
    """
    try:
        return await _followed(url)
    except TimeoutError:
        raise Unreadable(f"It did not answer within {PATIENCE.total:.0f} seconds.") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreadable(f"It could not be fetched ({type(error).__name__}).") from None


async def _followed(url: str) -> str:
    public = False
    for _ in range(REDIRECTS + 1):
        _check(url, public=public)
        connector = aiohttp.TCPConnector(resolver=PublicOnly()) if public else None
        async with (
            aiohttp.ClientSession(timeout=PATIENCE, connector=connector) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status in MOVED and "Location" in answer.headers:
                url, public = urljoin(url, answer.headers["Location"]), True
                continue
            if answer.status != HTTPStatus.OK:
                raise Unreadable(f"It answered with HTTP {answer.status}.")
            return (await _bounded(answer)).decode("utf-8", "replace")
    raise Unreadable(f"It redirects more than {REDIRECTS} times.")


def _check(url: str, *, public: bool) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in AT_HOME and not public):
        raise Unreadable("Its address must begin with https://.")
    if public and not _is_public(host):
        raise Unreadable("It redirects to a private address.")


def _is_public(host: str) -> bool:
    """Tell whether an address written as a number is a public one; a name is looked at when it is resolved."""
    if host in AT_HOME:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    found = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        found += chunk
        if len(found) > LARGEST:
            raise Unreadable(f"It is larger than {LARGEST // (1024 * 1024)} MB.")
    return bytes(found)


class PublicOnly(AbstractResolver):
    """Resolves names to public addresses only, so that nobody outside points us at what is inside."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name; raises `Unreadable` where it is a private address."""
        found = await self._inner.resolve(host, port, family)
        if not all(ipaddress.ip_address(one["host"]).is_global for one in found):
            raise Unreadable("It redirects to a private address.")
        return found

    async def close(self) -> None:
        """Nothing is held open."""
        await self._inner.close()
