"""Moments as people write them: "15:30", "in 30m", "tomorrow 9:00"."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.errors import InvalidInput
from bot.listeners.deps import Deps
from bot.listeners.sender import Sender
from bot.usecases import people

EXAMPLES = "for example `15:30`, `in 30m` or `tomorrow 9:00`"

CLOCK = re.compile(r"(?:at |by )?([01]?\d|2[0-3])[:.]([0-5]\d)")
SPAN = re.compile(r"(?:in )?(?=\d)(?:(\d{1,3}) ?h(?:ours?|rs?)?)? ?(?:(\d{1,4}) ?m(?:in(?:ute)?s?)?)?")

# "00:10" written at 23:50 means the coming night; "09:00" written in the afternoon is more likely a slip.
SOON = timedelta(hours=12)
FURTHEST = timedelta(days=366)


def parse(text: str, *, field: str, zone: str, now: datetime) -> datetime:
    """Return the moment that was meant, in UTC, read in the person's own time zone.

    Raises `InvalidInput` for ``field`` when it cannot be read, has passed or is more than a year away.
    """
    written = " ".join(text.lower().split())
    if not written:
        raise InvalidInput({field: f"Please write a time, {EXAMPLES}."})
    here = place(zone)
    found = _clock(written, here, now) or _span(written, now) or _words(written, here, now)
    if found is None:
        raise InvalidInput({field: f"I cannot read that as a time. Please write one, {EXAMPLES}."})
    if found <= now:
        passed = f"{found.astimezone(here):%Y-%m-%d %H:%M}"
        raise InvalidInput({field: f"{passed} has passed. Please write a time to come, {EXAMPLES}."})
    if found - now > FURTHEST:
        raise InvalidInput({field: f"That is more than a year away. Please write a nearer time, {EXAMPLES}."})
    return found.astimezone(UTC)


async def zone_of(deps: Deps, sender: Sender) -> str:
    """Return a person's time zone; UTC for somebody we have not seen."""
    person = await deps.db.read(people.person, sender.user, workspace=sender.workspace)
    return person.tz if person is not None else "UTC"


def place(name: str) -> ZoneInfo:
    """Return a time zone by its name; UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _clock(written: str, here: ZoneInfo, now: datetime) -> datetime | None:
    found = CLOCK.fullmatch(written)
    if found is None:
        return None
    today = now.astimezone(here)
    at = today.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    tomorrow = at + timedelta(days=1)
    return tomorrow if at <= now and tomorrow - now < SOON else at


def _span(written: str, now: datetime) -> datetime | None:
    found = SPAN.fullmatch(written)
    if found is None or not (found[1] or found[2]):
        return None
    return now + timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def _words(written: str, here: ZoneInfo, now: datetime) -> datetime | None:
    import dateparser

    base = now.astimezone(here).replace(tzinfo=None)
    found = dateparser.parse(
        written,
        languages=["en"],
        settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "RETURN_AS_TIMEZONE_AWARE": False},
    )
    return found.replace(tzinfo=here) if found is not None and found.tzinfo is None else found
