from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain import moments, readiness
from bot.domain.incident import Role
from bot.domain.moments import Moment
from bot.domain.oncall import Duty, Shift
from bot.domain.policy import Feed, Hours, Layer, Policy, Schedule, Slot
from bot.domain.readiness import Finding, Record
from bot.domain.roles import Directory
from tests.domain.small_pack import FRIDAY_NINE, directory, policy, user

NIGHT = datetime(2026, 11, 21, 3, tzinfo=UTC)
CHANNELS = frozenset({"esc-incidents", "esc-catchall", "customer-updates", "executive-briefs"})
FINE = Record(channels=CHANNELS, since=FRIDAY_NINE)


def pack(**changes: Any) -> Policy:
    return policy().model_copy(update={"owner": Role("incident_manager"), **changes})


def held(role: str, *, primary: tuple[str, ...] = (), backup: tuple[str, ...] = ()) -> Policy:
    roster = {**policy().roster, Role(role): Slot(primary=primary, backup=backup)}
    return pack(roster=roster)


def found(
    policy: Policy, people: Directory | None = None, record: Record = FINE, now: datetime = FRIDAY_NINE
) -> tuple[Finding, ...]:
    people = people or directory()
    return readiness.findings(policy, people, moments.of_interest(policy, now), record, now)


def said(findings: tuple[Finding, ...], rule: str) -> list[str]:
    return [finding.says for finding in findings if finding.rule == rule]


def test_where_everybody_is_there_a_page_arrives() -> None:
    assert found(pack()) == ()


def test_nobody_at_all_is_urgent_and_names_each_moment() -> None:
    findings = found(held("l2", primary=("gone@acme.example",)))
    assert [(one.urgent, one.says) for one in findings if one.rule == "nobody"] == [
        (True, "Nobody would be asked as l2: now, tonight and the next holiday.")
    ]
    assert findings[0].urgent, "what is urgent comes first"


def test_a_rotation_that_sleeps_at_night_is_found_in_the_daytime() -> None:
    layer = Layer(
        members=("caro@acme.example",),
        starts=date(2026, 1, 1),
        handoff=time(9),
        every="daily",
        hours=(Hours(weekdays=("mon", "tue", "wed", "thu", "fri"), since=time(8), until=time(20)),),
    )
    schedules = {"days": Schedule(label="platform by day", timezone="UTC", layers=(layer,))}
    asleep = held("l2", primary=("schedule/days",)).model_copy(update={"schedules": schedules})
    assert said(found(asleep), "nobody") == ["Nobody would be asked as l2: tonight."]


def test_a_fallback_stands_in_and_that_is_said() -> None:
    slot = Slot(fallback=("eli@acme.example",))
    findings = found(pack(roster={**policy().roster, Role("l2"): slot}))
    assert not any(one.urgent for one in findings)
    assert said(findings, "no_primary") == ["l2 has no primary: now, tonight and the next holiday."]


def test_unmapped_and_deactivated_people_are_named() -> None:
    people = directory(dev={"is_active": False})
    people = replace(people, references={**people.references, "@nobody": ()})
    findings = found(
        held("l2", primary=("caro@acme.example", "@nobody", "x@acme.example"), backup=("dev@acme.example",)),
        people,
    )
    assert said(findings, "unmapped") == [
        "@nobody stands for nobody in Slack.",
        "x@acme.example has not been looked up in Slack yet.",
    ]
    assert said(findings, "deactivated") == [
        "dev@acme.example cannot be asked: deactivated, a guest, or an app."
    ]
    assert said(findings, "no_backup") == ["l2 has no backup: now, tonight and the next holiday."]


def test_one_person_on_both_rungs_is_no_ladder() -> None:
    findings = found(held("l2", primary=("caro@acme.example",), backup=("caro@acme.example",)))
    assert said(findings, "same_person") == [
        "caro is both primary and backup of l2: now, tonight and the next holiday."
    ]


@pytest.mark.parametrize(("asked", "answered", "named"), [(3, 0, True), (2, 0, False), (9, 1, False)])
def test_whoever_never_answers_is_named_after_three_times(asked: int, answered: int, named: bool) -> None:
    findings = found(pack(), record=replace(FINE, asked={user("caro"): (asked, answered)}))
    assert bool(said(findings, "never_answers")) is named


def test_a_channel_without_the_bot_is_found_and_the_catch_all_is_urgent() -> None:
    findings = found(pack(), record=replace(FINE, channels=CHANNELS - {"esc-catchall", "executive-briefs"}))
    assert [(one.urgent, one.says.split(",")[0]) for one in findings if one.rule == "channel"] == [
        (True, "The bot is not in #esc-catchall"),
        (False, "The bot is not in #executive-briefs"),
    ]


def test_a_quorum_that_cannot_be_met_is_found() -> None:
    level = next(level for level in pack().severities if level.name == "SEV1")
    row = pack().severities[level]
    two = ((Role("legal_liaison"),), (Role("legal_liaison"),), (Role("legal_liaison"),))
    row = row.model_copy(update={"approvals": row.approvals.model_copy(update={"close": two})})
    findings = found(pack(severities={**pack().severities, level: row}))
    assert said(findings, "quorum")[0].startswith("Too few people can agree to close at SEV1")


def test_drills_that_were_not_held_are_asked_for() -> None:
    record = replace(FINE, since=FRIDAY_NINE - timedelta(days=91))
    assert said(found(pack(), record=record), "drill") == [
        "There has never been a drill here; the policy asks for one every 90 days."
    ]
    assert not said(
        found(pack(), record=replace(record, last_drill=FRIDAY_NINE - timedelta(days=5))), "drill"
    )


def test_a_feed_that_has_ended_is_found() -> None:
    feed = Schedule(
        label="the night watch", timezone="UTC", feed=Feed(url="https://calendar.acme.example/night.ics")
    )
    watched = pack(schedules={"night": feed})
    assert said(found(watched), "feed") == ["The calendar feed of the night watch names nobody at all."]
    shift = Shift(members=("caro@acme.example",), since=FRIDAY_NINE, until=FRIDAY_NINE + timedelta(days=7))
    people = replace(directory(), duty=Duty(feeds={"night": (shift,)}))
    assert not said(found(watched, people), "feed")
    assert said(found(watched, people, now=FRIDAY_NINE + timedelta(days=8)), "feed")


def test_an_overdue_review_is_part_of_it() -> None:
    overdue = pack(review_by=date(2026, 11, 1))
    assert said(found(overdue), "review") == ["The policy was to be reviewed by 2026-11-01."]


def test_the_moments_are_now_tonight_the_next_holiday_and_the_next_clock_change() -> None:
    hours = policy().support_hours.model_copy(update={"timezone": "Europe/Oslo"})
    asked = moments.of_interest(pack(support_hours=hours), FRIDAY_NINE)
    assert asked == (
        Moment(name="now", at=FRIDAY_NINE),
        Moment(name="tonight", at=datetime(2026, 11, 21, 2, tzinfo=UTC)),
        Moment(name="the next holiday", at=datetime(2026, 11, 26, 11, tzinfo=UTC)),
        Moment(name="the next clock change", at=datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("America/New_York", datetime(2027, 3, 14, 7, tzinfo=UTC)),
        ("Australia/Sydney", datetime(2027, 4, 3, 16, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, tzinfo=UTC)),
        ("Asia/Kolkata", None),
    ],
)
def test_clocks_change_where_the_people_are(zone: str, changes: datetime | None) -> None:
    hours = policy().support_hours.model_copy(update={"timezone": zone})
    asked = {moment.name: moment.at for moment in moments.of_interest(pack(support_hours=hours), FRIDAY_NINE)}
    expected = None if changes is None else changes + timedelta(minutes=30)
    assert asked.get("the next clock change") == expected
