"""Rotations and holiday calendars that cannot be, and what is remarked on."""

from datetime import date
from pathlib import Path

import pytest

from bot.packs import check
from tests.packs.conftest import Edit, Misfit

TODAY = date(2026, 11, 20)
LAYER = """      - members: [suzy@acme.example, sid@acme.example]
        starts: 2026-11-02
        every: weekly
        weekday: mon
        handoff: "09:00"
"""


def remarks(pack: Path, today: date | None = TODAY) -> list[str]:
    """What is said about the rotations of a pack that can be used."""
    checked = check(pack, today)
    assert checked.policy is not None, checked.problems
    return [str(p) for p in checked.problems if p.file == "schedules.yaml" or p.rule == "gap"]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("schedules.yaml", "[suzy@acme.example, sid@acme.example]", "[]",
         "schedules.yaml:10:9: schedules.support.layers.0.members: found nobody; expected at least one member, such as "),
        ("schedules.yaml", "[suzy@acme.example, sid@acme.example]", "[suzy]",
         "schedules.support.layers.0.members.0: found 'suzy'; expected an e-mail address, a Slack user id"),
        ("schedules.yaml", "timezone: UTC", "timezone: Europe/Olso",
         "schedules.yaml:8:5: schedules.support.timezone: found 'Europe/Olso'; expected a time zone such as Europe/Berlin "
         "(did you mean 'Europe/Oslo'?)"),
        ("schedules.yaml", "        weekday: mon\n", "",
         "schedules.support.layers.0: found weekly turns without weekday; expected such as weekday: mon"),
        ("schedules.yaml", "every: weekly", "every: daily",
         "schedules.support.layers.0.weekday: found weekday for daily turns; expected it to be left out"),
        ("schedules.yaml", "every: weekly", "every: custom",
         "schedules.support.layers.0: found custom turns without days; expected such as days: 3"),
        ("schedules.yaml", "every: weekly", "every: weekly\n        days: 3",
         "schedules.support.layers.0.days: found days for weekly turns; expected weekday instead"),
        ("schedules.yaml", 'handoff: "09:00"', 'handoff: "09:00+02:00"',
         "schedules.support.layers.0.handoff: found a time with an offset, 09:00:00+02:00"),
        ("schedules.yaml", 'handoff: "09:00"', 'handoff: "09:00"\n        hours: [{weekdays: [sat], since: "09:00", '
         'until: "09:00"}]',
         "layers.0.hours.0.until: found the time it begins at, \"09:00\"; expected another time"),
        ("schedules.yaml", 'handoff: "09:00"', 'handoff: "09:00"\n        hours: [{weekdays: [], since: "09:00", until: "10:00"}]',
         "layers.0.hours.0.weekdays: found no day; expected at least one of mon to sun"),
        ("schedules.yaml", LAYER, "      []\n",
         "schedules.yaml:6:3: schedules.support: found neither layers nor a feed; expected one of them"),
        ("schedules.yaml", "    timezone: UTC\n", "    timezone: UTC\n    feed: {url: webcal://acme.example/x.ics}\n",
         "schedules.support.feed.url: found 'webcal://acme.example/x.ics'; expected an address that begins with https://"),
        ("roster.yaml", "[schedule/support]", "[schedule/suport]",
         "roster.support.primary.0: found the schedule 'suport'; expected one of support, support_backup (did you mean "),
        ("policy.yaml", "timezone: UTC", "timezone: Europe/Berlim",
         "support_hours.timezone: found 'Europe/Berlim'; expected a time zone such as Europe/Berlin (did you mean "),
        ("policy.yaml", "  # calendars:", "  calendars: {us: {country: us}}\n  #",
         "support_hours.calendars.us.country: found 'us'; expected the two letters of a country, such as DE or US (did you mean "),
        ("policy.yaml", "  # calendars:", "  calendars: {no: {country: Norwey}}\n  #", "(did you mean 'NO' (Norway)?)"),
        ("policy.yaml", "  # calendars:", "  calendars: {uk: {country: GB, subdivision: Scotlnd}}\n  #",
         "support_hours.calendars.uk.subdivision: found 'Scotlnd'; expected one of ENG, NIR, SCT, WLS, England"),
        ("policy.yaml", "  # calendars:", "  calendars: {va: {country: VA, subdivision: X}}\n  #",
         "found 'X'; expected nothing: this country has no parts here"),
        ("policy.yaml", "  # calendars:", "  calendars: {de: {country: DE, add: [2026-12-24], remove: [2026-12-24]}}\n  #",
         "calendars.de.remove.0: found 2026-12-24, which is added too; expected it in one of them"),
    ],
)  # fmt: skip
def test_a_rotation_or_a_calendar_that_cannot_be_is_named_with_its_place(
    misfit: Misfit, file: str, old: str, new: str, expected: str
) -> None:
    misfit(file, old, new, expected)


def test_the_default_pack_has_nothing_to_remark_on_in_its_schedules(pack: Path) -> None:
    assert remarks(pack) == []


def test_a_schedule_that_nobody_uses_is_remarked_on(pack: Path, edit: Edit) -> None:
    edit("roster.yaml", "[schedule/support_backup]", "[sid@acme.example]")

    [remark] = remarks(pack)

    assert remark.startswith(
        "schedules.yaml:15:3: schedules.support_backup: found a schedule that nobody uses; expected it in"
    )


def test_a_layer_that_later_ones_hide_is_remarked_on(pack: Path, edit: Edit) -> None:
    edit("schedules.yaml", LAYER, LAYER + LAYER.replace("2026-11-02", "2026-10-05"))

    [remark] = remarks(pack)

    assert "schedules.support.layers.0: found a layer that later ones cover wholly; expected hours" in remark


def test_a_feed_that_anybody_on_the_way_can_change_is_remarked_on(pack: Path, edit: Edit) -> None:
    edit(
        "schedules.yaml",
        "    timezone: UTC\n",
        "    timezone: UTC\n    feed: {url: http://acme.example/x.ics}\n",
    )

    [remark] = remarks(pack)

    assert (
        "schedules.support.feed.url: found an address without encryption; expected an address that begins"
        in remark
    )


def test_the_first_hour_in_which_nobody_is_on_duty_is_remarked_on_unless_somebody_stands_in(
    pack: Path, edit: Edit
) -> None:
    days = ', hours: [{weekdays: [mon, tue, wed, thu, fri], since: "08:00", until: "20:00"}]'
    edit("schedules.yaml", LAYER, LAYER + "        " + days[2:] + "\n")
    assert remarks(pack) == [], "the fallback of support covers it"

    edit("roster.yaml", ", fallback: [omar@acme.example]", "")
    [remark] = remarks(pack)
    assert (
        "roster.support.primary: found nobody on duty from Fri 2026-11-20 00:00 to Fri 2026-11-20 08:00 (UTC)"
        in remark
    )
    assert (
        "expected a layer that covers it, or a fallback for the role (fallback: [ana@acme.example])" in remark
    )
    assert remarks(pack, None) == [], "without a day nothing is said about days to come"
