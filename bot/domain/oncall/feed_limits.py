"""What a calendar may not contain: anything that would take for ever to read, or a rule that this bot does not read.

A calendar comes from outside, and a short one can ask for years of work. It is refused before that work begins.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.errors import InvalidInput

MOST_CHARACTERS = 1_000_000
MOST_EVENTS = 2_000
MOST_SHIFTS = 5_000
MOST_PEOPLE = 50
MOST_PEOPLE_IN_ALL = 300
# Steps that all recurrences together take, from where they begin; one that comes true seldom takes many.
MOST_STEPS = 200_000
_SELDOM = 2_000

# How many days a recurrence goes on in one step.
_STEP = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 10, "YEARLY": 20}
_LINES = re.compile(r"(?:\r?\n)+")
_FOLD = re.compile(r"\n[ \t]")
_BEGIN = re.compile(r"BEGIN:[A-Za-z0-9-]+[ \t\r]*", re.IGNORECASE | re.ASCII)
_ZONE = re.compile("VTIMEZONE", re.IGNORECASE)
_READ = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "WKST"}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def refusal(why: str) -> InvalidInput:
    """Return the refusal of a feed, in one sentence that ends with what works."""
    return InvalidInput(
        {
            "feed": f"This calendar cannot be read: {why}. What works: an iCalendar file of shifts with attendees."
        }
    )


def refuse_size(text: str) -> None:
    """Refuse what is no calendar or too long for one, before anything of it is looked at."""
    if len(text) > MOST_CHARACTERS:
        raise refusal(f"it has {len(text):,} characters, and {MOST_CHARACTERS:,} is the most")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise refusal("it does not begin with BEGIN:VCALENDAR")


def tame(text: str) -> str:
    """Return a calendar with its lines unfolded and without time zones of its own, whose rules could be worked out for ever.

    Zones are known by their names. Refuses too many events, and what begins something that it does not name plainly.
    """
    # Runs of empty lines first: to unfold around them would be tried from each of them to the end.
    whole = _FOLD.sub("", _LINES.sub("\n", text))
    events = whole.upper().count("BEGIN:VEVENT")
    if events > MOST_EVENTS:
        raise refusal(f"it has {events:,} events, and {MOST_EVENTS:,} is the most")
    for line in whole.splitlines():
        if line[:5].upper() == "BEGIN" and not _BEGIN.fullmatch(line):
            raise refusal(f"it begins something that has no name ({line[:40]})")
    return _ZONE.sub("X-ZONE", whole)


def steps(start: date, rule: object, until: datetime) -> int:
    """Return how many steps a recurrence takes up to a moment; refuses rules that this bot does not read.

    A rule whose first day does not fit it may never come true, and looking for the day when it does has no end.
    """
    if not isinstance(rule, Mapping):
        raise refusal("an event recurs in a way that is not read here")
    if unknown := sorted(set(rule) - _READ):
        raise refusal(f"an event recurs by {unknown[0]}, which is not read here")
    frequency = str(rule["FREQ"][0]).upper() if len(rule.get("FREQ", ())) == 1 else ""
    interval = int(rule.get("INTERVAL", [1])[0])
    if frequency not in _STEP:
        raise refusal("an event recurs too often")
    if interval < 1:
        raise refusal(f"an event recurs every {interval} times")
    if frequency in ("DAILY", "WEEKLY") and {"BYMONTH", "BYMONTHDAY"} & set(rule):
        raise refusal(f"an event recurs {frequency.lower()} in some months only, which is not read here")
    if start.year < 1970:
        raise refusal(f"an event recurs since {start.year}; shifts begin in 1970 or later")
    day = start.date() if isinstance(start, datetime) else start
    if not _fits(day, rule, interval):
        raise refusal(f"an event that begins on {day} recurs on other days only")
    seldom = _SELDOM if {"BYMONTH", "BYMONTHDAY"} & set(rule) else 1
    return seldom + max((until.date() - day).days, 0) // (_STEP[frequency] * interval)


def _fits(day: date, rule: Mapping[str, Any], interval: int) -> bool:
    """Tell whether a recurrence comes true on its first day, where that decides whether it ever does."""
    days = [_DAY.fullmatch(str(name).upper()) for name in rule.get("BYDAY", ())]
    narrow = (
        "BYMONTH" in rule
        or "BYMONTHDAY" in rule
        or any(found is None or found[1] for found in days)
        or (str(rule["FREQ"][0]).upper() == "DAILY" and interval > 1)
    )
    if not narrow:
        return True
    if any(found is None for found in days):
        return False
    month, last = day.month, _days_of_month(day)
    return (
        (not rule.get("BYMONTH") or month in map(int, rule["BYMONTH"]))
        and (
            not rule.get("BYMONTHDAY")
            or bool({day.day, day.day - last - 1} & set(map(int, rule["BYMONTHDAY"])))
        )
        and (not days or any(found is not None and _is(day, found, last, rule) for found in days))
    )


def _is(day: date, found: re.Match[str], last: int, rule: Mapping[str, Any]) -> bool:
    if _WEEKDAYS[day.weekday()] != found[2]:
        return False
    if not found[1]:
        return True
    if str(rule["FREQ"][0]).upper() == "YEARLY" and "BYMONTH" not in rule:
        return False
    return int(found[1]) in ((day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1))


def _days_of_month(day: date) -> int:
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (after - day.replace(day=1)).days
