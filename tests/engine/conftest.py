from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.engine.acme import Acme, acme


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Acme]:
    async with acme(tmp_path) as made:
        yield made
