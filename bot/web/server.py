"""The HTTP server: Slack's signed requests, `/healthz` and `/metrics`."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process that embeds it decides when to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Note when requests are answered."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class HttpDoor:
    """One listening port, opened at once and closed gracefully."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """Open the port; raises OSError when it is taken."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=2048)
        self.host, self.port = host, int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        self._server = Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Serve; returns once requests are answered."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        started = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({started, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        started.cancel()

    async def stop(self) -> None:
        """Answer what has come in, then close the port."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
            self._serving = None
        self._socket.close()
