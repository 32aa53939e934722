"""The live line to every open page: each change of the workspace reaches the people who may see it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.state import Change, User
from bot.sandbox.ui.stage import Stage
from bot.sandbox.ui.window import Window

logger = logging.getLogger(__name__)

# Changes that come together are drawn together; a person does not notice this many seconds.
GATHER = 0.02
TICK = 1.0


class Live:
    """All open pages. What a person has read is remembered here, for every page of that person."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._reads: dict[str, dict[str, str]] = {}
        self._windows: dict[Window, web.WebSocketResponse] = {}

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """Watch the workspace for as long as the server lives."""
        unwatch = self.stage.workspace.watch(self._happened)
        ticking = asyncio.create_task(self._tick())
        yield
        unwatch()
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)

    async def hang_up(self, _: web.Application) -> None:
        """Close every page's connection, so that stopping never waits for a browser."""
        for socket in list(self._windows.values()):
            await socket.close()

    async def serve(self, request: web.Request, who: User) -> web.WebSocketResponse:
        """Hold one page's connection until it goes away."""
        socket = web.WebSocketResponse(heartbeat=20, compress=False)
        await socket.prepare(request)
        self.stage.workspace.dm(who.id, self.stage.workspace.bot_user_id)
        clock = await self._clock()
        window = Window(self.stage, who, self._reads.setdefault(who.id, {}), clock)
        self._windows[window] = socket
        feeding = asyncio.create_task(self._feed(window, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            del self._windows[window]
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
        return socket

    def read(self, who: User, channel: str, ts: str) -> None:
        """Remember how far a person has read, and tell their other pages."""
        reads = self._reads.setdefault(who.id, {})
        if ts <= reads.get(channel, ""):
            return
        reads[channel] = ts
        for window in self._windows:
            if window.who.id == who.id:
                window.hear({"kind": "patch", "reads": {channel: ts}})

    async def tick(self) -> None:
        """Tell every page what time it is, if that has changed."""
        clock = await self._clock()
        for window in self._windows:
            window.set_clock(clock)

    async def _feed(self, window: Window, socket: web.WebSocketResponse) -> None:
        """Send one page what it must hear. A page that reads slowly holds up nobody, and gets changes gathered."""
        try:
            await socket.send_json(window.welcome())
            while True:
                await window.wake.wait()
                await asyncio.sleep(GATHER)
                for frame in window.frames():
                    await socket.send_json(frame)
        except ConnectionError:
            logger.debug("a page went away")

    async def _clock(self) -> dict[str, Any]:
        """What the clock panel shows: seconds since 1970, what falls due next, and what can be asked for."""
        stage = self.stage
        due = None
        if stage.next_due is not None:
            try:
                due = await stage.next_due()
            except Exception:
                logger.exception("nobody can say what falls due next")
        return {
            "now": stage.clock().timestamp(),
            "due": due.timestamp() if due else None,
            "skips": stage.skip is not None,
            "asks": stage.skip is not None and stage.next_due is not None,
        }

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self._windows:
                await self.tick()

    def _happened(self, change: Change) -> None:
        for window in self._windows:
            window.notice(change)
