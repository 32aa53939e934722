"""Who the bot is in Slack's eyes, as Bolt wants to know it for every payload."""

import asyncio

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import LOCKED_OUT

# Seconds for asking again, out of the three that a person has.
ASKING = 1.0


class Authority:
    """Remembers who the bot was at the start, and asks again once Slack has refused the token.

    While Slack goes on refusing, the last answer is good enough: what people do is still recorded, and a token that is
    mended needs no restart. However many payloads arrive at the same time, Slack is asked once.
    """

    def __init__(self, web: AsyncWebClient, token: str, known: AuthorizeResult | None = None) -> None:
        self._web, self._token = web, token
        self._known, self._doubted = known, False
        self._asking = asyncio.Lock()

    async def who(self) -> AuthorizeResult:
        """Return who the bot is."""
        if self._known is None or self._doubted:
            async with self._asking:
                return await self._asked()
        return self._known

    def doubt(self, error: BaseException) -> None:
        """Look at what went wrong: once the token was refused, who the bot is must be asked again."""
        if isinstance(error, SlackApiError) and error.response.get("error") in LOCKED_OUT:
            self._doubted = True

    async def _asked(self) -> AuthorizeResult:
        if self._known is None or self._doubted:
            try:
                self._known, self._doubted = await self._ask(), False
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError):
                if self._known is None:
                    raise
        return self._known

    async def _ask(self) -> AuthorizeResult:
        async with asyncio.timeout(ASKING):
            told = await self._web.auth_test()
        return AuthorizeResult(
            enterprise_id=told.get("enterprise_id"),
            team_id=told.get("team_id"),
            bot_user_id=told.get("user_id"),
            bot_id=told.get("bot_id"),
            bot_token=self._token,
        )
