"""Holidays: those of a country or a part of it, with the days that an organisation adds or takes away.

The library is loaded when a calendar is first asked: most packs list their holidays themselves.
"""

from datetime import date
from functools import lru_cache

from bot.domain.policy import Calendar, SupportHours


def is_holiday(day: date, hours: SupportHours) -> bool:
    """Tell whether support does not work on a day although its weekday says so."""
    return day in hours.holidays or any(in_calendar(day, calendar) for calendar in hours.calendars.values())


def in_calendar(day: date, calendar: Calendar) -> bool:
    """Tell whether a day is a holiday of a calendar; what is taken away is none, whatever the country says."""
    if day in calendar.remove:
        return False
    return day in calendar.add or day in public(calendar.country, calendar.subdivision, day.year)


@lru_cache(maxsize=256)
def public(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year; none for a country that is not known, which the lint refuses."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()


def countries() -> dict[str, str]:
    """Return the countries whose holidays are known: name by code (``DE``)."""
    from holidays.registry import COUNTRIES

    return {codes[1]: codes[0] for codes in COUNTRIES.values()}


def subdivisions(country: str) -> tuple[str, ...]:
    """Return the parts of a country that have holidays of their own, by code and by name."""
    from holidays import country_holidays

    found = country_holidays(country)
    return (*found.subdivisions, *found.subdivisions_aliases)
