import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from bot.sandbox.delivery.http import signature
from tests.sandbox.bolt_bot import BoltBot, by_http
from tests.sandbox.bolt_parts import MANIFEST


@dataclass
class Endpoint:
    """A request URL which answers as it is told, and keeps what it was sent."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)

    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(
            ({name.lower(): value for name, value in request.headers.items()}, await request.text())
        )
        self.news.set()
        return web.Response(status=self.status, headers=self.headers)

    def retries(self) -> list[tuple[str | None, str | None]]:
        return [
            (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason"))
            for headers, _ in self.requests
        ]


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


@pytest.fixture
async def endpoint(sandbox: Sandbox) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/slack/events", endpoint.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    sandbox.deliver_by_http(endpoint.url)
    yield endpoint
    await runner.cleanup()


async def test_every_request_is_signed_over_its_exact_body(sandbox: Sandbox, endpoint: Endpoint) -> None:
    ana = sandbox.person("ana")
    await ana.says("hello", channel="general")
    await ana.runs("/incident", "open ünïcode & more")
    await ana.uses_shortcut("Open an incident")
    assert len(endpoint.requests) == 3
    for headers, body in endpoint.requests:
        timestamp = headers["x-slack-request-timestamp"]
        assert headers["x-slack-signature"] == signature(sandbox.signing_secret, timestamp, body)
    types = [headers["content-type"] for headers, _ in endpoint.requests]
    assert types == ["application/json", *["application/x-www-form-urlencoded"] * 2]


async def test_a_failed_event_is_tried_again_at_once_after_a_minute_and_after_five(
    sandbox: Sandbox, endpoint: Endpoint, clock: SandboxClock
) -> None:
    endpoint.status = 500
    await sandbox.person("ana").says("hello", channel="general")
    await reaches(sandbox, endpoint, 2)
    clock.skip(timedelta(seconds=59))
    await sandbox.quiet()
    assert len(endpoint.requests) == 2
    clock.skip(timedelta(seconds=1))
    await reaches(sandbox, endpoint, 3)
    clock.skip(timedelta(minutes=5))
    await reaches(sandbox, endpoint, 4)
    assert endpoint.retries() == [(None, None), *[(str(number), "http_error") for number in (1, 2, 3)]]
    assert sandbox.delivery.waiting == 0, "then Slack gives up"
    bodies = {body for _, body in endpoint.requests}
    assert len(bodies) == 1, "the same event id comes each time"


async def test_the_bot_can_ask_not_to_be_told_again(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.status, endpoint.headers = 500, {"X-Slack-No-Retry": "1"}
    await sandbox.person("ana").says("hello", channel="general")
    await sandbox.quiet()
    assert (len(endpoint.requests), sandbox.delivery.waiting) == (1, 0)


async def test_a_command_is_never_tried_again(sandbox: Sandbox, endpoint: Endpoint) -> None:
    endpoint.status = 500
    told = await sandbox.person("ana").runs("/incident")
    await sandbox.quiet()
    assert told == ['/incident failed with the error "dispatch_failed"']
    assert len(endpoint.requests) == 1


async def test_nobody_at_the_address_is_a_failed_connection(sandbox: Sandbox, unused_tcp_port: int) -> None:
    sandbox.deliver_by_http(f"http://127.0.0.1:{unused_tcp_port}/")
    await sandbox.person("ana").says("hello", channel="general")
    (_, answer) = sandbox.delivery.answers[0]
    assert (answer.acknowledged, answer.reason) == (False, "connection_failed")
    await sandbox.quiet()
    assert sandbox.delivery.waiting == 1, "the second attempt failed too; the third is a minute away"


async def test_a_request_url_proves_itself(sandbox: Sandbox, endpoint: Endpoint) -> None:
    assert not await sandbox.delivery.http.verify(), "this one does not echo the challenge"
    async with by_http(BoltBot(sandbox)):
        assert await sandbox.delivery.http.verify()


async def test_a_real_app_accepts_the_signature_and_refuses_forgery_and_replay(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    body = "command=%2Fecho&text=forged&user_id=U0ANA&team_id=T0ACME&channel_id=C0GENERAL"
    now = datetime.now(UTC)  # noqa: TID251
    async with by_http(bot) as url, aiohttp.ClientSession() as session:

        async def post(secret: str, at: datetime) -> int:
            timestamp = str(int(at.timestamp()))
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": signature(secret, timestamp, body),
            }
            async with session.post(url, data=body, headers=headers) as response:
                return response.status

        assert await post(sandbox.signing_secret, now) == 200
        assert await post("not the secret", now) == 401
        assert await post(sandbox.signing_secret, now - timedelta(minutes=6)) == 401
    assert len(bot.heard) == 1


async def reaches(sandbox: Sandbox, endpoint: Endpoint, count: int) -> None:
    async with asyncio.timeout(5):
        while len(endpoint.requests) < count:
            endpoint.news.clear()
            await endpoint.news.wait()
    await sandbox.quiet()
