"""Lengths of time as people say them."""

from bot.domain.policy import Span


def said(span: Span | None) -> str:
    """Return "5 min", "4 h", "4 working hours", "1 business day"; a dash where there is none."""
    if span is None:
        return "–"
    if span.days is not None:
        return _counted(span.days, "business day" if span.working else "day")
    minutes = span.minutes or 0
    if span.working:
        hours, left = divmod(minutes, 60)
        return _counted(minutes, "working minute") if left else _counted(hours, "working hour")
    return f"{minutes // 60} h" if minutes % 60 == 0 and minutes >= 120 else f"{minutes} min"


def lasted(minutes: int) -> str:
    """Return how long something took: "45 minutes", "2 h 5 min", "3 d 4 h"."""
    if minutes < 60:
        return _counted(minutes, "minute")
    hours, left = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {left} min" if left else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
