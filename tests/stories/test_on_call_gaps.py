from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.policy import Layer, Schedule, Slot
from bot.domain.roles import Person
from bot.usecases import people
from tests.harness.story import ACME, FRIDAY_NINE, Story, telling
from tests.stories.rota import CARO, DEV, on_rota, turns

SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}
NO_BACKUP = Slot(primary=("schedule/platform",))


def gap_told(story: Story, name: str) -> list[str]:
    return [text for text in story.person(name).inbox if "on call as L2 platform, and there is no" in text]


async def days_pass(story: Story, days: float) -> None:
    await story.world.time_passes(timedelta(days=days))


def with_a_hole_in_december() -> Schedule:
    """Custom turns of 30 days: caro, then somebody who has left, then dev."""
    layer = Layer(
        members=(CARO, "dela@acme.example", DEV),
        starts=date(2026, 11, 2),
        handoff=time(9),
        every="custom",
        days=30,
    )
    return Schedule(label="Platform rota", timezone="Europe/Oslo", layers=(layer,))


async def test_a_gap_is_told_once_when_it_is_found_again_a_week_and_a_day_before_and_when_it_begins(
    tmp_path: Path,
) -> None:
    """The gap is from 2 December 09:00 in Oslo on; found at the next opening of support, twelve days before."""
    async with telling(tmp_path, policy=on_rota(with_a_hole_in_december(), NO_BACKUP)) as story:
        await days_pass(story, 1)
        [told] = gap_told(story, "ivan")
        assert "Nobody will be on call as L2 platform" in told
        assert "dela@acme.example cannot be asked" in told
        assert "/incident oncall take l2" in told
        [event] = await story.audit("oncall.gap_found")
        assert (event.rule, event.data["gaps"][0]["since"]) == ("oncall.gaps", "2026-12-02T08:00:00+00:00")

        await days_pass(story, 3)
        assert len(gap_told(story, "ivan")) == 1, "once, not every day"
        await days_pass(story, 2)
        assert len(gap_told(story, "ivan")) == 2, "a week before"
        await days_pass(story, 5)
        assert len(gap_told(story, "ivan")) == 3, "a day before"
        await days_pass(story, 2)
        assert len(gap_told(story, "ivan")) == 4
        assert "Nobody is on call as L2 platform" in gap_told(story, "ivan")[-1]
        await days_pass(story, 4)
        assert len(await story.audit("oncall.gap_found")) == 4


async def test_a_gap_that_somebody_takes_is_none_any_more(tmp_path: Path) -> None:
    start = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    policy = on_rota(with_a_hole_in_december(), NO_BACKUP)
    async with telling(tmp_path, policy=policy, start=start) as story:
        await days_pass(story, 1)
        await story.ivan.runs("/incident", "oncall")
        assert "L2 platform: nobody" in story.ivan.told[-1]
        await story.dev.runs("/incident", "oncall take l2")
        await story.dev.submits()
        await story.opens("ana", "Search is slow", **SEV3)
        assert any(item.holders == ("U0DEV",) and item.role == "l2" for item in await story.items())


async def test_a_rota_full_of_holes_is_told_once_and_not_every_night(tmp_path: Path) -> None:
    by_day = turns(
        CARO,
        DEV,
        hours=({"weekdays": ("mon", "tue", "wed", "thu", "fri"), "since": "09:00", "until": "17:00"},),
    )
    async with telling(tmp_path, policy=on_rota(by_day, NO_BACKUP)) as story:
        await days_pass(story, 9)
        [told] = gap_told(story, "ivan")
        assert "more times in the next 30 days" in told
        assert len(await story.audit("oncall.gap_found")) == 1


async def test_a_rota_without_gaps_is_told_nothing(tmp_path: Path) -> None:
    async with telling(tmp_path, policy=on_rota()) as story:
        await days_pass(story, 8)
        assert not await story.audit("oncall.gap_found")


@pytest.mark.promise("S1-75")
async def test_when_somebody_leaves_their_weeks_are_gaps_and_the_backup_is_asked(tmp_path: Path) -> None:
    backed = Slot(primary=("schedule/platform",), backup=("theo@acme.example",))
    async with telling(tmp_path, policy=on_rota(turns(CARO, DEV), backed), start=FRIDAY_NINE) as story:
        assert story.world.bot is not None
        story.sandbox.workspace.users["U0CARO"].deleted = True
        gone = Person(id=story.sandbox.workspace.users["U0CARO"].id, name="caro", is_active=False)  # type: ignore[arg-type]
        await story.world.bot.db.run(people.refresh, ACME, (gone,), {}, now=story.now)
        await story.settles()
        await story.opens("ana", "Search is slow", **SEV3)
        assert any(item.holders == ("U0THEO",) and item.role == "l2" for item in await story.items())
        await days_pass(story, 1)
        [event] = await story.audit("oncall.gap_found")
        assert (event.data["role"], event.data["part"]) == ("l2", "primary")
        assert event.data["gaps"][0]["members"] == [CARO]
