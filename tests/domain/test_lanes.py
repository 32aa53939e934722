import inspect
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import lane_clock, lanes
from bot.domain.incident import Role
from bot.domain.policy import Policy, Remediation
from tests.domain.acme import NINE, POLICY

LANES = list(POLICY.lanes)


def route(observed: Mapping[str, object], named: str = "") -> lanes.Routed:
    found = lanes.route(POLICY, observed, NINE, named=named)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("observed", "lane", "owner", "interim", "decide_by"),
    [
        ({"confidence": 0.61, "customer_facing": True}, "customer", "support", "hold_draft", 30),
        ({"discount_percent": 35}, "policy", "workflow_owner", "park_item", 120),
        ({"retries_in_10_minutes": 4}, "operations", "operations", "safe_mode", 15),
        ({"tenant_mismatch": True}, "security", "security", "deny", 15),
        ({"amount": "412.50"}, "financial", "finance", "block", 240),
    ],
)
def test_each_of_the_five_lanes_takes_what_is_its_own(
    observed: dict[str, object], lane: str, owner: str, interim: str, decide_by: int
) -> None:
    found = route(observed)
    assert (found.lane, found.owner, found.interim) == (lane, (owner, "primary"), interim)
    assert found.backup == (owner, "backup")
    assert found.decide_by == NINE + timedelta(minutes=decide_by)
    assert found.remind_at == NINE + timedelta(minutes=decide_by / 2)
    assert found.rule == f"lane.{found.fired[0]}"
    assert found.policy_version == POLICY.version


def test_two_lanes_at_once_take_the_strictest_interim_and_the_shortest_time() -> None:
    found = route({"amount": 900, "retries_in_10_minutes": 9, "discount_percent": 40})
    assert (found.lane, found.secondary) == ("financial", ("operations", "policy"))
    assert found.interim == "block"
    assert found.safe_to_continue == "no"
    assert found.decide_by == NINE + timedelta(minutes=15), "the soonest of the three"
    assert found.informed == (("operations", "primary"), ("workflow_owner", "primary"))


def test_a_measurement_that_fires_nothing_goes_nowhere_unless_a_lane_is_named() -> None:
    assert lanes.route(POLICY, {"amount": 250}, NINE) is None
    assert lanes.route(POLICY, {}, NINE) is None
    held = route({"amount": 250}, "financial")
    assert (held.lane, held.satisfied, held.interim) == ("financial", False, "block")
    assert held.rule == "lane.financial"


def test_a_stricter_lane_than_the_one_the_agent_named_wins() -> None:
    found = route({"tenant_mismatch": True}, "customer")
    assert (found.lane, found.secondary, found.interim) == ("security", ("customer",), "deny")
    assert route({"tenant_mismatch": True}, "no_such_lane").secondary == ()


def test_what_was_not_measured_is_listed_as_unknown() -> None:
    found = route({"amount": 900, "confidence": 0.5})
    assert "customer/unsure_answer" in found.unknown
    assert "customer/unsure_answer" not in found.fired


OBSERVED = st.fixed_dictionaries(
    {},
    optional={
        "confidence": st.sampled_from([0.5, 0.9]),
        "customer_facing": st.booleans(),
        "amount": st.integers(0, 500),
        "tenant_mismatch": st.booleans(),
        "discount_percent": st.integers(0, 60),
        "retries_in_10_minutes": st.integers(0, 6),
    },
)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NINE + timedelta(minutes=minutes))


@pytest.mark.promise("S2-05")
@given(OBSERVED, MOMENTS, MOMENTS)
def test_the_same_input_takes_the_same_route_whoever_is_online(
    observed: dict[str, object], one: datetime, other: datetime
) -> None:
    assert not {"directory", "people", "presence"} & set(inspect.signature(lanes.route).parameters)
    first, second = (lanes.route(POLICY, observed, at) for at in (one, other))
    if first is None or second is None:
        assert first is second
        return
    assert (first.lane, first.owner, first.backup, first.interim) == (
        second.lane, second.owner, second.backup, second.interim,
    )  # fmt: skip
    assert first.decide_by - one == second.decide_by - other
    assert first.fired == second.fired


@given(OBSERVED, st.sampled_from(["tenant_mismatch", "injection_detected"]))
def test_one_more_trigger_never_makes_the_interim_milder_or_the_time_longer(
    observed: dict[str, object], more: str
) -> None:
    before = lanes.route(POLICY, observed, NINE)
    after = route(observed | {more: True, "sensitive_tool": True})
    if before is not None:
        assert lanes.STRICTNESS.index(after.interim) >= lanes.STRICTNESS.index(before.interim)
        assert after.decide_by <= before.decide_by


def told(lane: str, hours: float = 5, policy: Policy = POLICY) -> list[tuple[float, str, list[str]]]:
    return [
        ((one.at - NINE).total_seconds() / 60, one.what, [f"{role}.{part}" for role, part in one.to])
        for one in lane_clock.timeline(policy, lane, NINE, hours)
    ]


def test_an_unanswered_refund_expires_once_and_a_late_approval_is_refused() -> None:
    assert told("financial") == [
        (0, "asked", ["finance.primary"]),
        (120, "reminded", ["finance.primary"]),
        (120, "backup_told", ["finance.backup"]),
        (240, "timed_out", ["finance.primary", "finance.backup"]),
        (240, "told", ["finance.primary", "workflow_owner.primary"]),
    ]
    assert not lane_clock.late_decision_counts(POLICY, "financial")
    assert lane_clock.late_decision_counts(POLICY, "customer")


def test_an_unanswered_policy_question_goes_to_the_backup_and_then_to_the_business_owner() -> None:
    assert told("policy")[-2:] == [
        (120, "timed_out", ["workflow_owner.backup"]),
        (240, "told", ["business_owner.primary"]),
    ]


def test_a_held_message_is_said_again_until_somebody_decides_and_is_never_sent() -> None:
    assert [row for row in told("customer", 2.1) if row[1] in ("timed_out", "said_again", "told")] == [
        (30, "timed_out", ["support.primary", "support.backup"]),
        (60, "said_again", ["support.primary", "support.backup"]),
        (90, "said_again", ["support.primary", "support.backup"]),
        (120, "told", ["business_owner.primary"]),
        (120, "said_again", ["support.primary", "support.backup"]),
    ]
    assert not lane_clock.timeout_outcome(POLICY, "customer").acts


@pytest.mark.parametrize("lane", LANES)
def test_whatever_the_lane_the_reminder_is_halfway_and_the_timeout_comes_once(lane: str) -> None:
    happened = lane_clock.timeline(POLICY, lane, NINE, 24)
    at = {one.what: one.at for one in happened}
    assert at["reminded"] == at["backup_told"] == NINE + (at["timed_out"] - NINE) / 2
    assert [one.what for one in happened].count("timed_out") == 1
    assert [one.at for one in happened] == sorted(one.at for one in happened)
    assert all(one.rule and one.says for one in happened)


@pytest.mark.promise("S3-14")
def test_no_credential_is_touched_by_itself_without_an_approved_rule() -> None:
    outcome = lane_clock.timeout_outcome(POLICY, "security")
    assert (outcome.acts, outcome.rule) == (False, "remediation.off")
    assert outcome.says.startswith("not done by itself, a person decides: disable the credential path")
    assert outcome.to == (("security", "primary"), ("security", "backup"))

    on = Remediation(
        touches_credentials=True, approved_rule="security", approved_by=Role("executive_sponsor")
    )
    outcome = lane_clock.timeout_outcome(POLICY.model_copy(update={"remediation": on}), "security")
    assert (outcome.acts, outcome.rule) == (True, "lane.security.timeout.disable_credential")
    assert "agreed to by executive sponsor" in outcome.says

    elsewhere = on.model_copy(update={"approved_rule": "operations"})
    assert not lane_clock.timeout_outcome(
        POLICY.model_copy(update={"remediation": elsewhere}), "security"
    ).acts


@pytest.mark.promise("S2-79")
@pytest.mark.parametrize(
    ("observed", "safe"),
    [
        ({"unsupported_claims": 1}, "this_item_no"),
        ({"precedent_count": 1}, "yes"),
        ({"dead_letters_in_10_minutes": 25}, "safe_path_only"),
        ({"outside_role_scope": True}, "no"),
        ({"external_cost": 80}, "no"),
    ],
)
def test_every_route_says_whether_the_rest_may_go_on(observed: dict[str, object], safe: str) -> None:
    assert route(observed).safe_to_continue == safe


def at(*minutes: float) -> tuple[datetime, ...]:
    return tuple(NINE + timedelta(minutes=minute) for minute in minutes)


def test_five_requests_by_one_trigger_in_ten_minutes_are_one_question() -> None:
    now = NINE + timedelta(minutes=9)
    assert not lanes.grouped(POLICY, at(0, 1, 2, 3), now)
    assert lanes.grouped(POLICY, at(0, 1, 2, 3, 4), now)
    assert not lanes.grouped(POLICY, at(-5, 0, 1, 2, 3), now), "one of them is too old"


def test_an_agent_that_asks_too_often_is_held_not_dropped() -> None:
    asked = at(*(minute / 4 for minute in range(30)))
    assert lanes.heard_too_often(POLICY, asked, NINE + timedelta(minutes=9))
    assert not lanes.heard_too_often(POLICY, asked[1:], NINE + timedelta(minutes=9))


def test_from_ten_times_the_limit_on_two_people_must_agree() -> None:
    assert [lanes.approvers(POLICY, amount, 250) for amount in (251, 2499, 2500, 9000)] == [1, 1, 2, 2]
    assert lanes.approvers(POLICY, 9000, 0) == 1


def test_a_decision_is_put_off_by_one_period_and_twice_at_most() -> None:
    row = POLICY.lanes["policy"]
    put_off = [lanes.defer_until(POLICY, row, NINE, deferred) for deferred in (0, 1, 2)]
    assert put_off == [NINE + timedelta(hours=2), NINE + timedelta(hours=2), None]
