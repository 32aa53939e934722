"""A small real Bolt app which posts every block type and opens every field, for the page to draw."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.conftest import EVERY_SCOPE
from tests.sandbox.ui_blocks import card, home, plain
from tests.sandbox.ui_form_blocks import every_field, second_form
from tests.sandbox.ui_showcase import SHOWCASE

EVENTS = ["app_home_opened", "member_joined_channel", "message.channels", "message.im", "reaction_added"]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tocsin"},
    "features": {
        "bot_user": {"display_name": "Tocsin"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {
                "command": "/incident",
                "description": "Open an incident, see who is asked, close it",
                "usage_hint": "open [title] | who | close",
                "should_escape": True,
            },
            {"command": "/escalate", "description": "Ask the next person now", "usage_hint": "[reason]"},
            {"command": "/sleep", "description": "Never answer"},
        ],
        "shortcuts": [
            {
                "name": "Open an incident",
                "type": "global",
                "callback_id": "open_incident",
                "description": "Asks what is broken and who must know",
            },
            {
                "name": "Add to the timeline",
                "type": "message",
                "callback_id": "to_timeline",
                "description": "Keeps this message with the incident",
            },
        ],
    },
    "oauth_config": {"scopes": {"bot": EVERY_SCOPE}},
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": EVENTS},
    },
}


class Showing:
    """The bot: what it heard, and what it shows."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.actions: list[dict[str, Any]] = []
        self.choices: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.submitted: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.shortcuts: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        self.app = AsyncApp(client=self.client, signing_secret=sandbox.signing_secret)
        self._commands()
        self._interactions()

    async def showcase(self, channel: str = "C0GENERAL") -> list[str]:
        """Post one message for every group of blocks; returns their timestamps."""
        stamps = []
        for text, blocks in SHOWCASE:
            answer = await self.client.chat_postMessage(channel=channel, text=text, blocks=blocks)
            stamps.append(answer["ts"])
        return stamps

    async def open_card(self, channel: str = "C0ESCINCIDENTS") -> str:
        answer = await self.client.chat_postMessage(
            channel=channel, text="Checkout is down", blocks=card("*Waiting for Ana*")
        )
        return str(answer["ts"])

    async def heard_choices(self, count: int) -> dict[str, dict[str, Any]]:
        """Wait until so many choices were made, and return them by action id."""
        async with asyncio.timeout(8):
            made = [await self.choices.get() for _ in range(count)]
        return {body["actions"][0]["action_id"]: body["actions"][0] for body in made}

    def _commands(self) -> None:
        @self.app.command("/incident")
        async def incident(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            self.commands.append(body)
            if body["text"].startswith("who"):
                await ack("Ana is asked now; Caro at 14:10.")
                return
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=every_field())

        @self.app.command("/escalate")
        async def escalate(ack: Any) -> None:
            await ack("There is nothing to escalate here.")

        @self.app.command("/sleep")
        async def sleep() -> None:
            await asyncio.sleep(5)

        @self.app.event("message")
        @self.app.event("reaction_added")
        @self.app.event("member_joined_channel")
        async def heard() -> None:
            pass

        @self.app.event("app_home_opened")
        async def home_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
            if event["tab"] == "home":
                await client.views_publish(user_id=event["user"], view=home())

    def _interactions(self) -> None:
        @self.app.action("ack")
        async def acknowledge(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            self.actions.append(body)
            await ack()
            await client.chat_update(
                channel=body["channel"]["id"],
                ts=body["container"]["message_ts"],
                text="Acknowledged",
                blocks=card(f"*Acknowledged by <@{body['user']['id']}>*", open_=False),
            )

        @self.app.action("push")
        async def push(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_push(trigger_id=body["trigger_id"], view=second_form())

        @self.app.action("dead")
        async def dead() -> None:
            await asyncio.sleep(5)

        @self.app.action(re.compile("^(any.*|in)$"))
        async def choice(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            await self.choices.put(body)

        @self.app.options("in")
        async def options(ack: Any, payload: dict[str, Any]) -> None:
            names = [f"{payload['value']}-{zone}" for zone in ("east", "west")]
            await ack(options=[{"text": plain(name), "value": name} for name in names])

        @self.app.view("every_field")
        async def submitted(ack: Any, body: dict[str, Any]) -> None:
            self.submitted.append(body["view"]["state"]["values"])
            if body["view"]["state"]["values"]["title"]["in"]["value"] == "x":
                await ack(
                    response_action="errors",
                    errors={"title": "Say what is broken, as in “Checkout is down”."},
                )
                return
            await ack()

        @self.app.view("second")
        async def second(ack: Any) -> None:
            await ack()

        @self.app.view_closed("every_field")
        async def closed(ack: Any, body: dict[str, Any]) -> None:
            self.closed.append(body)
            await ack()

        @self.app.shortcut("open_incident")
        async def shortcut(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            self.shortcuts.append(body)
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=second_form())

        @self.app.shortcut("to_timeline")
        async def to_timeline(ack: Any, body: dict[str, Any], respond: Any) -> None:
            self.shortcuts.append(body)
            await ack()
            await respond("Kept on the timeline.")


@asynccontextmanager
async def showing(sandbox: Sandbox) -> AsyncIterator[Showing]:
    """A bot connected by Socket Mode for as long as the block lasts."""
    bot = Showing(sandbox)
    handler = AsyncSocketModeHandler(
        bot.app,
        sandbox.app_token,
        web_client=AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url),
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield bot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
