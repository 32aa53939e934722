"""Time zones by name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def zone(found: Found, path: Trail, name: str) -> None:
    """Refuse a time zone that does not exist, with the nearest one that does."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, sorted(available_timezones()))
        found.refuse(path, repr(name), "a time zone such as Europe/Berlin", hint, rule="zone")
