"""Moments, lengths of time and zones as people type them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.errors import InvalidInput

LONGEST = timedelta(days=400)
EARLIEST, LATEST = 2000, 2199
_LENGTH = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?(?:(\d{1,5})s)?")


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name; raises `InvalidInput` with the nearest known one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wanted = name.rpartition("/")[2].replace(" ", "_").lower()
        known = sorted(available_timezones())
        near = [one for one in known if one.lower().endswith(f"/{wanted}")] if wanted else []
        meant = f"Did you mean {near[0]}?" if near else "Write it like Europe/Oslo."
        raise InvalidInput({"zone": f"There is no time zone {name!r}. {meant}"}) from None


def moment(said: str, where: ZoneInfo) -> datetime:
    """Return a moment in UTC: ISO 8601, in the zone where it does not say its own offset.

    Raises `InvalidInput` for what is no time, and for a wall time that the change of the clocks leaves out.
    """
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        raise InvalidInput(
            {"at": f"{said!r} is no time. Write it like 2027-03-28T01:30+01:00 or 2027-03-28T01:30."}
        ) from None
    if not EARLIEST <= at.year <= LATEST:
        raise InvalidInput({"at": f"{said!r} is too far away. Write it like 2027-03-28T01:30+01:00."})
    if at.tzinfo is None:
        at = at.replace(tzinfo=where)
        back = at.astimezone(UTC).astimezone(where)
        if back.replace(tzinfo=None) != at.replace(tzinfo=None):
            raise InvalidInput(
                {
                    "at": f"At {said} the clocks of {where.key} jump ahead: there is no such time. Write {back:%Y-%m-%dT%H:%M%z}."
                }
            )
    return at.astimezone(UTC)


def length(option: str, said: str) -> timedelta:
    """Return a length of time such as ``7m``, ``90s``, ``2h30m`` or ``3d``; raises `InvalidInput`."""
    found = _LENGTH.fullmatch(said.strip().lower().replace(" ", ""))
    if found is None or not any(found.groups()):
        raise InvalidInput({option: f"{said!r} is no length of time. Write it like 7m, 2h30m or 3d."})
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if total > LONGEST:
        raise InvalidInput({option: f"{said!r} is too long. Write at most {LONGEST.days}d."})
    return total
