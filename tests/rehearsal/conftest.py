from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot import packs
from bot.domain.policy import Policy
from bot.domain.timeline import Timeline
from bot.rehearsal import cast
from bot.rehearsal.explaining import explained
from bot.rehearsal.words import Words

FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)

Explains = Callable[..., Timeline]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return packs.load()


@pytest.fixture
def explains(policy: Policy) -> Explains:
    """Explain a case of the default pack, opened on Friday at nine unless said."""

    def explain(under: Policy = policy, **words: object) -> Timeline:
        said = Words(**words)  # type: ignore[arg-type]
        return explained(said, under, cast.of_pack(under), FRIDAY_NINE).timeline

    return explain


def minutes(timeline: Timeline, *kinds: str) -> list[tuple[float, str]]:
    """When each thing of these kinds happens, and to whom."""
    rows = (row for row in timeline.rows if row.kind in kinds)
    return [(row.offset.total_seconds() / 60, timeline.called(row)) for row in rows]
