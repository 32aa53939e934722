from datetime import timedelta
from pathlib import Path

from bot import packs
from bot.domain.incident import Role
from bot.domain.policy import Slot
from tests.harness.story import Story, telling


async def test_every_monday_the_owner_hears_whether_a_page_would_arrive(story: Story) -> None:
    await story.world.time_passes(timedelta(days=2))
    assert not await story.audit("readiness.reported")
    await story.world.time_passes(timedelta(days=1))
    reports = await story.audit("readiness.reported")
    assert [(e.at.isoformat(), e.rule, e.data["ready"]) for e in reports] == [
        ("2026-11-23T09:00:00+00:00", "readiness.weekly", True)
    ]
    assert story.ivan.sees("A page would arrive")
    assert story.ana.sees("A page would arrive", channel="esc-catchall")
    await story.world.time_passes(timedelta(days=7))
    assert len(await story.audit("readiness.reported")) == 2


async def test_a_role_that_nobody_would_answer_for_is_told_before_it_is_needed(tmp_path: Path) -> None:
    shipped = packs.load(packs.DEFAULT)
    empty = shipped.model_copy(
        update={
            "roster": {**shipped.roster, Role("l3"): Slot(primary=("nobody@acme.example",))},
            "version": "empty0000000",
        }
    )
    async with telling(tmp_path, policy=empty) as story:
        await story.world.time_passes(timedelta(days=3))
        (report,) = await story.audit("readiness.reported")
        assert (report.data["ready"], report.data["urgent"]) == (False, 1)
        assert story.ivan.sees("Nobody would be asked as L3 database")
        assert story.ivan.sees("nobody@acme.example stands for nobody in Slack")


async def test_a_report_that_fell_due_while_the_bot_was_down_still_comes_once(story: Story) -> None:
    await story.world.stop_bot()
    story.world.clock.set(story.now + timedelta(days=3, hours=2))
    await story.world.start_bot()
    await story.settles()
    reports = await story.audit("readiness.reported")
    assert [e.at.isoformat() for e in reports] == ["2026-11-23T11:00:00+00:00"]
