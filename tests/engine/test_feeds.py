from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.incident import Role
from bot.domain.policy import Feed, Schedule, Slot
from bot.domain.roles import holders
from bot.engine import feeds
from bot.engine.feeds import Unreadable, fetch
from bot.usecases import policy
from storage import oncall, people, policies
from tests.harness.story import ACME, Story, telling
from tests.stories.rota import on_rota

SLOT = Slot(primary=("schedule/platform",), backup=("theo@acme.example",))
DEV_ALL_WEEK = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//acme//rota//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
DTSTART:20261116T080000Z
DTEND:20261130T080000Z
SUMMARY:On call: dev@acme.example
END:VEVENT
END:VCALENDAR
"""
FOR_EVER = DEV_ALL_WEEK.replace("SUMMARY", "RRULE:FREQ=SECONDLY\nSUMMARY")


class Calendar:
    """Somebody else's server, as well or ill as the test wants it."""

    def __init__(self) -> None:
        self.says: Any = DEV_ALL_WEEK
        self.status = 200
        self.location = ""
        self.url = ""

    async def answer(self, _request: web.Request) -> web.Response:
        headers = {"Location": self.location} if self.location else {}
        return web.Response(text=self.says, status=self.status, headers=headers)


@pytest.fixture
async def calendar() -> AsyncIterator[Calendar]:
    calendar = Calendar()
    app = web.Application()
    app.router.add_get("/rota.ics", calendar.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    calendar.url = f"http://{host}:{port}/rota.ics"
    yield calendar
    await runner.cleanup()


@pytest.fixture
async def story(tmp_path: Path, calendar: Calendar) -> AsyncIterator[Story]:
    rota = Schedule(label="Platform rota", timezone="Europe/Oslo", feed=Feed(url=calendar.url))
    async with telling(tmp_path, policy=on_rota(rota, SLOT)) as told:
        await refresh(told)
        yield told


async def refresh(story: Story) -> None:
    assert story.world.bot is not None
    await story.world.bot._engine._read_feeds()
    await story.settles()


async def on_call(story: Story) -> list[str]:
    in_force = await story.reads(policies.active, ACME)
    directory = await story.reads(people.directory, ACME, story.now)
    return [person.name for person in holders(in_force, directory, Role("l2"))]


async def state(story: Story) -> oncall.FeedState:
    (feed,) = await story.reads(oncall.feeds, ACME)
    assert isinstance(feed, oncall.FeedState)
    return feed


async def test_whoever_the_calendar_names_is_on_call(story: Story) -> None:
    assert await on_call(story) == ["dev"]
    assert (await state(story)).fetched_at == story.now


async def test_a_calendar_that_is_down_keeps_its_last_good_content_and_is_told_once_after_two_hours(
    story: Story, calendar: Calendar
) -> None:
    calendar.status = 503
    for _ in range(8):
        await story.minutes_pass(15)
        await refresh(story)
        assert await on_call(story) == ["dev"]
    assert not await story.audit("oncall.feed_failed")

    for _ in range(3):
        await story.minutes_pass(15)
        await refresh(story)
    [event] = await story.audit("oncall.feed_failed")
    assert (event.rule, event.data["why"]) == ("oncall.feeds", "It answered with HTTP 503.")
    [told] = [text for text in story.ivan.inbox if "calendar of Platform rota" in text]
    assert "Its last good content goes on counting" in told

    calendar.status = 200
    await refresh(story)
    assert ((await state(story)).problem, (await state(story)).failing_since) == ("", None)
    assert sum("is read again" in text for text in story.ivan.inbox) == 1
    assert len(await story.audit("oncall.feed_restored")) == 1
    calendar.status = 500
    for _ in range(10):
        await story.minutes_pass(15)
        await refresh(story)
    assert len(await story.audit("oncall.feed_failed")) == 2, "another outage"


@pytest.mark.parametrize("content", ["<html>Sign in</html>", FOR_EVER, "BEGIN:VCALENDAR\nEND:VEVENT", ""])
async def test_what_is_no_calendar_or_recurs_for_ever_is_a_problem_and_not_a_crash(
    story: Story, calendar: Calendar, content: str
) -> None:
    calendar.says = content
    await refresh(story)
    assert await on_call(story) == ["dev"]
    assert (await state(story)).problem
    assert (await state(story)).content == DEV_ALL_WEEK


async def test_the_last_good_content_is_read_anew_as_time_moves_on(story: Story, calendar: Calendar) -> None:
    yearly = DEV_ALL_WEEK.replace("SUMMARY", "RRULE:FREQ=WEEKLY;INTERVAL=2\nSUMMARY")
    calendar.says = yearly
    await refresh(story)
    calendar.status = 503
    for _ in range(9):
        await story.world.time_passes(timedelta(days=10))
        await refresh(story)
    assert await on_call(story) == ["dev"], "ninety days later"


async def test_a_schedule_that_has_no_feed_any_more_is_forgotten(story: Story) -> None:
    await story.asks(policy.activate, on_rota(slot=SLOT), by="test")
    await refresh(story)
    assert await story.reads(oncall.feeds, ACME) == ()
    assert await on_call(story) == ["caro"]


async def test_only_https_is_fetched_except_on_this_machine(calendar: Calendar) -> None:
    for url in ("http://rota.acme.example/x.ics", "file:///etc/passwd", "ftp://127.0.0.1/x", "rota.ics"):
        with pytest.raises(Unreadable, match="https"):
            await fetch(url)
    assert await fetch(calendar.url) == DEV_ALL_WEEK


@pytest.mark.parametrize(
    "inside",
    ["https://127.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/x", "https://localhost/x"],
)
async def test_nobody_outside_points_us_at_what_is_inside(calendar: Calendar, inside: str) -> None:
    calendar.status, calendar.location = 302, inside
    with pytest.raises(Unreadable, match="private"):
        await fetch(calendar.url)


async def test_a_name_that_stands_for_a_private_address_is_not_followed(monkeypatch: Any) -> None:
    async def resolve(*_args: Any) -> list[dict[str, str]]:
        return [{"host": "10.0.0.7"}]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", resolve)
    with pytest.raises(Unreadable, match="private"):
        await feeds.PublicOnly().resolve("rota.example")


async def test_a_calendar_that_is_too_large_or_redirects_for_ever_is_refused(calendar: Calendar) -> None:
    calendar.says = "x" * (feeds.LARGEST + 1)
    with pytest.raises(Unreadable, match="larger than 2 MB"):
        await fetch(calendar.url)
    calendar.status, calendar.location = 302, calendar.url
    with pytest.raises(Unreadable, match="https"):
        await fetch(calendar.url)


async def test_a_server_that_is_not_there_is_a_sentence(calendar: Calendar) -> None:
    with pytest.raises(Unreadable, match="could not be fetched"):
        await fetch("http://127.0.0.1:9/rota.ics")


async def test_a_calendar_that_breaks_its_reader_is_a_problem_and_stops_no_other(
    story: Story, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise AssertionError("nobody thought of this")

    calendar.says = DEV_ALL_WEEK.replace("UID:1", "UID:2")
    monkeypatch.setattr("bot.domain.oncall.read", breaks)
    await refresh(story)
    assert (await state(story)).problem == "It could not be worked out (AssertionError)."
    assert await on_call(story) == ["dev"]


async def test_a_calendar_of_a_pack_that_comes_into_force_counts_within_moments(
    tmp_path: Path, calendar: Calendar
) -> None:
    rota = Schedule(label="Platform rota", timezone="Europe/Oslo", feed=Feed(url=calendar.url))
    async with telling(tmp_path, policy=on_rota(slot=SLOT)) as story:
        assert story.world.bot is not None
        await story.asks(policy.activate, on_rota(rota, SLOT), by="test")
        assert await on_call(story) == []
        await story.world.bot._engine._newcomers()
        assert await on_call(story) == ["dev"]
