"""Lengths of time as people say them."""

from bot.domain.policy import Span


def said(span: Span | None) -> str:
    """Return "5 min", "4 h", "1 business day"; a dash where there is none."""
    if span is None:
        return "–"
    if span.days is not None:
        return _counted(span.days, "business day" if span.working else "day")
    minutes = span.minutes or 0
    text = f"{minutes // 60} h" if minutes % 60 == 0 and minutes >= 120 else f"{minutes} min"
    return f"{text} of support" if span.working else text


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
