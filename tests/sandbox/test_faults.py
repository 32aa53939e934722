import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Sandbox
from bot.sandbox.clock import SandboxClock
from tests.sandbox.bolt_bot import BoltBot, by_http, by_socket
from tests.sandbox.bolt_parts import MANIFEST


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


async def say(client: AsyncWebClient, text: str = "hello") -> None:
    await client.chat_postMessage(channel="C0GENERAL", text=text)


async def test_a_rate_limit_tells_how_long_to_wait(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add(Fault("rate_limited", "chat.*", retry_after=7))
    with pytest.raises(SlackApiError) as refused:
        await say(client)
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
    assert refused.value.response["error"] == "ratelimited"
    await say(client)
    assert sandbox.person("ana").reads("general") == ["hello"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("server_error_before", []),
        ("server_error_after", ["hello"]),
        ("abort_before", []),
        ("abort_after", ["hello"]),
    ],
)
async def test_the_effect_is_there_or_not_as_the_fault_says(
    sandbox: Sandbox, client: AsyncWebClient, kind: Any, said: list[str]
) -> None:
    sandbox.faults.add(Fault(kind, "chat.postMessage"))
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await say(client)
    assert sandbox.person("ana").reads("general") == said
    assert sandbox.calls[-1].took_effect is bool(said)


async def test_a_fault_strikes_its_method_as_often_as_it_was_told(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    fault = sandbox.faults.add(Fault("server_error_before", "chat.postMessage", times=2, status=503))
    await client.auth_test()
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await say(client)
    await say(client)
    assert sandbox.faults.struck == [(fault, "chat.postMessage")] * 2


async def test_an_outage_refuses_everything_until_it_is_lifted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    bot = BoltBot(sandbox)
    ana = sandbox.person("ana")
    async with by_socket(bot, ping_interval=0.1):
        sandbox.faults.add(Fault("outage"))
        with pytest.raises(SlackApiError):
            await client.auth_test()
        assert await ana.runs("/echo", "x") == ['/echo failed with the error "dispatch_failed"']
        await ana.says("said in the dark", channel="general")
        await sandbox.quiet()
        assert bot.events("message") == []
        sandbox.faults.lift("outage")
        await client.auth_test()
        await bot.until(lambda: bool(bot.events("message")))
        assert [event["text"] for event in bot.events("message")] == ["said in the dark"]


async def test_latency_makes_a_call_slow(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add(Fault("latency", times=None, seconds=0.05))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await say(client)
    assert loop.time() - began >= 0.05
    sandbox.faults.lift()
    assert sandbox.faults.pending("latency") is None


async def test_hooks_see_each_call_before_and_after_its_effect(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    seen: list[tuple[str, str, int]] = []

    async def look(moment: str, method: str, args: Mapping[str, Any]) -> None:
        await asyncio.sleep(0)
        seen.append((moment, method, len(sandbox.person("ana").reads("general"))))

    unhook = sandbox.faults.on_call(look)
    await say(client)
    assert seen == [("before", "chat.postMessage", 0), ("after", "chat.postMessage", 1)]
    unhook()
    await say(client)
    assert len(seen) == 2


@pytest.mark.parametrize("way", [by_socket, by_http])
async def test_a_duplicate_delivery_is_the_same_payload_again(sandbox: Sandbox, way: Any) -> None:
    bot = BoltBot(sandbox)
    async with way(bot):
        sandbox.faults.add(Fault("duplicate_delivery", copies=3))
        await sandbox.person("ana").says("once", channel="general")
        await sandbox.quiet()
        assert len(bot.heard) == 3
        assert len({body["event_id"] for body in bot.heard}) == 1
        sandbox.faults.add(Fault("duplicate_delivery", copies=2))
        await sandbox.person("ana").runs("/echo", "twice")
        assert [body["text"] for body in bot.heard if "command" in body] == ["twice", "twice"]
        assert sandbox.person("ana").told == ["You said twice"]


async def test_reordered_events_arrive_the_wrong_way_round(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    ana = sandbox.person("ana")
    async with by_socket(bot):
        sandbox.faults.add(Fault("reorder"))
        for word in ("first", "second", "third"):
            await ana.says(word, channel="general")
        await sandbox.quiet()
        assert [event["text"] for event in bot.events("message")][:2] == ["second", "first"]
        sandbox.faults.add(Fault("reorder"))
        await ana.says("last", channel="general")
        assert not any(event["text"] == "last" for event in bot.events("message"))
        await sandbox.quiet()
        assert bot.events("message")[-1]["text"] == "last"


async def test_a_bot_that_was_away_is_told_what_it_missed(sandbox: Sandbox, clock: SandboxClock) -> None:
    bot = BoltBot(sandbox)
    sandbox.delivery.patience = 0.1
    ana = sandbox.person("ana")
    async with by_socket(bot):
        pass
    await ana.says("while you were out", channel="general")
    await sandbox.quiet()
    back = BoltBot(sandbox)
    async with by_socket(back):
        clock.skip(timedelta(minutes=1))
        await back.until(lambda: bool(back.heard))
        assert back.events("message")[0]["text"] == "while you were out"


def test_an_unknown_fault_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no fault 'gremlins'; choose one of latency, rate_limited"):
        Fault("gremlins")  # type: ignore[arg-type]
