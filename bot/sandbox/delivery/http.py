"""Signed HTTP: payloads as POST requests to one request URL of the bot."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery.parcel import Answer, Attempt, Parcel

FORM = "application/x-www-form-urlencoded"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return the ``x-slack-signature`` of a request body (v0: HMAC-SHA256 over version, time and body)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDoor:
    """Posts payloads to the bot's request URL.

    Requests are stamped with the time of ``wall``, not of the sandbox's clock: the bot compares the stamp with its
    own machine's clock to refuse replays, and that one cannot be skipped forward.
    """

    def __init__(self, *, signing_secret: str, wall: Callable[[], datetime]) -> None:
        self._secret = signing_secret
        self._wall = wall
        self._session: aiohttp.ClientSession | None = None
        self.url: str | None = None

    async def deliver(self, parcel: Parcel, attempt: Attempt, *, seconds: float) -> Answer:
        """Post one payload and read its acknowledgement, in all for at most ``seconds``."""
        if self.url is None:
            return Answer(acknowledged=False, reason="connection_failed")
        content_type, body = encode(parcel)
        headers = self._headers(content_type, body)
        if parcel.kind == "events_api" and attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        try:
            async with asyncio.timeout(seconds):
                return await self._post(self.url, body, headers, parcel)
        except TimeoutError:
            return Answer(acknowledged=False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(acknowledged=False, reason="too_many_redirects")
        except aiohttp.ClientSSLError:
            return Answer(acknowledged=False, reason="ssl_error")
        except aiohttp.ClientConnectionError:
            return Answer(acknowledged=False, reason="connection_failed")
        except (aiohttp.ClientError, ValueError):
            return Answer(acknowledged=False, reason="unknown_error")

    async def verify(self) -> bool:
        """Ask the request URL to prove itself (``url_verification``); True when it echoes the challenge."""
        challenge = secrets.token_urlsafe(32)
        payload = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        parcel = Parcel(kind="events_api", payload=payload, takes_answer=True)
        answer = await self.deliver(parcel, Attempt(), seconds=3)
        said = answer.body or {}
        return answer.acknowledged and challenge in (said.get("challenge"), said.get("text"))

    async def close(self) -> None:
        """Close the connections to the bot."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _headers(self, content_type: str, body: str) -> dict[str, str]:
        timestamp = str(int(self._wall().timestamp()))
        return {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }

    async def _post(self, url: str, body: str, headers: Mapping[str, str], parcel: Parcel) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(url, data=body.encode(), headers=headers, max_redirects=2) as response:
            text = await response.text()
            stop = response.headers.get("X-Slack-No-Retry") == "1"
            if not 200 <= response.status < 300:
                return Answer(acknowledged=False, reason="http_error", retry=not stop)
            if not parcel.takes_answer or not text.strip():
                return Answer(acknowledged=True)
            is_json = response.content_type == "application/json"
            return Answer(acknowledged=True, body=json.loads(text) if is_json else {"text": text})


def encode(parcel: Parcel) -> tuple[str, str]:
    """Return content type and body: events as JSON, commands as form fields, the rest as a form field of JSON."""
    if parcel.kind == "events_api":
        return "application/json", json.dumps(parcel.payload)
    if parcel.kind == "slash_commands":
        return FORM, urlencode(parcel.payload)
    return FORM, urlencode({"payload": json.dumps(parcel.payload)})
