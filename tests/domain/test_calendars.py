"""Holidays of a country, and what an organisation makes of them."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain import calendars, hours
from bot.domain.policy import Calendar, Span, SupportHours

DAY = Span(days=1, working=True)


def support(**named: Calendar) -> SupportHours:
    return SupportHours(
        timezone="UTC",
        weekdays=("mon", "tue", "wed", "thu", "fri"),
        opens=time(8),
        closes=time(20),
        calendars=named,
    )


def test_a_working_day_skips_the_holidays_of_a_country() -> None:
    wednesday = datetime(2026, 11, 25, 9, tzinfo=UTC)
    thanksgiving = support(us=Calendar(country="US"))
    assert hours.after(wednesday, DAY, thanksgiving) == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert hours.after(wednesday, DAY, support()) == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    epiphany = date(2027, 1, 6)
    assert calendars.is_holiday(epiphany, support(de=Calendar(country="DE", subdivision="BY")))
    assert not calendars.is_holiday(epiphany, support(de=Calendar(country="DE")))


def test_an_organisation_adds_days_and_takes_others_away() -> None:
    eve, boxing = date(2026, 12, 24), date(2026, 12, 26)
    ours = support(uk=Calendar(country="GB", subdivision="ENG", add=(eve,), remove=(boxing,)))
    assert calendars.is_holiday(eve, ours)
    assert calendars.is_holiday(date(2026, 12, 25), ours)
    assert not calendars.is_holiday(boxing, ours)


def test_a_day_is_free_when_any_calendar_says_so() -> None:
    both = support(de=Calendar(country="DE"), us=Calendar(country="US", remove=(date(2026, 10, 3),)))
    assert calendars.is_holiday(date(2026, 7, 3), both), "American independence, observed"
    assert calendars.is_holiday(date(2026, 10, 3), both), "taking it away in one calendar leaves the other"


def test_holidays_of_every_year_are_known_not_only_of_this_one() -> None:
    uk = support(uk=Calendar(country="GB", subdivision="ENG"))
    for year in range(2026, 2060):
        assert calendars.is_holiday(date(year, 12, 25), uk)


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("DE", "XY"), ("de", "")])
def test_a_country_that_is_not_known_has_no_holidays(country: str, part: str) -> None:
    assert calendars.public(country, part, 2026) == frozenset()


def test_countries_and_their_parts_are_known_by_code_and_by_name() -> None:
    assert calendars.countries()["DE"] == "Germany"
    assert {"SCT", "Scotland"} <= set(calendars.subdivisions("GB"))
