from datetime import UTC, datetime, timedelta

from bot.web.flood import Flood

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_flood_of_refused_requests_is_counted_and_not_written_down_one_by_one() -> None:
    flood = Flood(most=3)
    first = [flood.passes(NINE + timedelta(seconds=n)) for n in range(10)]
    assert first == [(True, 0)] * 3 + [(False, 0)] * 7

    assert flood.passes(NINE + timedelta(minutes=1)) == (True, 7), (
        "the next minute says how many were only counted"
    )
    assert flood.passes(NINE + timedelta(minutes=1, seconds=1)) == (True, 0)


def test_a_clock_that_was_set_back_begins_a_new_minute() -> None:
    flood = Flood(most=1)
    assert flood.passes(NINE) == (True, 0)
    assert flood.passes(NINE - timedelta(minutes=5)) == (True, 0)
