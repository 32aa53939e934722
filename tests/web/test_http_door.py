import hashlib
import hmac
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Bot
from bot.cli import manifest
from bot.clock import AdjustableClock, system_clock
from bot.sandbox import Sandbox
from bot.settings import HalfConfigured, Settings
from storage import audit
from storage.database import Tx
from tests.engine.acme import NINE, POLICY

SECRET = "a-secret-of-nobody"


class Door:
    """A bot in HTTP mode, and somebody who knocks at its port."""

    def __init__(self, bot: Bot, session: aiohttp.ClientSession) -> None:
        self.bot, self.session = bot, session

    async def get(self, path: str) -> aiohttp.ClientResponse:
        async with self.session.get(f"{self.bot.address}{path}") as answer:
            await answer.read()
            return answer

    async def knocks(
        self, body: bytes, *, secret: str = SECRET, age: int = 0, **headers: str
    ) -> aiohttp.ClientResponse:
        stamp = str(int(system_clock().timestamp()) - age)
        mark = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}
        plain = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.sends(io.BytesIO(body), {"Content-Type": "application/json", **signed, **plain})

    async def sends(self, body: Any, headers: dict[str, str] | None = None) -> aiohttp.ClientResponse:
        async with self.session.post(self.bot.events_url, data=body, headers=headers) as answer:
            await answer.read()
            return answer

    async def refusals(self) -> list[Any]:
        def query(tx: Tx) -> list[Any]:
            return [event for event in audit.export(tx) if event.actor == "http"]

        return await self.bot.db.read(query)


def settings(sandbox: Sandbox, home: Path, **more: Any) -> Settings:
    return Settings(
        bot_token=SecretStr(sandbox.bot_token),
        app_token=SecretStr(sandbox.app_token),
        signing_secret=SecretStr(SECRET),
        api_url=sandbox.api_url,
        database_url=f"sqlite:///{home / 'tocsin.db'}",
        port=0,
        **more,
    )


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=manifest.load(), clock=AdjustableClock(NINE, running=False)) as started:
        yield started


@pytest.fixture
async def door(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Door]:
    bot = Bot(settings(sandbox, tmp_path), policy=POLICY, transport="http")
    await bot.start()
    async with aiohttp.ClientSession() as session:
        yield Door(bot, session)
    await bot.stop()


async def test_slacks_own_greeting_is_answered(door: Door) -> None:
    answer = await door.knocks(b'{"type":"url_verification","challenge":"c-1"}')

    assert answer.status == 200
    assert "c-1" in await answer.text()


@pytest.mark.parametrize(
    ("how", "age", "headers"),
    [
        ("another-secret", 0, {}),
        (SECRET, 301, {}),
        (SECRET, -301, {}),
        (SECRET, 0, {"X_Slack_Signature": "v0=00"}),
        (SECRET, 0, {"X_Slack_Signature": "v0=\u00e9"}),
        (SECRET, 0, {"X_Slack_Request_Timestamp": "yesterday"}),
    ],
)
async def test_a_forged_or_stale_request_is_turned_away_and_leaves_one_audit_row(
    door: Door, how: str, age: int, headers: dict[str, str]
) -> None:
    answer = await door.knocks(b'{"type":"event_callback"}', secret=how, age=age, **headers)

    assert answer.status == 401
    [row] = await door.refusals()
    assert row.kind == "access.denied"
    assert "signature" in row.data["why"]


async def test_a_body_that_is_no_text_is_turned_away(door: Door) -> None:
    answer = await door.knocks(b"\xff\xfe\x00")

    assert answer.status == 401
    assert len(await door.refusals()) == 1


async def test_an_oversized_body_is_turned_away_and_leaves_one_audit_row(door: Door) -> None:
    answer = await door.knocks(b"x" * (1024 * 1024 + 1))

    assert answer.status == 413
    [row] = await door.refusals()
    assert row.kind == "input.rejected"
    assert "1 MB" in row.data["why"]


async def test_an_oversized_body_of_unknown_length_is_cut_off(door: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    answer = await door.sends(endless())

    assert answer.status == 413


async def test_health_says_that_everything_is_well(door: Door) -> None:
    answer = await door.get("/healthz")

    assert answer.status == 200
    said = await answer.json()
    assert said["ok"]
    assert said["database"]
    assert said["socket"] is None
    assert said["tick_age"] < 10


async def test_metrics_can_be_read_by_prometheus(door: Door) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    await door.knocks(b'{"type":"url_verification","challenge":"c-1"}')
    answer = await door.get("/metrics")

    families = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    assert families["tocsin_slack_connected"].samples[0].value == 1
    assert {sample.labels["lane"] for sample in families["tocsin_outbox_depth"].samples} == {
        "urgent",
        "normal",
        "bulk",
    }
    calls = {
        (s.labels["method"], s.labels["outcome"]): s.value for s in families["tocsin_slack_calls"].samples
    }
    assert calls["users.list", "sent"] > 0
    [count] = [s for s in families["tocsin_ack_seconds"].samples if s.name.endswith("_count")]
    assert count.value == 1


async def test_a_taken_port_is_refused_in_one_sentence(door: Door, sandbox: Sandbox, tmp_path: Path) -> None:
    port = int(str(door.bot.address).rsplit(":", 1)[1])
    second = settings(sandbox, tmp_path).model_copy(update={"port": port})

    with pytest.raises(HalfConfigured, match="cannot be opened"):
        await Bot(second, policy=POLICY, transport="http").start()


async def test_in_socket_mode_health_knows_whether_slack_can_reach_us(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    bot = Bot(settings(sandbox, tmp_path), policy=POLICY, transport="socket", serve=True)
    await bot.start()
    async with aiohttp.ClientSession() as session:
        door = Door(bot, session)
        well = await (await door.get("/healthz")).json()
        closed = await door.sends(b"{}")
    await bot.stop()

    assert well["socket"] is True
    assert closed.status in (404, 405), "nothing comes in by HTTP where nobody could sign it"


async def test_a_wrong_token_is_refused_in_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    wrong = settings(sandbox, tmp_path).model_copy(update={"bot_token": SecretStr("xoxb-wrong")})

    with pytest.raises(HalfConfigured, match="Slack refuses SLACK_BOT_TOKEN"):
        await Bot(wrong, policy=POLICY, transport=None).start()


async def test_without_slack_the_start_is_refused_in_one_sentence(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.hello.PATIENCE", 0.5)
    nowhere = settings(sandbox, tmp_path).model_copy(update={"api_url": "http://127.0.0.1:9/api/"})

    with pytest.raises(HalfConfigured, match="Slack cannot be reached"):
        await Bot(nowhere, policy=POLICY, transport=None).start()
