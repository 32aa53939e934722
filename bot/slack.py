"""The only Slack client: every call ends as `Sent`, `Later` or `Never`, and nothing is retried in here."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT = 10.0
CONNECTIONS = 128

# Slack says these when it stumbles itself: the effect may or may not have happened.
_STUMBLED = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
# The app is locked out. That says nothing about the message, which waits until somebody mends the token.
LOCKED_OUT = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
# Slack reads these methods as JSON; the others take a query string (their pages lack `json_input_supported`).
_JSON = ("chat.", "views.")

_STUMBLE_WAIT = 1.0
_LOCKED_OUT_WAIT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Slack did it; ``response`` is what it answered."""

    response: Mapping[str, Any]

    @property
    def cursor(self) -> str | None:
        """Where the next page of a list begins, if there is one."""
        return (self.response.get("response_metadata") or {}).get("next_cursor") or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: try again after so many seconds.

    ``unsure`` means that the effect may have happened (a timeout, a 5xx, a cut connection): look
    before trying again. ``limited`` means that Slack asked for a slower pace, ``paced`` that we kept to it
    and did not even call; ``reached`` that Slack answered at all.
    """

    after: float
    why: str
    unsure: bool = False
    limited: bool = False
    paced: bool = False
    reached: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Slack refuses for good: ``reason`` is its error code, ``response`` the rest of the answer."""

    reason: str
    response: Mapping[str, Any] = field(default_factory=dict)


Outcome = Sent | Later | Never


def connect(token: str, api_url: str) -> AsyncWebClient:
    """Make the Web API client that the process shares.

    Call it inside the running loop, and `SlackDoor.close` at the end. Its own retries are off: they
    would repeat a post after a 5xx, and sleep where three seconds count.
    """
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT), connector=aiohttp.TCPConnector(limit=CONNECTIONS)
    )
    return AsyncWebClient(
        token=token, base_url=api_url, session=session, timeout=int(TIMEOUT), retry_handlers=[]
    )


class SlackDoor:
    """Asks Slack for one thing at a time and says plainly what became of it."""

    def __init__(self, web: AsyncWebClient, timeout: float = TIMEOUT) -> None:
        self.web = web
        self._timeout = timeout

    async def call(self, method: str, **args: Any) -> Outcome:
        """Call a Web API method once; never raises for anything that Slack can do.

        Arguments that are None are left out.
        """
        given = {name: value for name, value in args.items() if value is not None}
        try:
            async with asyncio.timeout(self._timeout):
                if method.startswith(_JSON):
                    response = await self.web.api_call(method, json=given)
                else:
                    response = await self.web.api_call(method, params=_as_query(given))
        except SlackApiError as error:
            return _judge(error)
        except aiohttp.ClientConnectorError as error:
            return Later(after=_STUMBLE_WAIT, why=_short(error), reached=False)
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
            return Later(after=_STUMBLE_WAIT, why=_short(error), unsure=True, reached=False)
        return Sent(response=_mapping(response.data))

    async def close(self) -> None:
        """Let go of the connections."""
        if self.web.session is not None:
            await self.web.session.close()


def _judge(error: SlackApiError) -> Outcome:
    """Turn an unsuccessful answer into what to do about it."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    headers = getattr(response, "headers", {})
    data = _mapping(getattr(response, "data", None))
    code = str(data.get("error") or "")
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Later(after=_retry_after(headers), why="ratelimited", limited=True)
    if status >= 500 or code in _STUMBLED:
        return Later(after=_STUMBLE_WAIT, why=code or f"HTTP {status}", unsure=True, reached=status < 500)
    if code in LOCKED_OUT:
        return Later(after=_LOCKED_OUT_WAIT, why=code)
    if not code:
        # Not Slack's own words (a proxy's page, a cut body): nothing can be concluded from it.
        return Later(after=_STUMBLE_WAIT, why=f"HTTP {status} without an answer", unsure=True, reached=False)
    return Never(reason=code, response=data)


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return max(1.0, float(headers.get("Retry-After", "1")))
    except ValueError:
        return 1.0


def _as_query(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write arguments as a query string holds them: lists with commas, structures as JSON."""
    return {name: _written(value) for name, value in given.items()}


def _written(value: object) -> object:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return json.dumps(value) if isinstance(value, Mapping) else value


def _mapping(data: object) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")
