import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import AlreadyDecided, BotError, NotNow
from bot.domain.incident import Role, UserId
from bot.domain.items import Item
from bot.domain.oncall import Override
from bot.usecases import oncall, policy_versions
from tests.harness.replicas import Replicas, telling_of
from tests.harness.story import ACME, Story
from tests.stories.rota import on_rota

pytestmark = [pytest.mark.fault, pytest.mark.postgres]

MONDAY_NINE = datetime(2026, 11, 23, 8, 0, 1, tzinfo=UTC)
CARO, DEV = UserId("U0CARO"), UserId("U0DEV")


@pytest.fixture
async def story(postgres_url: str) -> AsyncIterator[Story]:
    async with telling_of(2, postgres_url, on_rota()) as told:
        yield told


async def test_of_two_people_at_once_one_arranges_it_and_the_others_are_told(story: Story) -> None:
    assert isinstance(story.world, Replicas)
    takes = Override(
        role=Role("l2"), part="primary", user=DEV, since=story.now, until=story.now + timedelta(hours=5)
    )
    offered = await asyncio.gather(
        *(
            bot.db.run(oncall.take, takes, by=CARO, workspace=ACME, now=story.now + timedelta(milliseconds=n))
            for n, bot in enumerate((*story.world.bots, *story.world.bots))
        ),
        return_exceptions=True,
    )
    [offer] = [one for one in offered if isinstance(one, Item)]
    assert [type(one) for one in offered if isinstance(one, BotError)] == [NotNow] * 3

    answered = await asyncio.gather(
        *(
            bot.db.run(answer, offer.id, by=DEV, workspace=ACME, now=story.now)
            for bot in story.world.bots
            for answer in (oncall.accept, oncall.decline)
        ),
        return_exceptions=True,
    )
    assert answered.count(None) == 1
    assert [type(one) for one in answered if one is not None] == [AlreadyDecided] * 3
    told = Counter(event.kind for event in await story.audit() if event.kind.startswith("oncall"))
    assert told["oncall.offered"] == told["oncall.overridden"] + told["oncall.declined"] == 1


async def test_two_replicas_hand_a_shift_over_once_and_set_its_clocks_once(story: Story) -> None:
    assert isinstance(story.world, Replicas)
    first, second = story.world.bots
    story.world.clock.set(MONDAY_NINE)
    await asyncio.gather(first.settle(), second.settle())
    await asyncio.gather(
        *(bot.db.run(oncall.arm, ACME, story.now) for bot in (first, second, first)),
        *(bot.db.run(policy_versions.keep_watch, workspace=ACME, now=story.now) for bot in (first, second)),
    )
    await story.settles()
    assert [event.data["to"] for event in await story.audit("oncall.handed_over")] == [["U0DEV"]]
    assert sum("Please press" in text for text in story.dev.inbox) == 1
    assert sum("your shift as" in text for text in story.caro.inbox) == 1
