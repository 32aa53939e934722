"""The Socket Mode door: envelopes come in over a connection that is watched, mended and drained."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)
# The client reports every failed reconnection with its stack; the watchdog says the same in one line.
_client_log = logging.getLogger(f"{__name__}.client")
_client_log.setLevel(logging.CRITICAL)

PING = 3.0
LOOK = 1.0
# After so long without a connection the client's address is taken away, so that it asks for a fresh one:
# by itself it would knock at a refused or dead address for ever.
NEW_ADDRESS_AFTER = 5.0
# After so long the whole client is built anew.
REBUILD_AFTER = 60.0
# Slack announces the end of a connection about ten seconds before; until then payloads may still come on it.
LINGER = 10.0


class SocketDoor:
    """Receives from Slack over a WebSocket. Make it inside the running loop."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        web: AsyncWebClient,
        observe: Callable[[float], None] | None = None,
    ) -> None:
        self._app, self._token, self._web, self._observe = app, app_token, web, observe
        self._handler = self._made()
        self._connecting: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._open = True
        self._handling = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.connected = False

    @property
    def answering(self) -> int:
        """How many payloads are being answered at this moment."""
        return self._handling

    async def start(self, patience: float) -> bool:
        """Connect; false when Slack was not reached in time (the door goes on trying by itself)."""
        self._connecting = asyncio.create_task(_connect(self._handler))
        self._watch = asyncio.create_task(self._keep())
        done, _ = await asyncio.wait({self._connecting}, timeout=patience)
        self.connected = bool(done) and await self._handler.client.is_connected()
        return self.connected

    async def drain(self, grace: float) -> None:
        """Take nothing more in, and wait until what came in is answered. Slack hands the rest to another connection."""
        self._open = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), grace)

    async def close(self) -> None:
        """Close the connection."""
        self._open = False
        under_way = [task for task in (self._watch, self._connecting, *self._leaving) if task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await _closed(self._handler)
        self.connected = False

    async def _handle(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        if not self._open:
            return
        self._handling += 1
        self._quiet.clear()
        began = time.perf_counter()
        try:
            await self._handler.handle(client, request)
        finally:
            if self._observe is not None:
                self._observe(time.perf_counter() - began)
            self._handling -= 1
            if not self._handling:
                self._quiet.set()

    def _made(self) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(
            self._app, self._token, logger=_client_log, web_client=self._web, ping_interval=PING
        )
        client = handler.client
        client.socket_mode_request_listeners[:] = [self._handle]  # type: ignore[list-item]
        mend = client.connect_to_new_endpoint

        async def renew(force: bool = False) -> None:
            # By itself the client would close the old connection first, and lose what is being answered on it.
            if force and handler is self._handler and self._open:
                self._succeed(handler)
            elif not force:
                await mend()

        client.connect_to_new_endpoint = renew  # type: ignore[method-assign]
        return handler

    def _succeed(self, old: AsyncSocketModeHandler) -> None:
        """Slack announced the end of a connection: open another beside it, and let the old one end in peace."""
        old.client.auto_reconnect_enabled = False
        self._handler = self._made()
        self._connecting = asyncio.create_task(_connect(self._handler))
        leaving = asyncio.create_task(_ended(old, self._connecting))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _keep(self) -> None:
        """Watch the connection every second, and mend what the client cannot mend by itself."""
        loop = asyncio.get_running_loop()
        good = mended = loop.time()
        while True:
            await asyncio.sleep(LOOK)
            now = loop.time()
            client = self._handler.client
            self.connected = await client.is_connected()
            if self.connected:
                good = mended = now
            elif now - good >= REBUILD_AFTER:
                log.warning("no connection to Slack for %.0f s: building a new one", now - good)
                await self._cancel_connecting()
                await _closed(self._handler)
                self._handler = self._made()
                self._connecting = asyncio.create_task(_connect(self._handler))
                good = mended = now
            elif now - mended >= NEW_ADDRESS_AFTER:
                log.warning("no connection to Slack for %.0f s: asking for a new address", now - good)
                _forget_address(client)
                mended = now

    async def _cancel_connecting(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)


def _forget_address(client: SocketModeClient) -> None:
    client.wss_uri = None


async def _connect(handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]


async def _ended(old: AsyncSocketModeHandler, connecting: asyncio.Task[None]) -> None:
    """Keep an old connection until the new one stands and nothing can come on it any more; then let go of it."""
    try:
        await asyncio.wait({connecting})
        await asyncio.sleep(LINGER)
    finally:
        await _closed(old)


async def _closed(handler: AsyncSocketModeHandler) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(handler.close_async(), 2.0)  # type: ignore[no-untyped-call]
