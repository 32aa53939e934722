"""An iCalendar feed as shifts: each event is one, on duty are the people whom it names."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.oncall import feed_limits, walls
from bot.domain.oncall.duty import Shift
from bot.domain.oncall.feed_limits import refusal

if TYPE_CHECKING:
    from icalendar import Calendar, Event

# Bounded, and begun at the beginning of a word only: a text from outside may be made to be searched for ever.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SEARCHED = 2_000
_AWAY = {"DECLINED", "DELEGATED"}
_THINGS = {"ROOM", "RESOURCE"}


def read(text: str, timezone: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return the shifts of a calendar that overlap a stretch of time, in order, each as long as it is.

    On duty are the attendees of an event who have not declined; else the e-mail addresses in its summary, its
    description, or its organizer, whichever has one first. An event without anybody is no shift. Whole days and times
    without a zone are in ``timezone``. Recurrences are only worked out within the stretch. Raises `InvalidInput` (field
    ``feed``) with one sentence for what is no calendar, is too large, or would recur for ever.
    """
    feed_limits.refuse_size(text)
    zone = ZoneInfo(timezone)
    shifts: list[Shift] = []
    for event in _events(_calendar(text), since, until):
        people = _people(event)
        begin, end = _moment(event.start, zone), _moment(event.end, zone)
        if people and begin < end and begin < until and since < end:
            shifts.append(Shift(members=people, since=begin, until=end))
        if len(shifts) > feed_limits.MOST_SHIFTS:
            raise refusal(
                f"it has more than {feed_limits.MOST_SHIFTS:,} shifts in {(until - since).days} days"
            )
    if len({who for shift in shifts for who in shift.members}) > feed_limits.MOST_PEOPLE_IN_ALL:
        raise refusal(f"it names more than {feed_limits.MOST_PEOPLE_IN_ALL} people")
    return tuple(sorted(shifts, key=lambda shift: (shift.since, shift.until, shift.members)))


def _calendar(text: str) -> "Calendar":
    from icalendar import Calendar

    try:
        # Bytes, because a text of one line would be taken for the name of a file.
        parsed = Calendar.from_ical(feed_limits.tame(text).encode())
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise refusal(_said(error)) from None
    if not isinstance(parsed, Calendar):
        raise refusal("it does not begin with BEGIN:VCALENDAR")
    return parsed


def _events(calendar: "Calendar", since: datetime, until: datetime) -> Iterator["Event"]:
    from recurring_ical_events import of

    try:
        _refuse_endless(calendar, until)
        found = of(calendar).between(since, until)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise refusal(_said(error)) from None
    return (event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED")


def _refuse_endless(calendar: "Calendar", until: datetime) -> None:
    taken = 0
    for event in calendar.events:
        _refuse_unknown_zone(event)
        if len(_several(event.get("ATTENDEE"))) > feed_limits.MOST_PEOPLE:
            raise refusal(f"an event has more than {feed_limits.MOST_PEOPLE} attendees")
        for name in ("RRULE", "EXRULE"):
            for rule in _several(event.get(name)):
                taken += feed_limits.steps(event.start, rule, until)
        if taken > feed_limits.MOST_STEPS:
            raise refusal("its events recur so often, and for so long, that working them out has no end")


def _refuse_unknown_zone(event: "Event") -> None:
    """A time in a zone that nobody knows is read without a zone: on call at the wrong hour would be worse than a refusal."""
    for name in ("DTSTART", "DTEND"):
        value = event.get(name)
        zone = getattr(value, "params", {}).get("TZID")
        at = getattr(value, "dt", None)
        if zone is not None and isinstance(at, datetime) and at.tzinfo is None:
            raise refusal(f"the time zone {str(zone)[:40]!r} is not known; name one such as Europe/Oslo")


def _people(event: "Event") -> tuple[str, ...]:
    attendees = [
        str(who)
        for who in _several(event.get("ATTENDEE"))
        if str(who.params.get("PARTSTAT", "")).upper() not in _AWAY
        and str(who.params.get("CUTYPE", "")).upper() not in _THINGS
    ]
    for text in (
        " ".join(attendees),
        *(str(event.get(n, "")) for n in ("SUMMARY", "DESCRIPTION", "ORGANIZER")),
    ):
        found = text[:_SEARCHED].replace(":", " ")
        if mails := tuple(dict.fromkeys(mail.lower() for mail in _MAIL.findall(found))):
            return mails
    return ()


def _moment(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return walls.moment(datetime.combine(at, time()), zone)
    if at.tzinfo is None:
        return walls.moment(at, zone)
    if isinstance(at.tzinfo, ZoneInfo):
        return walls.moment(at.replace(tzinfo=None), at.tzinfo)
    return at.astimezone(UTC)


def _several(value: Any) -> Sequence[Any]:
    """A property that stands once comes alone, one that is repeated as a list."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _said(error: Exception) -> str:
    said = " ".join(str(error).split())
    return said[:120].rstrip(".") or type(error).__name__
