"""A small real Bolt app with one of everything, reached by Socket Mode or by signed HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import Sandbox
from tests.sandbox.bolt_parts import EVENTS, card, form, option


class BoltBot:
    """What the app heard, as raw bodies by kind; and the app itself."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.heard: list[dict[str, Any]] = []
        self.retries: list[str] = []
        self.woken = asyncio.Event()
        self._news = asyncio.Event()
        self.app = AsyncApp(
            client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url),
            signing_secret=sandbox.signing_secret,
            process_before_response=False,
        )
        self._register()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once the condition holds, looked at whenever something was heard."""
        async with asyncio.timeout(10):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [body["event"] for body in self.heard if body.get("event", {}).get("type") == kind]

    def payloads(self, kind: str) -> list[dict[str, Any]]:
        return [body for body in self.heard if body.get("type") == kind]

    async def connect(self, *, ping_interval: float = 10) -> None:
        self.handler = AsyncSocketModeHandler(
            self.app,
            self.sandbox.app_token,
            web_client=AsyncWebClient(token=self.sandbox.app_token, base_url=self.sandbox.api_url),
            ping_interval=ping_interval,
        )
        await self.handler.connect_async()  # type: ignore[no-untyped-call]
        await self.sandbox.delivery.socket.linked()

    def forget_address(self) -> None:
        """Do what a watchdog does: the next attempt to connect asks for a new address."""
        self.handler.client.wss_uri = None

    async def disconnect(self) -> None:
        self.woken.set()
        await self.handler.client.close()  # type: ignore[no-untyped-call]
        await self.handler.client.aiohttp_client_session.close()

    def _register(self) -> None:
        app = self.app

        @app.use
        async def remember(req: Any, body: dict[str, Any], next: Any) -> None:
            self.heard.append(body)
            self.retries += [num for num in req.headers.get("x-slack-retry-num", []) if num != "0"]
            self._news.set()
            await next()

        @app.command("/incident")
        async def incident(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form())

        @app.command("/echo")
        async def echo(ack: Any, body: dict[str, Any]) -> None:
            await ack(f"You said {body['text']}")

        @app.command("/sleep")
        async def sleep(ack: Any) -> None:
            await self.woken.wait()
            await ack()

        @app.command("/answer")
        async def answer(ack: Any, respond: Any, body: dict[str, Any]) -> None:
            await ack()
            await respond(
                text=body["text"], response_type="in_channel" if "all" in body["text"] else "ephemeral"
            )

        @app.shortcut("open_incident")
        async def shortcut(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form())

        @app.shortcut("from_message")
        async def from_message(ack: Any, respond: Any, body: dict[str, Any]) -> None:
            await ack()
            await respond(f"Noted: {body['message']['text']}")

        @app.options("in")
        async def services(ack: Any, payload: dict[str, Any]) -> None:
            await ack(options=[option(f"{payload['value']}-{zone}") for zone in ("east", "west")])

        @app.view("incident")
        async def submitted(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            title = body["view"]["state"]["values"]["title"]["in"]["value"]
            match title:
                case "wrong":
                    await ack(response_action="errors", errors={"title": "Say what is broken."})
                case "strange":
                    await ack(response_action="errors", errors={"nowhere": "No such field."})
                case "update":
                    await ack(response_action="update", view=form("Second page"))
                case "push":
                    await ack(response_action="push", view=form("On top"))
                case "clear":
                    await ack(response_action="clear")
                case _:
                    await ack()
                    await client.chat_postMessage(channel="C0GENERAL", text=title, blocks=card(title))

        @app.view_closed("incident")
        async def closed(ack: Any) -> None:
            await ack()

        @app.action("ack")
        async def acknowledged(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            if "message" in body:
                ts, words = body["message"]["ts"], f"Taken by <@{body['user']['id']}>"
                await client.chat_update(channel=body["channel"]["id"], ts=ts, text=words, blocks=card(words))

        @app.action("replace")
        async def replaced(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="Replaced", replace_original=True)

        @app.action("pick")
        async def picked(ack: Any) -> None:
            await ack()

        @app.event("app_home_opened")
        async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
            await client.views_publish(
                user_id=event["user"], view={"type": "home", "blocks": [*card(f"Hello <@{event['user']}>")]}
            )

        @app.event({"type": "message"})
        async def message() -> None:
            pass

        for name in (*EVENTS[1:8], "pin_added", "reaction_added", "reaction_removed"):
            if not name.startswith("message"):
                app.event(name)(_nothing)


async def _nothing() -> None:
    pass


@asynccontextmanager
async def by_socket(bot: BoltBot, *, ping_interval: float = 10) -> AsyncIterator[BoltBot]:
    """Connect the bot by Socket Mode until the block ends."""
    await bot.connect(ping_interval=ping_interval)
    try:
        yield bot
    finally:
        await bot.disconnect()


class Server(uvicorn.Server):
    """A web server that tells when it is ready, and that leaves the signals to the test run."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def by_http(bot: BoltBot) -> AsyncIterator[str]:
    """Serve the bot on a free port and have the sandbox post to it until the block ends."""
    handler = AsyncSlackRequestHandler(bot.app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    server = Server(
        uvicorn.Config(web, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none")
    )
    serving = asyncio.create_task(server._serve())
    await server.ready.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/slack/events"
    bot.sandbox.deliver_by_http(url)
    try:
        yield url
    finally:
        bot.woken.set()
        server.should_exit = True
        await serving
