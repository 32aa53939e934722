from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.listeners import times

# Friday 10:00 in Berlin.
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def _read(text: str, now: datetime = NOW, zone: str = "Europe/Berlin") -> str:
    found = times.parse(text, field="due", zone=zone, now=now)
    assert found.tzinfo is UTC
    return f"{found.astimezone(ZoneInfo(zone)):%a %H:%M}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15:30", "Fri 15:30"),
        ("at 15:30", "Fri 15:30"),
        ("15.30", "Fri 15:30"),
        ("in 30m", "Fri 10:30"),
        ("30m", "Fri 10:30"),
        ("30 minutes", "Fri 10:30"),
        ("in 2h", "Fri 12:00"),
        ("1h 30m", "Fri 11:30"),
        ("tomorrow 9:00", "Sat 09:00"),
        ("tomorrow at 9am", "Sat 09:00"),
        ("Monday 14:00", "Mon 14:00"),
    ],
)
def test_a_time_is_read_in_the_persons_own_zone(text: str, meant: str) -> None:
    assert _read(text) == meant


def test_just_after_midnight_means_the_coming_night() -> None:
    late = datetime(2026, 11, 20, 22, 50, tzinfo=UTC)
    assert _read("00:10", late) == "Sat 00:10"


@pytest.mark.parametrize("text", ["08:30", "yesterday 9:00", "0m", "2020-01-01 10:00"])
def test_a_time_that_has_passed_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _read(text)
    assert "has passed" in refused.value.problems["due"]
    assert "in 30m" in refused.value.problems["due"]


@pytest.mark.parametrize("text", ["soonish", "when it is done", "25:99", "", "   ", "💥"])
def test_what_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _read(text)
    assert "tomorrow 9:00" in refused.value.problems["due"]


def test_a_time_years_away_is_taken_for_a_slip() -> None:
    with pytest.raises(InvalidInput, match="more than a year"):
        _read("2031-01-01 10:00")


def test_an_unknown_zone_is_read_as_utc() -> None:
    assert _read("15:30", zone="UTC") == "Fri 15:30"
    assert times.parse("15:30", field="due", zone="Mars/Olympus", now=NOW).hour == 15


@given(text=st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_is_a_time_to_come_or_a_kind_refusal(text: str) -> None:
    refused = None
    try:
        found = times.parse(text, field="due", zone="America/New_York", now=NOW)
    except InvalidInput as refusal:
        refused = refusal
    if refused is None:
        assert found > NOW
    else:
        assert list(refused.problems) == ["due"]
