from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import covers, rota_watch, swaps
from bot.domain.oncall import feed_limits, walls
from bot.engine import feeds
from tests.docs import pages

PAGE = pages.page("on-call.md")
TEXT = " ".join(PAGE.split())


def test_hand_offs_on_days_of_clock_changes_are_at_the_moments_of_the_page() -> None:
    changes = pages.rows(pages.section(PAGE, "Clock changes"))
    assert len({zone for zone, *_ in changes}) == 3
    for zone, wall, _, moment in changes:
        written = datetime.fromisoformat(wall.strip("`"))
        at = walls.moment(written, ZoneInfo(zone.strip("`")))
        assert f"{at.astimezone(UTC):%Y-%m-%d %H:%MZ}" == moment.strip("`"), (zone, wall)


def test_the_numbers_of_the_page_are_those_of_the_rules() -> None:
    limits = dict(pages.rows(pages.section(PAGE, "Calendar feeds")))
    assert limits["It is fetched"] == f"every {feeds.EVERY // timedelta(minutes=1)} minutes"
    assert limits["Its size"] == f"at most {feed_limits.MOST_CHARACTERS:,} characters"
    assert limits["Events"] == f"at most {feed_limits.MOST_EVENTS:,}"
    assert limits["Attendees of an event"] == f"at most {feed_limits.MOST_PEOPLE}"
    assert f"After {rota_watch.FEED_PATIENCE // timedelta(hours=1)} hours the policy's owner is told" in TEXT
    assert f"looks {rota_watch.AHEAD.days} days ahead" in TEXT
    assert rota_watch.OFTEN == 6
    assert "Six or more gaps" in TEXT
    assert f"whole shifts of the next {swaps.AHEAD.days} days" in TEXT
    assert f"last at most {covers.LONGEST.days} days" in TEXT
