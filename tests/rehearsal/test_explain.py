import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.policy import Policy
from bot.rehearsal import text
from tests.rehearsal.conftest import Explains, minutes

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.promise("S3-04", "S3-05")
def test_the_order_of_calls_is_the_ladders_with_the_backup_second(explains: Explains) -> None:
    told = explains(severity="SEV3")
    assert [who for _, who in minutes(told, "ladder.step")][:3] == ["caro", "dev", "tess"]


@pytest.mark.promise("S3-01")
def test_silence_ends_in_an_alarm_that_goes_on(explains: Explains) -> None:
    told = explains(severity="SEV1")
    assert minutes(told, "ladder.exhausted")
    assert (
        len([row for row in told.rows if row.kind == "ladder.alarm" and row.role == "incident_manager"]) >= 2
    )
    assert told.outcome.startswith("Nobody answers as incident manager, ")
    assert "9 people are asked in 5 rounds, and the alarm sounds after 1 h 15 min" in told.outcome
    assert "again and again until a person answers" in told.outcome


@pytest.mark.promise("S3-06")
def test_every_moment_is_absolute_and_names_its_rule(explains: Explains) -> None:
    told = explains(severity="SEV2")
    steps = [row for row in told.rows if row.kind == "ladder.step"]
    assert all(
        row.at.utcoffset() == timedelta(0) and row.rule.startswith("ladder.sev2.step") for row in steps
    )
    assert all(row.at == told.opens_at + row.offset for row in told.rows)


def test_an_answer_ends_the_calls_of_its_role_only(explains: Explains) -> None:
    told = explains(severity="SEV2", answers=("ivan=4m", "dev=1m"))
    assert minutes(told, "ack.received") == [(4, "ivan"), (16, "dev")]
    assert (
        told.outcome
        == "Ivan answers as incident manager after 4 min; dev answers as L2 platform after 16 min."
    )


def test_who_declines_passes_the_page_on_at_once(explains: Explains) -> None:
    told = explains(severity="SEV3", declines=("caro=2m",), answers=("dev=1m",))
    assert minutes(told, "ack.declined", "ladder.step", "ack.received") == [
        (0, "caro"), (2, "caro"), (2, "dev"), (3, "dev"),
    ]  # fmt: skip


def test_who_is_away_is_passed_over_at_the_opening(explains: Explains) -> None:
    told = explains(severity="SEV3", away=("caro@acme.example",), answers=("dev=1m",))
    first = next(row for row in told.rows if row.kind == "ladder.step")
    assert told.called(first) == "dev"
    assert first.reason == "vacancy"
    assert first.offset == timedelta()


def test_where_one_is_said_to_be_silent_the_others_answer(explains: Explains) -> None:
    told = explains(severity="SEV3", silent=("caro",))
    assert minutes(told, "ack.received") == [(62, "dev")]


def test_a_working_span_waits_for_the_support_hours(explains: Explains) -> None:
    told = explains(severity="SEV4", at="2026-11-21T10:00+00:00")
    second = [row for row in told.rows if row.kind == "ladder.step"][1]
    assert second.at == datetime(2026, 11, 23, 12, tzinfo=UTC), "four support hours into Monday"


def test_the_night_the_clocks_change_costs_nobody_an_hour(explains: Explains, policy: Policy) -> None:
    told = explains(severity="SEV2", at="2027-03-28T01:30", zone="Europe/Oslo")
    steps = [row for row in told.rows if row.kind == "ladder.step" and row.role == "incident_manager"]
    assert [row.offset for row in steps[:3]] == [timedelta(minutes=m) for m in (0, 15, 30)]
    page = "\n".join(text.lines(told, policy, OSLO))
    assert "  01:45  +15 min" in page
    assert "  03:00  +30 min" in page, "after 01:59 comes 03:00"


def test_a_stop_the_line_condition_raises_and_calls_in(explains: Explains) -> None:
    told = explains(severity="SEV5", conditions=("S-05",))
    assert told.facts["severity"] == "SEV1"
    called = {who for at, who in minutes(told, "ladder.step") if at == 0}
    assert {"ike", "sam", "ivan"} <= called


def test_a_case_goes_on_for_as_long_as_is_asked(explains: Explains) -> None:
    told = explains(severity="SEV1", answers=("everyone=1m",), until="40m")
    assert any(row.kind == "ack.lease_lapsed" for row in told.rows), "nothing was heard for half an hour"


def test_a_request_in_a_lane_reminds_halfway_and_ends_once(explains: Explains) -> None:
    told = explains(lane="financial")
    assert minutes(told, "lane.timed_out")[0][0] == 240
    assert {at for at, _ in minutes(told, "lane.reminded", "lane.backup_told")} == {120}
    assert "Silence never approves" in told.outcome


def test_a_ladder_climbed_again_is_told_in_one_line_unless_all_is_asked(
    explains: Explains, policy: Policy
) -> None:
    told = explains(severity="SEV1")
    short, full = (list(text.lines(told, policy, OSLO, full=full)) for full in (False, True))
    assert any("The ladder is climbed 5 times" in line for line in short)
    assert len(full) > len(short)
    assert all(len(line) <= 110 for line in (*short, *full))


def test_json_holds_every_row_with_its_rule(explains: Explains) -> None:
    told = explains(severity="SEV2")
    printed = json.loads(json.dumps(text.as_json(told, OSLO)))
    assert len(printed["timeline"]) == len(told.rows)
    assert printed["outcome"] == told.outcome
    assert printed["timeline"][0]["local"].endswith("+01:00")


def test_everyone_may_decline_be_away_or_answer(explains: Explains) -> None:
    assert "Nobody answers as L2 platform" in explains(severity="SEV3", declines=("everyone",)).outcome
    assert explains(severity="SEV3", away=("everyone",)).outcome.startswith("Nobody can be asked")
    told = explains(severity="SEV3", answers=("everyone=5m", "caro=1m"))
    assert minutes(told, "ack.received") == [(1, "caro")]


def test_a_name_counts_for_more_than_everyone(explains: Explains) -> None:
    told = explains(severity="SEV3", declines=("everyone=1m",), answers=("dev=1m",))
    assert told.outcome == "Dev answers as L2 platform after 2 min."
    told = explains(severity="SEV3", silent=("caro",), answers=("everyone=1m",))
    assert minutes(told, "ack.received") == [(61, "dev")]


def test_a_page_that_cannot_be_delivered_asks_the_next_rung_at_once(explains: Explains) -> None:
    told = explains(severity="SEV3", unreachable=("caro",), answers=("dev=1m",))
    assert minutes(told, "ladder.step", "ack.received") == [(0, "caro"), (0, "dev"), (1, "dev")]
    second = [row for row in told.rows if row.kind == "ladder.step"][1]
    assert second.why == "cannot be reached"


def test_where_no_page_arrives_at_all_the_line_is_stopped(explains: Explains) -> None:
    told = explains(severity="SEV3", unreachable=("caro", "dev", "tess"), answers=("ivan=1m",))
    [stopped] = [row for row in told.rows if row.kind == "stopline.fired"]
    assert (stopped.rule, stopped.offset) == ("stop_the_line.S-12", timedelta())
    assert "floor SEV2 from S-12" in told.facts["because"]
    assert (1, "ivan") in minutes(told, "ack.received")


def test_an_identity_that_nobody_owns_leaves_its_owner_to_be_named(explains: Explains) -> None:
    told = explains(severity="SEV3", identity="legacy_sync")
    [owed] = [row for row in told.rows if row.rule == "identity.unowned" and row.kind == "task.owed"]
    assert owed.role == "identity_governance"
    assert owed.detail.startswith("name an owner for Legacy synchronisation token, which nobody owns")


def test_the_owner_of_the_service_is_asked_beside_the_others(explains: Explains) -> None:
    told = explains(severity="SEV3", service="partner_exports")
    assert (0, "omar") in minutes(told, "ladder.step")
