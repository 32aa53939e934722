from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import AdjustableClock, system_clock

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_the_system_clock_shows_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)


def test_a_standing_clock_moves_only_when_told() -> None:
    clock = AdjustableClock(NINE, running=False)

    assert clock() == clock() == NINE
    assert clock.skip(timedelta(minutes=5)) == NINE + timedelta(minutes=5)
    assert clock() == NINE + timedelta(minutes=5)


def test_a_running_clock_adds_what_was_skipped_to_real_time() -> None:
    clock = AdjustableClock(NINE)
    clock.skip(timedelta(hours=2))

    assert timedelta(hours=2) <= clock() - NINE < timedelta(hours=2, minutes=1)


def test_a_clock_can_be_set_to_any_moment() -> None:
    clock = AdjustableClock(NINE, running=False)
    clock.set(datetime(2026, 11, 20, 8, 0, tzinfo=timezone(timedelta(hours=1))))

    assert clock() == datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    assert clock().tzinfo is UTC


def test_a_clock_never_skips_back() -> None:
    with pytest.raises(ValueError, match="forward only"):
        AdjustableClock(NINE).skip(timedelta(seconds=-1))


def test_a_time_without_a_zone_is_refused() -> None:
    naive = NINE.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        AdjustableClock(naive)
    with pytest.raises(ValueError, match="zone"):
        AdjustableClock(NINE).set(naive)
