"""Slack's door: raw payloads come in, use cases are called, answers go out."""

import asyncio
import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners import (
    activity,
    approvals,
    card,
    catch_all,
    closing,
    command,
    comms,
    errors,
    escalate,
    home,
    middleware,
    opening,
    settling,
    severity,
    steps,
)
from bot.listeners.deps import Deps

# Bolt asks one listener after another whether a payload is its own: the button pressed most often comes first.
FEATURES = (
    card,
    command,
    escalate,
    opening,
    approvals,
    comms,
    steps,
    severity,
    settling,
    closing,
    activity,
    home,
)


def build(deps: Deps, *, token: str, signing_secret: str, web: AsyncWebClient) -> AsyncApp:
    """Return the app with every listener, for Socket Mode and for signed HTTP alike.

    Listeners run to their end before Slack is answered: a failure can still become a visible answer, and nothing is
    acknowledged that is not written.
    """
    authority = Authority(web, token)

    # A plain function: Bolt fills parameters in by name, and would fill in `self`.
    async def authorize() -> AuthorizeResult:
        return await authority.who()

    quiet = logging.getLogger(f"{__name__}.bolt")
    quiet.setLevel(logging.ERROR)  # what it warns of (a client without a token, for one) is meant here
    app = AsyncApp(
        name="tocsin",
        client=AsyncWebClient(base_url=web.base_url),
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        logger=quiet,
    )
    middleware.register(app, deps)
    for feature in FEATURES:
        feature.register(app, deps)
    catch_all.register(app)
    errors.register(app, deps)
    return app


class Authority:
    """Knows who the bot is: asks Slack once, however many payloads arrive at the same time."""

    def __init__(self, web: AsyncWebClient, token: str) -> None:
        self._web = web
        self._token = token
        self._known: AuthorizeResult | None = None
        self._asking = asyncio.Lock()

    async def who(self) -> AuthorizeResult:
        if self._known is None:
            async with self._asking:
                return await self._remembered()
        return self._known

    async def _remembered(self) -> AuthorizeResult:
        if self._known is None:
            self._known = await self._ask()
        return self._known

    async def _ask(self) -> AuthorizeResult:
        told = await self._web.auth_test()
        return AuthorizeResult(
            enterprise_id=told.get("enterprise_id"),
            team_id=told.get("team_id"),
            bot_user_id=told.get("user_id"),
            bot_id=told.get("bot_id"),
            bot_token=self._token,
        )
