from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.desk import id_of
from bot.domain.items import ItemKind
from bot.domain.policy import Slot
from bot.usecases import policy, scene
from storage import items
from tests.harness.story import ACME, Story, telling
from tests.stories.rota import CARO, DEV, on_rota, turns

SEV3: dict[str, Any] = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}
MONDAY_EIGHT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """An hour before caro's week ends and dev's begins."""
    async with telling(tmp_path, policy=on_rota(), start=MONDAY_EIGHT) as told:
        yield told


async def until(story: Story, moment: datetime) -> None:
    await story.world.time_passes(moment - story.now)


def card(story: Story, name: str, words: str = "you are on call as L2 platform now") -> str:
    return next((text for text in reversed(story.person(name).inbox) if words in text), "")


async def asked_as_l2(story: Story, number: int) -> tuple[str, ...]:
    owed = await story.items(number)
    return next(i.holders for i in owed if i.kind is ItemKind.ACKNOWLEDGE and i.role == "l2")


async def test_whoever_comes_on_call_is_told_what_is_open_and_takes_it_with_one_button(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.clicks("Acknowledge")
    await until(story, MONDAY_NINE)

    shown = card(story, "dev")
    assert "now after @caro until" in shown
    assert "INC-1 (SEV3): Search is slow" in shown
    assert "#inc-1-search-is-slow" in shown
    assert "next update promised for" in shown
    assert "your shift as L2 platform is over: @dev is on call now" in card(story, "caro", "your shift")
    [event] = await story.audit("oncall.handed_over")
    assert (event.data["from"], event.data["to"], event.data["open"]) == (["U0CARO"], ["U0DEV"], ["INC-1"])
    assert (event.rule, event.policy_version[:4]) == ("oncall.shift", "rota")

    await story.dev.clicks("I have it")
    assert "@dev has the shift as L2 platform" in "\n".join(story.dev.inbox)
    assert "@dev has the shift as L2 platform now" in card(story, "caro", "has the shift as")
    assert [event.actor for event in await story.audit("oncall.accepted")] == ["U0DEV"]
    await story.minutes_pass(3 * 60)
    assert not await story.audit("oncall.reminded")


async def test_what_is_asked_of_somebody_stays_theirs_and_what_is_new_goes_to_the_new_one(
    story: Story,
) -> None:
    await until(story, MONDAY_NINE - timedelta(minutes=1))
    await story.opens("ana", "Search is slow", **SEV3)
    await until(story, MONDAY_NINE)
    assert await asked_as_l2(story, 1) == ("U0CARO",)
    assert "to answer:" in card(story, "dev")
    await story.caro.clicks("Acknowledge")
    assert [event.actor for event in await story.audit("ack.received")] == ["U0CARO"]
    await story.opens("ana", "Search is slow again", **SEV3)
    assert await asked_as_l2(story, 2) == ("U0DEV",)


async def test_a_shift_that_nobody_takes_is_nagged_then_told_to_whoever_left_and_the_backup(
    story: Story,
) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await until(story, MONDAY_NINE)
    item = next(i for i in await _desk_items(story) if i.kind is ItemKind.HANDOVER)
    assert item.due_at is not None
    halfway = item.asked_at + (item.due_at - item.asked_at) / 2
    assert item.due_at - item.asked_at == timedelta(hours=1), "the handoff time of SEV3, in support hours"

    await until(story, halfway)
    assert "Please press I have it by" in card(story, "dev", "you are on call as L2 platform since")
    assert not await story.audit("oncall.overdue")
    await until(story, item.due_at)
    for name in ("caro", "theo"):
        assert "@dev has not confirmed the shift as L2 platform" in card(story, name, "has not confirmed")
    [event] = await story.audit("oncall.overdue")
    assert event.data["told"] == ["U0CARO", "U0THEO"]
    await story.dev.clicks("I have it")
    assert "@dev has the shift" in card(story, "theo", "has the shift")


async def test_only_whoever_is_on_call_can_take_the_shift(story: Story) -> None:
    await until(story, MONDAY_NINE)
    button = story.dev.button("I have it")
    await story.caro.clicks_again(button)
    assert not await story.audit("oncall.accepted")
    assert [event.actor for event in await story.audit("access.denied")] == ["U0CARO"]
    assert "Nothing is open for this role." in card(story, "dev")


async def test_a_private_incident_is_named_by_its_key_only(story: Story) -> None:
    await story.opens("ana", "Somebody reads our mail", **SEV3, Which=["Keep it private"])
    await until(story, MONDAY_NINE)
    shown = card(story, "dev")
    assert "private incident INC-1 (SEV3)" in shown
    assert "mail" not in shown


async def test_a_change_of_shift_while_the_bot_was_down_is_handed_over_late_and_once(story: Story) -> None:
    await story.world.stop_bot()
    story.world.clock.set(MONDAY_NINE + timedelta(hours=2))
    await story.world.start_bot()
    await story.settles()
    [event] = await story.audit("oncall.handed_over")
    assert event.data["late_seconds"] == 2 * 60 * 60
    await story.world.stop_bot()
    await story.world.start_bot()
    await story.settles()
    assert len(await story.audit("oncall.handed_over")) == 1


async def test_a_place_taken_for_an_afternoon_is_handed_over_there_and_back(story: Story) -> None:
    await until(story, MONDAY_NINE + timedelta(hours=1))
    await story.dev.clicks("I have it")
    await story.caro.runs("/incident", "oncall take l2")
    await story.caro.submits()
    await story.minutes_pass(12 * 60)
    to = [event.data["to"] for event in await story.audit("oncall.handed_over")]
    assert to[0] == ["U0DEV"]
    assert to[-1] == ["U0DEV"]


async def test_the_night_on_which_the_clocks_go_back_in_oslo(tmp_path: Path) -> None:
    """On 25 October 2026 the night is an hour longer: daily turns at nine in the morning stay at nine."""
    daily = turns(CARO, DEV, every="daily", weekday=None, starts=datetime(2026, 10, 24, tzinfo=UTC).date())
    start = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    async with telling(tmp_path, policy=on_rota(daily), start=start) as story:
        await until(story, datetime(2026, 10, 25, 7, 59, tzinfo=UTC))
        await story.opens("ana", "Search is slow", **SEV3)
        assert await asked_as_l2(story, 1) == ("U0CARO",), "8:59 in Oslo, winter time now"
        await until(story, datetime(2026, 10, 25, 8, 0, tzinfo=UTC))
        await story.opens("ana", "Search is slow again", **SEV3)
        assert await asked_as_l2(story, 2) == ("U0DEV",)
        [event] = await story.audit("oncall.handed_over")
        assert event.data["at"] == "2026-10-25T08:00:00+00:00"


@pytest.mark.promise("S0-26")
async def test_an_empty_slot_goes_to_its_fallback_and_never_to_everyone(tmp_path: Path) -> None:
    at_night = turns(CARO, DEV, hours=({"weekdays": ("mon",), "since": "09:00", "until": "17:00"},))
    slot = Slot(primary=("schedule/platform",), fallback=("tess@acme.example",))
    async with telling(tmp_path, policy=on_rota(at_night, slot)) as story:
        await story.opens("ana", "Search is slow", **SEV3)
        assert await asked_as_l2(story, 1) == ("U0TESS",), "on a Friday nobody is on the rota"
        told = "\n".join(await story.ana.runs("/incident", "oncall"))
        assert "L2 platform: @tess (fallback: both places are empty)" in told


async def _desk_items(story: Story) -> tuple[Any, ...]:
    found: tuple[Any, ...] = await story.reads(items.of_incident, id_of(ACME))
    return found


async def test_a_place_given_back_is_handed_back_with_what_is_open(story: Story) -> None:
    await story.minutes_pass(1)
    await story.dev.runs("/incident", "oncall take l2")
    await story.dev.submits()
    await story.dev.clicks("I have it")
    await story.opens("ana", "Search is slow", **SEV3)
    await story.minutes_pass(1)
    await story.dev.runs("/incident", "oncall")
    await story.dev.clicks("Cancel", channel="general")
    shown = card(story, "caro", "you are on call as L2 platform now after @dev")
    assert "INC-1 (SEV3): Search is slow" in shown
    handed = [event.data["to"] for event in await story.audit("oncall.handed_over")]
    assert handed == [["U0DEV"], ["U0CARO"]]
    await story.dev.clicks_again(story.caro.button("I have it", on="after @dev"))
    assert [event.actor for event in await story.audit("access.denied")] == ["U0DEV"]
    await story.caro.clicks("I have it")
    assert [event.actor for event in await story.audit("oncall.accepted")] == ["U0DEV", "U0CARO"]


async def test_an_old_shift_weighs_nothing_and_its_button_still_answers(story: Story) -> None:
    await until(story, MONDAY_NINE)
    button = story.dev.button("I have it")
    await story.dev.clicks("I have it")
    [old] = await _desk_items(story)
    later = MONDAY_NINE + timedelta(days=45)
    at_hand = await story.reads(scene.of, id_of(ACME), ACME, later, for_update=False)
    assert at_hand.items == ()
    assert await story.reads(scene.item_of, at_hand, old.id) == old
    story.world.clock.set(later)
    await story.settles()
    assert "has this shift already" in " ".join(await story.dev.clicks_again(button))


async def test_a_pack_that_comes_into_force_sets_the_clock_of_its_own_rota(story: Story) -> None:
    await story.asks(policy.activate, on_rota(turns(CARO, DEV, handoff=time(8, 30))), by="a-test")
    await until(story, MONDAY_NINE - timedelta(minutes=30))
    assert [event.data["to"] for event in await story.audit("oncall.handed_over")] == [["U0DEV"]]
