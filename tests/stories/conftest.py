from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harness.story import Story, telling


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with telling(tmp_path) as told:
        yield told
