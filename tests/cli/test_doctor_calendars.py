from datetime import UTC, datetime
from pathlib import Path

from bot.cli import doctor
from bot.domain.incident import Workspace
from bot.domain.policy import Feed, Policy, Schedule
from bot.settings import Settings
from storage import oncall
from storage.database import Database
from storage.oncall import FeedState
from tests.stories.rota import on_rota

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://calendar.acme.example/on-call.ics"


def with_a_calendar() -> Policy:
    return on_rota(Schedule(label="Platform rota", timezone="Europe/Oslo", feed=Feed(url=URL)))


def a_database(home: Path, *feeds: FeedState) -> Settings:
    url = f"sqlite:///{home / 'tocsin.db'}"
    db = Database(url)
    db.migrate()
    for feed in feeds:
        db.transact(oncall.keep_feed, Workspace(team_id="T0ACME"), feed)
    db.close()
    return Settings(database_url=url)


def test_without_calendars_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert doctor._calendars(a_database(tmp_path), on_rota()) == []


def test_a_calendar_that_was_never_fetched_is_not_yet_a_problem(tmp_path: Path) -> None:
    [line] = doctor._calendars(a_database(tmp_path), with_a_calendar())
    assert str(line).startswith("ok ")
    assert "platform: not fetched yet" in line.says


def test_a_calendar_that_cannot_be_read_is_to_be_fixed(tmp_path: Path) -> None:
    down = FeedState(schedule="platform", url=URL, failing_since=NOON, problem="It answered with HTTP 503.")
    [line] = doctor._calendars(a_database(tmp_path, down), with_a_calendar())
    assert str(line).startswith("FIX ")
    assert line.says == "platform: It answered with HTTP 503."
