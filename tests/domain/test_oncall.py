"""Who is on call when: turns, hours, layers, overrides; and what is known beforehand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.incident import Role, UserId
from bot.domain.oncall import (
    NOBODY,
    Duty,
    Override,
    Shift,
    handovers,
    next_change,
    on_duty,
    shifts,
    slot_shifts,
    standing,
    walls,
)
from bot.domain.policy import Layer
from tests.domain.rotations import L2, hours, layer, mails, moment, pack, wall


def asked(*layers: Layer, at: datetime, zone: str = "Europe/Oslo") -> str:
    members = on_duty(pack(*layers, zone=zone), "platform", at, NOBODY)
    return " ".join(member.split("@")[0] for member in members)


def test_members_take_weekly_turns_that_change_at_the_hour_on_the_wall() -> None:
    weekly = layer("caro", "dev", "eli")
    assert asked(weekly, at=moment("2026-11-02T08:59")) == "", "it has not begun"
    assert asked(weekly, at=moment("2026-11-02T09:00")) == "caro"
    assert asked(weekly, at=moment("2026-11-09T08:59")) == "caro"
    assert asked(weekly, at=moment("2026-11-09T09:00")) == "dev"
    assert asked(weekly, at=moment("2026-11-16T09:00")) == "eli"
    assert asked(weekly, at=moment("2026-11-23T09:00")) == "caro"
    # The clocks were put forward in March: nine is another moment, but it is nine.
    assert asked(weekly, at=moment("2027-03-29T08:59")) == "eli"
    assert asked(weekly, at=moment("2027-03-29T09:00")) == "caro"


def test_a_weekly_turn_begins_on_its_weekday_on_or_after_the_start() -> None:
    from_thursday = layer("caro", "dev", starts=date(2026, 11, 5))
    assert asked(from_thursday, at=moment("2026-11-06T12:00")) == ""
    assert asked(from_thursday, at=moment("2026-11-09T09:00")) == "caro"


@pytest.mark.parametrize(
    ("every", "days", "turn"), [("daily", None, 1), ("custom", 3, 3), ("custom", 14, 14)]
)
def test_daily_and_custom_turns_have_their_length(every: str, days: int | None, turn: int) -> None:
    rotation = layer("caro", "dev", every=every, days=days)
    begin = datetime.combine(date(2026, 11, 2), time(9))
    for number in range(60):
        handoff = begin + timedelta(days=turn * number)
        at = walls.moment(handoff, ZoneInfo("Europe/Oslo"))
        assert asked(rotation, at=at) == ("caro", "dev")[number % 2]
        assert asked(rotation, at=at - timedelta(seconds=1)) == (
            ("dev", "caro")[number % 2] if number else ""
        )


def test_a_later_layer_wins_where_it_covers() -> None:
    always = layer("caro")
    nights = layer("dev", hours=(hours("mon", "tue", "wed", "thu", since="22:00", until="06:00"),))
    weekend = layer("eli", hours=(hours("sat", "sun", since="00:00", until="00:00"),))
    both = (always, nights, weekend)
    assert asked(*both, at=moment("2026-11-19T21:59")) == "caro"
    assert asked(*both, at=moment("2026-11-19T22:00")) == "dev", "Thursday night begins on Thursday"
    assert asked(*both, at=moment("2026-11-20T05:59")) == "dev", "and ends on Friday morning"
    assert asked(*both, at=moment("2026-11-20T06:00")) == "caro"
    assert asked(*both, at=moment("2026-11-20T23:00")) == "caro", "Friday night is not among the hours"
    assert asked(*both, at=moment("2026-11-21T00:00")) == "eli"
    assert asked(*both, at=moment("2026-11-22T23:59")) == "eli"
    assert asked(*both, at=moment("2026-11-23T00:00")) == "caro"


def test_the_final_rotation_is_what_the_layers_leave_of_each_other() -> None:
    night = layer("dev", hours=(hours("thu", since="22:00", until="06:00"),))
    found = shifts(
        pack(layer("caro"), night), "platform", moment("2026-11-19T12:00"), moment("2026-11-20T12:00"), NOBODY
    )
    assert found == (
        Shift(members=mails("caro"), since=moment("2026-11-19T12:00"), until=moment("2026-11-19T22:00")),
        Shift(members=mails("dev"), since=moment("2026-11-19T22:00"), until=moment("2026-11-20T06:00")),
        Shift(members=mails("caro"), since=moment("2026-11-20T06:00"), until=moment("2026-11-20T12:00")),
    )


def test_what_a_feed_says_wins_over_the_layers_and_two_of_its_events_are_on_duty_together() -> None:
    fed = Duty(
        feeds={
            "platform": (
                Shift(
                    members=("eli@acme.example",),
                    since=moment("2026-11-20T10:00"),
                    until=moment("2026-11-20T14:00"),
                ),
                Shift(
                    members=("fay@acme.example",),
                    since=moment("2026-11-20T12:00"),
                    until=moment("2026-11-20T16:00"),
                ),
            )
        }
    )
    policy = pack(layer("caro"))
    whole = shifts(policy, "platform", moment("2026-11-20T09:00"), moment("2026-11-20T18:00"), fed)
    assert [" ".join(m.split("@")[0] for m in s.members) for s in whole] == [
        "caro",
        "eli",
        "eli fay",
        "fay",
        "caro",
    ]
    assert on_duty(policy, "platform", moment("2026-11-20T13:00"), fed) == mails("eli", "fay")
    assert on_duty(policy, "platform", moment("2026-11-20T16:00"), fed) == mails("caro")


def test_nobody_is_on_duty_in_a_schedule_that_does_not_exist() -> None:
    assert on_duty(pack(layer("caro")), "platfrom", moment("2026-11-20T13:00"), NOBODY) == ()
    assert (
        shifts(pack(layer("caro")), "x", moment("2026-11-20T13:00"), moment("2026-11-21T13:00"), NOBODY) == ()
    )


def test_an_override_beats_the_slot_while_it_lasts_and_the_last_one_agreed_wins() -> None:
    def taken(who: str, since: str, until: str) -> Override:
        return Override(role=L2, part="primary", user=UserId(who), since=moment(since), until=moment(until))

    duty = Duty(
        overrides=(
            taken("UFAY", "2026-11-20T09:00", "2026-11-20T17:00"),
            taken("UELI", "2026-11-20T12:00", "2026-11-20T13:00"),
        )
    )
    policy = pack(layer("caro"))
    found = slot_shifts(policy, L2, "primary", moment("2026-11-20T08:00"), moment("2026-11-20T18:00"), duty)
    assert [shift.members[0] for shift in found] == [
        "caro@acme.example",
        "UFAY",
        "UELI",
        "UFAY",
        "caro@acme.example",
    ]
    assert standing(policy, L2, "backup", moment("2026-11-20T12:00"), duty) == mails("dev")
    assert standing(policy, Role("l3"), "primary", moment("2026-11-20T12:00"), duty) == mails("eli")
    assert next_change(policy, L2, "primary", moment("2026-11-20T12:30"), duty) == moment("2026-11-20T13:00")


def test_the_next_change_is_when_somebody_else_comes_on() -> None:
    weekly = pack(layer("caro", "dev"))
    assert next_change(weekly, L2, "primary", moment("2026-11-20T12:00"), NOBODY) == moment(
        "2026-11-23T09:00"
    )
    assert next_change(weekly, L2, "backup", moment("2026-11-20T12:00"), NOBODY) is None
    assert next_change(pack(layer("caro")), L2, "primary", moment("2026-11-20T12:00"), NOBODY) is None
    yearly = pack(layer("caro", "dev", every="custom", days=366))
    assert next_change(yearly, L2, "primary", moment("2026-11-20T12:00"), NOBODY) == moment(
        "2027-11-03T09:00"
    )


def test_each_handover_is_found_once_whatever_the_stretches_that_are_looked_at() -> None:
    policy = pack(layer("caro", "dev", "eli"))
    start, end = moment("2026-11-02T12:00"), moment("2026-12-21T09:00")
    whole = handovers(policy, start, end, NOBODY)
    assert [(h.role, h.part, h.outgoing, h.incoming) for h in whole[:2]] == [
        (L2, "primary", mails("caro"), mails("dev")),
        (L2, "primary", mails("dev"), mails("eli")),
    ]
    assert whole[-1].at == end, "the end belongs to the stretch"
    days = int((end - start) / timedelta(hours=1)) + 1
    hourly = [
        found
        for hour in range(days)
        for found in handovers(
            policy, start + timedelta(hours=hour), min(start + timedelta(hours=hour + 1), end), NOBODY
        )
    ]
    assert tuple(hourly) == whole
    assert len(whole) == 7


def test_somebody_who_follows_himself_hands_nothing_over() -> None:
    alone = pack(layer("caro"))
    assert handovers(alone, moment("2026-11-02T12:00"), moment("2026-12-21T09:00"), NOBODY) == ()


def test_a_time_that_is_left_out_means_the_jump_and_one_that_comes_twice_means_the_first() -> None:
    oslo, howe = ZoneInfo("Europe/Oslo"), ZoneInfo("Australia/Lord_Howe")
    assert walls.moment(wall("2027-03-28T02:30"), oslo) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert walls.moment(wall("2027-03-28T03:00"), oslo) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert walls.moment(wall("2026-10-25T02:30"), oslo) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    # Lord Howe Island moves by half an hour: 02:00 becomes 02:30.
    assert walls.moment(wall("2026-10-04T02:15"), howe) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)
    # Samoa left out the whole 30th of December 2011.
    apia = ZoneInfo("Pacific/Apia")
    assert walls.moment(wall("2011-12-30T12:00"), apia) == datetime(2011, 12, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "forward", "back", "shift"),
    [
        ("Europe/Oslo", date(2027, 3, 28), date(2027, 10, 31), 60),
        ("America/New_York", date(2027, 3, 14), date(2027, 11, 7), 60),
        ("Australia/Sydney", date(2027, 10, 3), date(2027, 4, 4), 60),
        ("Australia/Lord_Howe", date(2027, 10, 3), date(2027, 4, 4), 30),
        ("Asia/Kolkata", date(2027, 3, 28), date(2027, 10, 31), 0),
    ],
)
def test_turns_and_nights_are_right_on_both_days_on_which_the_clocks_change(
    zone: str, forward: date, back: date, shift: int
) -> None:
    changed = timedelta(minutes=shift)
    daily = layer("caro", "dev", every="daily", handoff=time(0), starts=date(2026, 11, 2))
    nights = layer("eli", hours=(hours(since="22:00", until="06:00"),))
    for day, longer in ((forward, -changed), (back, changed)):
        midnight = walls.moment(datetime.combine(day, time()), ZoneInfo(zone))
        tomorrow = walls.moment(datetime.combine(day + timedelta(days=1), time()), ZoneInfo(zone))
        policy = pack(daily, zone=zone)
        [only] = shifts(policy, "platform", midnight, tomorrow, NOBODY)
        assert only.until - only.since == timedelta(days=1) + longer
        evening = midnight - timedelta(hours=4)
        [dark] = [
            s
            for s in shifts(pack(nights, zone=zone), "platform", evening, tomorrow, NOBODY)
            if s.since < midnight
        ]
        assert dark.until - dark.since == timedelta(hours=8) + longer
        assert walls.wall(dark.until, ZoneInfo(zone)).time() == time(6)


def test_a_hand_off_at_an_hour_that_is_left_out_happens_at_the_jump_and_one_that_comes_twice_happens_once() -> (
    None
):
    early = layer("caro", "dev", every="daily", handoff=time(2, 30), starts=date(2026, 10, 20))
    policy = pack(early)
    spring = handovers(policy, moment("2027-03-28T00:00"), moment("2027-03-28T12:00"), NOBODY)
    assert [h.at for h in spring] == [datetime(2027, 3, 28, 1, tzinfo=UTC)]
    autumn = handovers(policy, moment("2026-10-25T00:00"), moment("2026-10-25T12:00"), NOBODY)
    assert [h.at for h in autumn] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
