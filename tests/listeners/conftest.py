import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.listeners.door import Door, standing

RECORDED = Path(__file__).parents[3] / "shared" / "slackdata" / "bolt-python-payloads" / "payloads.json"


@pytest.fixture(scope="session")
def recorded() -> dict[str, list[dict[str, Any]]]:
    if not RECORDED.exists():
        pytest.skip("the recorded payloads of Slack are not beside this checkout")
    payloads = json.loads(RECORDED.read_text())
    return {kind: list(samples.values()) for kind, samples in payloads.items()}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with standing(tmp_path) as built:
        yield built
