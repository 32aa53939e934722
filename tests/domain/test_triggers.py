from dataclasses import replace
from datetime import date

import pytest

from bot.domain import expressions, observations, triggers
from bot.domain.incident import Role, Severity
from bot.domain.policy import AutoTrigger, Policy, Service, Span, Trigger, Waiver
from tests.domain.acme import POLICY, incident

TODAY = date(2026, 11, 20)


def test_every_shipped_trigger_fires_for_its_examples_and_for_no_counterexample() -> None:
    rows: list[tuple[str, AutoTrigger | Trigger]] = list(POLICY.triggers.items())
    rows += [
        (f"{lane}/{name}", row)
        for lane, lane_row in POLICY.lanes.items()
        for name, row in lane_row.triggers.items()
    ]
    for name, row in rows:
        condition = expressions.read(row.when, POLICY.metrics)
        assert row.counterexamples, name
        for example, wanted in [(e, True) for e in row.examples] + [(e, False) for e in row.counterexamples]:
            values = observations.measured(example.given, POLICY.metrics)
            assert observations.holds(condition, values) is wanted, f"{name}: {example.says}"


@pytest.mark.parametrize(
    ("observed", "opens"),
    [
        ({"consecutive_failures": 3}, [("health_check", 3)]),
        ({"consecutive_failures": 2, "error_percent": 9, "error_duration": "4m"}, []),
        ({"secret_found": True, "secret_liveness": "live"}, [("secret_seen", 2)]),
        ({"secret_found": True, "secret_liveness": "dead"}, []),
        ({"secret_found": True}, []),
        ({"rotation_result": "failed", "identity_criticality": 1}, [("rotation_failed", 3)]),
        ({"rotation_result": "failed"}, [("rotation_failed", 3)]),
        (
            {"rotation_result": "failed", "identity_criticality": 3},
            [("privileged_rotation_failed", 2), ("rotation_failed", 3)],
        ),
        ({"token_expired": True, "in_deployment_window": True}, [("token_expired", 3)]),
        ({"unused_for": "31d"}, [("unused_identity", 4)]),
        ({"complaints_in_30_minutes": 5}, [("complaint_spike", 3)]),
        ({"config_change": "firewall_off", "rollback_linked": True}, [("risky_change", 3)]),
        (
            {"config_change": "firewall_off", "rollback_linked": False},
            [("risky_change_without_rollback", 2), ("risky_change", 3)],
        ),
        (
            {
                "public_host": True,
                "known_exploited": True,
                "automatable": True,
                "total_control": True,
                "patch_age": "4d",
            },
            [("exploited_patch_overdue", 2)],
        ),
        ({"cvss": 9.8, "patch_age": "31d"}, [("overdue_patch", 3)]),
    ],
)
def test_the_shipped_triggers_open_what_the_table_says_worst_first(
    observed: dict[str, object], opens: list[tuple[str, int]]
) -> None:
    found = triggers.openings(POLICY, observed, on=TODAY)
    assert [(one.trigger, int(one.severity)) for one in found] == opens


def test_a_service_of_tier_one_makes_it_worse_and_never_milder() -> None:
    services = {
        name: Service(label=name, tier=tier, owner=Role("l2"))
        for name, tier in (("checkout", 1), ("wiki", 3))
    }
    policy = POLICY.model_copy(update={"services": services})
    opened = {
        service: triggers.opening(
            policy, "health_check", {"consecutive_failures": 3}, on=TODAY, service=service
        ).severity
        for service in ("checkout", "wiki", "")
    }
    assert opened == {"checkout": Severity.SEV2, "wiki": Severity.SEV3, "": Severity.SEV3}


def test_what_opens_names_the_rule_the_policy_and_whom_to_ask_first() -> None:
    said = triggers.opening(
        POLICY, "secret_seen", {"secret_found": True, "secret_liveness": "live"}, on=TODAY
    )
    assert (said.rule, said.policy_version) == ("trigger.secret_seen", POLICY.version)
    assert (said.notify_first, said.conditions) == (("security",), ("S-03",))
    assert said.acknowledge == Span(minutes=5)


def waived(**changes: object) -> Policy:
    waiver = Waiver(
        trigger="overdue_patch", asset="gateway-1", owner=Role("l2"), reason="The vendor is late.",
        approved_by=Role("technical_lead"), granted_on=date(2026, 11, 2), expires_on=date(2026, 12, 1),
    )  # fmt: skip
    return POLICY.model_copy(update={"exceptions": {"late-vendor": waiver.model_copy(update=changes)}})


@pytest.mark.parametrize(
    ("on", "asset", "opens"),
    [
        (date(2026, 11, 20), "gateway-1", False),
        (date(2026, 12, 1), "gateway-1", False),
        (date(2026, 12, 2), "gateway-1", True),
        (date(2026, 11, 1), "gateway-1", True),
        (date(2026, 11, 20), "gateway-2", True),
    ],
)
def test_an_exception_pauses_one_trigger_for_one_asset_until_it_expires(
    on: date, asset: str, opens: bool
) -> None:
    observed = {"cvss": 9.8, "patch_age": "31d"}
    said = triggers.opening(waived(), "overdue_patch", observed, on=on, asset=asset)
    assert said.fires
    assert said.opens is opens
    assert said.waiver == ("" if opens else "late-vendor")


def test_a_trigger_may_ask_for_an_answer_sooner() -> None:
    by_trigger = replace(incident(Severity.SEV2), trigger="secret_seen")
    assert triggers.acknowledge_span(POLICY, by_trigger) == Span(minutes=5)
    assert triggers.acknowledge_span(POLICY, replace(by_trigger, trigger="overdue_patch")) is None
    assert triggers.acknowledge_span(POLICY, incident(Severity.SEV2)) is None


@pytest.mark.parametrize(
    ("override", "usual", "lengthens"),
    [
        (Span(minutes=5), Span(minutes=15), False),
        (Span(minutes=15), Span(minutes=15), False),
        (Span(minutes=16), Span(minutes=15), True),
        (Span(minutes=5, working=True), Span(minutes=15), True),
        (Span(minutes=60), Span(minutes=60, working=True), False),
        (Span(days=1), Span(minutes=60, working=True), True),
    ],
)
def test_an_override_that_may_make_somebody_wait_longer_is_known_as_one(
    override: Span, usual: Span, lengthens: bool
) -> None:
    assert triggers.lengthens(POLICY, override, usual) is lengthens
