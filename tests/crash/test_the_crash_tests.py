import os
from pathlib import Path

import pytest

from tests.crash.telling import Teller
from tests.harness.crashing import Kill, mortals
from tests.harness.lives import Zygote

pytestmark = pytest.mark.crash


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_bot_is_gone_and_another_takes_over_the_same_database(
    zygote: Zygote, tmp_path: Path
) -> None:
    async with mortals(zygote, tmp_path / "world") as story:
        first = await story.mortals.alive()
        assert is_running(first.pid)
        story.mortals.plan(
            Kill(at="call", moment="before", number=1, method="views.open"),
            Kill(at="commit", moment="after", number=1),
        )

        await story.ana.runs("/incident", "open Checkout is down", channel="general")

        second = await story.mortals.alive()
        assert not is_running(first.pid)
        assert is_running(second.pid)
        assert second.pid != first.pid
        assert [str(kill) for kill in story.mortals.struck] == ["before views.open 1", "after commit 1"]
        assert story.mortals.lives == 3
        assert any("did not respond" in line or "failed" in line for line in story.world.person("ana").told)


async def test_a_courier_that_posts_again_without_looking_is_caught(teller: Teller) -> None:
    kill = Kill(at="call", moment="after", number=3, method="chat.postMessage")

    told = await teller.tell("opening", [kill], double="careless_courier")

    damage = await teller.damage("opening", told)
    assert told.struck == (kill,)
    assert told.outcome.doubled
    assert any(line.startswith("messages: + 1 x") for line in damage)


async def test_a_clockwork_that_finishes_a_timer_before_its_work_is_caught(teller: Teller) -> None:
    lost = []
    for number in range(1, 5):
        kill = Kill(at="commit", moment="after", number=number)
        told = await teller.tell("escalation", [kill], double="hasty_clockwork")
        lost += [
            line for line in await teller.damage("escalation", told) if line.startswith("messages: - 1 x")
        ]
    assert lost
