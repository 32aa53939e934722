import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from bot.sandbox.limits.scopes import SCOPES

SLACKDATA = Path(__file__).parents[3] / "shared" / "slackdata"
EVERY_SCOPE = sorted({scope for needs in SCOPES.values() for enough in needs.values() for scope in enough})
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tocsin"},
    "features": {
        "bot_user": {"display_name": "tocsin"},
        "app_home": {"home_tab_enabled": True},
    },
    "oauth_config": {"scopes": {"bot": EVERY_SCOPE}},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}


@pytest.fixture(scope="session")
def slackdata() -> Path:
    if not SLACKDATA.is_dir():
        pytest.skip(f"the reference data about Slack is not at {SLACKDATA}")
    return SLACKDATA


@pytest.fixture(scope="session")
def documented(slackdata: Path) -> dict[str, dict[str, Any]]:
    methods: dict[str, dict[str, Any]] = json.loads((slackdata / "derived" / "methods.json").read_text())
    return methods


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(start=datetime(2027, 3, 1, 9, 0, tzinfo=UTC), running=False)


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
