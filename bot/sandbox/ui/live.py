"""The live line to every open page: each change of the workspace reaches the people who may see it."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.state import Change, User
from bot.sandbox.ui.stage import Stage
from bot.sandbox.ui.window import Window

# Changes that come together are drawn together; a person does not notice this many seconds.
GATHER = 0.02
TICK = 1.0


class Live:
    """All open pages. What a person has read is remembered here, for every page of that person."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reads: dict[str, dict[str, str]] = {}
        self._windows: dict[Window, web.WebSocketResponse] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._clock: dict[str, Any] = {}

    async def run(self, _: web.Application) -> Any:
        """Watch the workspace for as long as the server lives."""
        unwatch = self.stage.workspace.watch(self._happened)
        self._tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._tick())]
        yield
        unwatch()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hang_up(self, _: web.Application) -> None:
        """Close every page's connection, so that stopping never waits for a browser."""
        for socket in list(self._windows.values()):
            await socket.close()

    async def serve(self, request: web.Request, who: User) -> web.WebSocketResponse:
        """Hold one page's connection until it goes away."""
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        workspace = self.stage.workspace
        workspace.dm(who.id, workspace.bot_user_id)
        window = Window(self.stage, who, self.reads.setdefault(who.id, {}))
        await socket.send_json(window.welcome() | {"clock": await self.clock()})
        await socket.send_json(window.patch())
        self._windows[window] = socket
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            del self._windows[window]
        return socket

    def read(self, who: User, channel: str, ts: str) -> None:
        """Remember how far a person has read, and tell their other pages."""
        reads = self.reads.setdefault(who.id, {})
        if ts <= reads.get(channel, ""):
            return
        reads[channel] = ts
        for window in self._windows:
            if window.who.id == who.id:
                window.notes.append({"kind": "patch", "reads": {channel: ts}})
        self._wake.set()

    async def clock(self) -> dict[str, Any]:
        """What the clock panel shows: seconds since 1970, what falls due next, and what can be asked for."""
        due = await self.stage.next_due() if self.stage.next_due else None
        return {
            "now": self.stage.clock().timestamp(),
            "due": due.timestamp() if due else None,
            "skips": self.stage.skip is not None,
            "asks": self.stage.skip is not None and self.stage.next_due is not None,
        }

    async def tick(self) -> None:
        """Tell every page what time it is, if that has changed."""
        clock = await self.clock()
        if clock == self._clock:
            return
        self._clock = clock
        for socket in list(self._windows.values()):
            await self._send(socket, {"kind": "clock", "clock": clock})

    def _happened(self, change: Change) -> None:
        for window in self._windows:
            window.notice(change)
        self._wake.set()

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            for window, socket in list(self._windows.items()):
                for frame in window.frames():
                    await self._send(socket, frame)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self._windows:
                await self.tick()

    async def _send(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if socket.closed:
            return
        try:
            await socket.send_str(json.dumps(frame))
        except ConnectionError:
            await socket.close()
