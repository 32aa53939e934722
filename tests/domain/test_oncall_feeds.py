"""Calendars from outside: what they say, and what is refused before it costs anything."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.oncall import Shift, read
from tests.domain.rotations import moment

SINCE, UNTIL = moment("2026-11-01T00:00"), moment("2027-05-01T00:00")
ANA = "ATTENDEE;CN=Ana:mailto:Ana@acme.example"


def calendar(*events: str, zone: str = "") -> str:
    bodies = (
        f"BEGIN:VEVENT\n{'' if 'UID:' in event else f'UID:e{number}'}\nDTSTAMP:20261101T000000Z\n{event}\nEND:VEVENT"
        for number, event in enumerate(events)
    )
    lines = "\n".join(
        ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//acme//on call//EN", zone, *bodies, "END:VCALENDAR")
    )
    return "\r\n".join(line for line in lines.split("\n") if line) + "\r\n"


def seen(*events: str, since: datetime = SINCE, until: datetime = UNTIL) -> tuple[Shift, ...]:
    return read(calendar(*events), "Europe/Oslo", since, until)


def refused(text: str) -> str:
    began = process_time()
    with pytest.raises(InvalidInput) as refusal:
        read(text, "Europe/Oslo", SINCE, UNTIL)
    assert process_time() - began < 2, "it is refused before the work begins"
    [(field, sentence)] = refusal.value.problems.items()
    assert field == "feed"
    assert "What works: an iCalendar file of shifts with attendees." in sentence
    return sentence


def test_an_event_is_a_shift_of_its_attendees() -> None:
    [shift] = seen(
        f"DTSTART:20261120T080000Z\nDTEND:20261120T200000Z\n{ANA}\nATTENDEE:mailto:ben@acme.example"
    )
    assert shift == Shift(
        members=("ana@acme.example", "ben@acme.example"),
        since=datetime(2026, 11, 20, 8, tzinfo=UTC),
        until=datetime(2026, 11, 20, 20, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        ("SUMMARY:On call: Ben <ben@acme.example>", "ben@acme.example"),
        ("SUMMARY:On call\nDESCRIPTION:caro@acme.example\\, call her", "caro@acme.example"),
        ("SUMMARY:On call\nORGANIZER:mailto:dev@acme.example", "dev@acme.example"),
        ("SUMMARY:ben@acme.example\nORGANIZER:mailto:dev@acme.example", "ben@acme.example"),
        (f"SUMMARY:ben@acme.example\n{ANA}", "ana@acme.example"),
        (f"{ANA}\nATTENDEE;PARTSTAT=DECLINED:mailto:ben@acme.example", "ana@acme.example"),
        (f"{ANA}\nATTENDEE;CUTYPE=ROOM:mailto:room@acme.example", "ana@acme.example"),
    ],
)
def test_who_is_meant_is_found_where_calendars_write_it(lines: str, who: str) -> None:
    [shift] = seen(f"DTSTART:20261120T080000Z\nDTEND:20261120T200000Z\n{lines}")
    assert shift.members == (who,)


@pytest.mark.parametrize("lines", ["SUMMARY:Team lunch", f"STATUS:CANCELLED\n{ANA}"])
def test_an_event_without_anybody_or_called_off_is_no_shift(lines: str) -> None:
    assert seen(f"DTSTART:20261120T080000Z\nDTEND:20261120T200000Z\n{lines}") == ()


def test_whole_days_and_times_without_a_zone_are_those_of_the_schedule() -> None:
    days, times = seen(
        f"DTSTART;VALUE=DATE:20261120\nDTEND;VALUE=DATE:20261122\n{ANA}",
        f"DTSTART:20261123T090000\nDTEND:20261123T170000\n{ANA}",
    )
    assert (days.since, days.until) == (moment("2026-11-20T00:00"), moment("2026-11-22T00:00"))
    assert (times.since, times.until) == (moment("2026-11-23T09:00"), moment("2026-11-23T17:00"))


def test_a_weekly_shift_without_an_end_is_worked_out_within_the_stretch_and_follows_the_wall_clock() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Oslo:20200106T090000\nDTEND;TZID=Europe/Oslo:20200113T090000\n"
        f"RRULE:FREQ=WEEKLY;INTERVAL=2\n{ANA}"
    )
    found = seen(weekly)
    assert len(found) == 13
    oslo = ZoneInfo("Europe/Oslo")
    assert {f"{shift.since.astimezone(oslo):%a %H:%M}" for shift in found} == {"Mon 09:00"}
    [short] = [shift for shift in found if shift.until - shift.since != timedelta(days=7)]
    assert short.until == moment("2027-03-29T09:00"), "the week in which the clocks are put forward"


def test_one_occurrence_is_left_out_and_another_moved() -> None:
    days = f"UID:week\nDTEND:20261102T200000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20261103T080000Z\n{ANA}"
    found = seen(
        f"DTSTART:20261102T080000Z\n{days}",
        "UID:week\nRECURRENCE-ID:20261104T080000Z\nDTSTART:20261104T120000Z\nDTEND:20261104T130000Z\n"
        "SUMMARY:ben@acme.example",
    )
    assert [(shift.since.day, shift.since.hour, shift.members[0]) for shift in found] == [
        (2, 8, "ana@acme.example"),
        (4, 12, "ben@acme.example"),
        (5, 8, "ana@acme.example"),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSECOND=1,2,3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=20",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=SA",
        "FREQ=MONTHLY;BYDAY=6FR",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=50",
        "FREQ=YEARLY;BYYEARDAY=400",
        "FREQ=sometimes",
        "INTERVAL=2",
        "nonsense",
    ],
)
def test_a_recurrence_that_has_no_end_or_never_comes_true_is_refused_at_once(rule: str) -> None:
    refused(calendar(f"DTSTART:20261120T080000Z\nDTEND:20261120T090000Z\nRRULE:{rule}\n{ANA}"))


def test_a_recurrence_hidden_in_a_folded_line_is_found() -> None:
    hidden = f"DTSTART:20261120T080000Z\nDTEND:20261120T090000Z\nRRULE:FREQ=SECO\n NDLY\n{ANA}"
    assert "recurs too often" in refused(calendar(hidden))


@pytest.mark.parametrize("name", ["VTIMEZONE", "VTIME\n ZONE", "vt\u0131mezone"])
@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=YEARLY;UNTIL=99990101T000000Z"])
def test_a_time_zone_of_its_own_is_not_worked_out_however_it_is_written(rule: str, name: str) -> None:
    bomb = (
        f"BEGIN:{name}\nTZID:Nowhere\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0000\n"
        f"TZOFFSETTO:+0100\nRRULE:{rule}\nEND:STANDARD\nEND:{name}"
    )
    began = process_time()
    day = f"DTSTART;TZID=Europe/Oslo:20261120T090000\nDTEND;TZID=Europe/Oslo:20261120T170000\n{ANA}"
    if name.isascii():
        [shift] = read(calendar(day, zone=bomb), "UTC", SINCE, UNTIL)
        assert shift.since == moment("2026-11-20T09:00")
    else:
        assert "has no name" in refused(calendar(day, zone=bomb))
    assert process_time() - began < 1
    lost = refused(calendar(day.replace("Europe/Oslo", "Nowhere"), zone=bomb if name == "VTIMEZONE" else ""))
    assert "the time zone 'Nowhere' is not known; name one such as Europe/Oslo" in lost


def test_the_names_of_zones_that_windows_uses_are_known() -> None:
    [shift] = seen(
        "DTSTART;TZID=W. Europe Standard Time:20261120T090000\n"
        f"DTEND;TZID=W. Europe Standard Time:20261120T170000\n{ANA}"
    )
    assert shift.since == moment("2026-11-20T09:00")


def test_a_day_without_an_end_lasts_a_day() -> None:
    [shift] = seen(f"DTSTART;VALUE=DATE:20261120\n{ANA}")
    assert shift.until - shift.since == timedelta(days=1)


def test_a_calendar_of_more_people_than_a_rotation_has_is_refused() -> None:
    crowd = [
        f"DTSTART:20261120T080000Z\nDTEND:20261120T090000Z\nATTENDEE:mailto:a{number}@acme.example"
        for number in range(301)
    ]
    assert "it names more than 300 people" in refused(calendar(*crowd))
    every = "\n".join(f"ATTENDEE:mailto:a{number}@acme.example" for number in range(51))
    assert "more than 50 attendees" in refused(calendar(f"DTSTART:20261120T080000Z\n{every}"))


def test_recurrences_that_together_take_too_long_are_refused() -> None:
    daily = f"DTSTART:19700101T080000Z\nDTEND:19700101T090000Z\nRRULE:FREQ=DAILY\n{ANA}"
    assert "working them out has no end" in refused(calendar(*[daily] * 1500))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Please log in</html>",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\n\x00\x01\x02\r\nEND:VCALENDAR\r\n",
        calendar("DTSTART:yesterday\nDTEND:tomorrow\n" + ANA),
        calendar("SUMMARY:no start at all\nRRULE:FREQ=DAILY"),
        calendar(*["DTSTART:20261120T080000Z"] * 2001),
        "BEGIN:VCALENDAR\r\n" + "X" * 10_000_000,
        "BEGIN:VCALENDAR" + "\r\n" * 490_000 + "x",
    ],
    ids=[
        "empty",
        "a login page",
        "cut off",
        "not closed",
        "bytes",
        "no dates",
        "no start",
        "events",
        "10 MB",
        "empty lines",
    ],
)
def test_what_is_no_calendar_is_refused_with_one_sentence(text: str) -> None:
    refused(text)


def test_the_name_of_a_file_is_no_calendar(tmp_path: Path) -> None:
    secret = tmp_path / "BEGIN:VCALENDAR"
    secret.write_text(calendar(f"DTSTART:20261120T080000Z\nDTEND:20261120T200000Z\n{ANA}"))
    refused(str(secret))


@given(
    st.text(max_size=300),
    st.sampled_from(["RRULE", "DTSTART", "DTEND", "ATTENDEE", "EXDATE", "RDATE", "DURATION"]),
)
def test_whatever_a_line_says_it_is_read_or_refused(value: str, name: str) -> None:
    try:
        seen(f"DTSTART:20261120T080000Z\n{name}:{value}\n{ANA}")
    except InvalidInput:
        return
