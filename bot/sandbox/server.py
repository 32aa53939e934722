"""The sandbox as one running server: Web API, delivery to the bot, faults and the browser page."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import web

from bot.sandbox import roster, ui
from bot.sandbox.delivery import Delivery
from bot.sandbox.dispatch import Call, Dispatch
from bot.sandbox.driver import Person
from bot.sandbox.faults import Faults
from bot.sandbox.limits.rates import Rates
from bot.sandbox.web_api.desk import Desk

# No file a bot may upload is larger here; a bigger body is refused by the server itself.
LARGEST_BODY = 32 * 1024 * 1024


class Sandbox:
    """One Slack workspace with one app in it, served on a port of this machine.

    `manifest` is the app's manifest as a mapping: it grants the scopes, the commands, the events.
    `clock` gives aware UTC times; `skip` and `next_due`, where given, let a person in the browser
    move time forward. `calls` lists every Web API call; `violations` lists in words every call that
    a correct bot never makes. `rate_limits` may be switched from "off" to "tiers" at any moment.
    """

    bot_token = "xoxb-sandbox-0TOCSIN"  # noqa: S105 (opens nothing but this sandbox)
    app_token = "xapp-1-A0TOCSIN-sandbox"  # noqa: S105 (the same)
    signing_secret = "sandbox-signing-secret-of-nobody"  # noqa: S105 (the same)

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any],
        clock: Callable[[], datetime],
        skip: Callable[[timedelta], Awaitable[None]] | None = None,
        next_due: Callable[[], Awaitable[datetime | None]] | None = None,
        bot_scopes: Collection[str] | None = None,
        rate_limits: Literal["off", "tiers"] = "off",
    ) -> None:
        self.manifest = manifest
        self.clock = clock
        self.skip = skip
        self.next_due = next_due
        granted = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())
        self.bot_scopes = frozenset(granted if bot_scopes is None else bot_scopes)
        self.workspace = roster.acme(clock)
        self.faults = Faults()
        self.rates = Rates(clock=clock, mode=rate_limits)
        self.delivery = Delivery(self)
        self.desk = Desk(
            workspace=self.workspace,
            granted=self.bot_scopes,
            triggers=self.delivery.triggers,
            ticket=self.delivery.ticket,
            home_enabled=bool(
                manifest.get("features", {}).get("app_home", {}).get("home_tab_enabled", False)
            ),
            address=lambda: self.ui_url,
        )
        self.dispatch = Dispatch(
            desk=self.desk,
            faults=self.faults,
            rates=self.rates,
            bot_token=self.bot_token,
            app_token=self.app_token,
        )
        self._runner: web.AppRunner | None = None
        self._host, self._port = "127.0.0.1", 0

    @property
    def calls(self) -> list[Call]:
        return self.dispatch.calls

    @property
    def violations(self) -> list[str]:
        return self.dispatch.violations

    @property
    def rate_limits(self) -> Literal["off", "tiers"]:
        return self.rates.mode

    @rate_limits.setter
    def rate_limits(self, mode: Literal["off", "tiers"]) -> None:
        self.rates.mode = mode

    @property
    def ui_url(self) -> str:
        return f"http://{self._host}:{self._port}/"

    @property
    def api_url(self) -> str:
        return f"{self.ui_url}api/"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve until `stop`; port 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=LARGEST_BODY)
        self.dispatch.mount(app)
        self.delivery.mount(app)
        ui.mount(app, self)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        await site.start()
        self._runner = runner
        self._host, self._port = runner.addresses[0][:2]

    async def stop(self) -> None:
        """Stop delivering, close every connection and free the port; does nothing when not started."""
        await self.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(self, name: str) -> Person:
        """Someone of the roster, ready to act; raises KeyError when nobody has that name."""
        return Person(self, self.workspace.person(name))

    def deliver_by_http(self, url: str) -> None:
        """From now on send payloads as signed HTTP POSTs to this address instead of over Socket Mode."""
        self.delivery.by_http(url)

    async def quiet(self) -> None:
        """Return once nothing is being delivered and no Web API call is in progress, at the same moment."""
        while self.dispatch.busy or self.delivery.busy:
            await self.dispatch.idle()
            await self.delivery.quiet()
            await asyncio.sleep(0)
