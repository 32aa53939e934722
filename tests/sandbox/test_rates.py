import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from bot.sandbox.limits.rates import QUOTAS
from tests.sandbox.conftest import MANIFEST

TIERS = {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100, "t1": 1, "t2": 20, "t3": 50, "t4": 100}
SPECIAL = {"auth.test", "chat.getPermalink", "chat.postMessage"}


@pytest.fixture
async def strict(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock, rate_limits="tiers") as running:
        yield running


@pytest.fixture
async def caller(strict: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=strict.bot_token, base_url=strict.api_url)


async def until_refused(call: Callable[[], Any]) -> tuple[int, Any]:
    """How many calls went well, and the answer of the one that did not."""
    for done in range(1_000):
        try:
            await call()
        except SlackApiError as caught:
            return done, caught.response
    raise AssertionError("nothing was ever refused")


async def test_a_storm_is_told_to_wait_and_served_after_that(
    caller: AsyncWebClient, clock: SandboxClock
) -> None:
    done, answer = await until_refused(lambda: caller.users_list(limit=1))

    assert done == QUOTAS["users.list"] // 2
    assert answer.status_code == 429
    assert answer["error"] == "ratelimited"
    wait = int(answer.headers["Retry-After"])
    assert wait == 3
    clock.skip(timedelta(seconds=wait))
    assert (await caller.users_list(limit=1))["ok"]


async def test_one_busy_channel_does_not_silence_the_others(
    caller: AsyncWebClient, clock: SandboxClock
) -> None:
    done, answer = await until_refused(lambda: caller.chat_postMessage(channel="C0GENERAL", text="x"))

    assert done == 10
    assert answer.headers["Retry-After"] == "1"
    assert (await caller.chat_postMessage(channel="C0ESCINCIDENTS", text="x"))["ok"]
    clock.skip(timedelta(seconds=1))
    assert (await caller.chat_postMessage(channel="C0GENERAL", text="x"))["ok"]


async def test_a_workspace_takes_only_so_many_messages_a_minute(caller: AsyncWebClient) -> None:
    people = [
        f"U0{name}" for name in ("ANA", "BEN", "CARO", "DEV", "ELI", "FAY", "IVAN", "JUDY", "TESS", "THEO")
    ]
    people += [f"U0{name}" for name in ("MONA", "NILS", "LARA", "LEO", "XENA", "XAVI", "SAM", "SUE")]
    numbers = iter(range(1_000))

    async def post() -> None:
        await caller.chat_postMessage(channel=people[next(numbers) % len(people)], text="x")

    done, _ = await until_refused(post)
    assert done == 150


async def test_a_refused_call_has_no_effect_and_costs_nothing(
    caller: AsyncWebClient, strict: Sandbox, clock: SandboxClock
) -> None:
    numbers = iter(range(1_000))
    await until_refused(lambda: caller.conversations_create(name=f"inc-{next(numbers)}"))
    before = len(strict.workspace.channels)
    for _ in range(20):
        with pytest.raises(SlackApiError):
            await caller.conversations_create(name=f"inc-{next(numbers)}")

    assert len(strict.workspace.channels) == before
    clock.skip(timedelta(seconds=3))
    assert (await caller.conversations_create(name="inc-after"))["ok"]
    assert strict.violations == []


async def test_nobody_waits_while_rates_are_off(client: AsyncWebClient, sandbox: Sandbox) -> None:
    for _ in range(60):
        await client.users_list(limit=1)
    assert all(call.ok for call in sandbox.calls)

    sandbox.rate_limits = "tiers"
    done, _ = await until_refused(lambda: client.users_list(limit=1))
    assert done == 10


def test_no_method_is_served_faster_than_slack_says(
    slackdata: Path, documented: dict[str, dict[str, Any]]
) -> None:
    published = json.loads((slackdata / "rate-limits" / "rate_limit_tiers.json").read_text())
    for method in set(QUOTAS) - SPECIAL:
        told = [TIERS[tier] for tier in (published.get(method), documented[method]["tier"]) if tier in TIERS]
        assert QUOTAS[method] == min(told), method
