"""Slack's date tokens, written out as a person with a 24-hour clock sees them."""

import re
from datetime import datetime

_TOKEN = re.compile(r"\{(\w+)\}")
_AGES = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def spoken_date(form: str, when: datetime, *, now: datetime) -> str:
    """Return a ``<!date^...>`` format filled in; both times must be in the reader's time zone."""
    return _TOKEN.sub(lambda token: _say(token[1], when, now), form)


def _say(token: str, when: datetime, now: datetime) -> str:
    pretty = token.endswith("_pretty") and _near(when, now)
    match token.removesuffix("_pretty"):
        case _ if pretty:
            return pretty
        case "date_num":
            return f"{when:%Y-%m-%d}"
        case "date":
            return f"{when:%B} {_ordinal(when.day)}, {when.year}"
        case "date_short":
            return f"{when:%b} {when.day}, {when.year}"
        case "date_long":
            return f"{when:%A}, {when:%B} {_ordinal(when.day)}, {when.year}"
        case "time":
            return f"{when:%H:%M}"
        case "time_secs":
            return f"{when:%H:%M:%S}"
        case "ago":
            return _ago(when, now)
        case _:
            return f"{{{token}}}"


def _near(when: datetime, now: datetime) -> str:
    days = (when.date() - now.date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "")


def _ago(when: datetime, now: datetime) -> str:
    seconds = int((now - when).total_seconds())
    for size, name in _AGES:
        if abs(seconds) >= size:
            count = abs(seconds) // size
            words = f"{count} {name}{'s' if count > 1 else ''}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def _ordinal(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
