from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import kinds, ladder, opening, quorum, triage
from bot.domain.decision import Decision
from bot.domain.incident import Dimension, Incident, IncidentId, Severity, Workspace
from bot.domain.items import ItemKind, Reason
from bot.domain.ladder import rungs
from bot.domain.opening import Draft
from bot.domain.policy import Span, SpecialLadder, When
from tests.domain.acme import NINE, POLICY, directory, incident, user


def opened(scores: str, **draft: Any) -> Decision:
    """Open with `B U D R I X`; `-` was not asked."""
    cells = dict(zip(Dimension, scores.split(), strict=True))
    return opening.open_incident(
        POLICY,
        directory(),
        Draft(title="An alert", scores={d: int(c) for d, c in cells.items() if c != "-"}, **draft),
        id=IncidentId("i1"),
        number=7,
        by=user("ana"),
        workspace=Workspace(team_id="T1"),
        now=NINE,
    )


def called(decision: Decision) -> list[str]:
    return [str(item.role) for item in decision.items if item.kind is ItemKind.ACKNOWLEDGE]


def waits(found: Incident) -> list[tuple[int | None, bool]]:
    return [(step.wait.minutes, step.wait.working) for step in rungs.ladder_of(found, POLICY).steps]


@pytest.mark.promise("S0-01")
@pytest.mark.parametrize(
    ("scores", "level", "lead", "roles"),
    [
        ("4 4 1 1 - -", 1, "incident_manager", {"incident_manager", "l3", "technical_lead", "comms_lead"}),
        ("3 3 0 1 - -", 2, "incident_manager", {"incident_manager", "l2"}),
        ("2 2 0 2 - -", 2, "incident_manager", {"incident_manager", "l2", "legal_liaison"}),
        ("2 2 0 0 - -", 3, "l2", {"l2"}),
        ("1 1 0 0 - -", 4, "l1", {"l1"}),
    ],
)
def test_severity_decides_who_owns_it(scores: str, level: int, lead: str, roles: set[str]) -> None:
    made = opened(scores)
    assert made.incident.severity is Severity(level)
    assert called(made)[0] == lead
    assert set(called(made)) == roles


@pytest.mark.promise("S3-10")
def test_two_severities_climb_two_ladders() -> None:
    serious, moderate = opened("3 0 0 0 - -").incident, opened("2 0 0 0 - -").incident
    assert rungs.chosen(serious, POLICY)[0] == "sev2"
    assert rungs.chosen(moderate, POLICY)[0] == "sev3"
    assert rungs.ladder_of(serious, POLICY) != rungs.ladder_of(moderate, POLICY)


@pytest.mark.promise("S3-12")
def test_the_same_event_that_reaches_across_tenants_takes_another_way() -> None:
    one = opened("0 0 0 0 2 1", kind="identity")
    across = opened("0 0 0 0 2 4", kind="identity")
    assert one.incident.severity is Severity.SEV3
    assert across.incident.severity is Severity.SEV1
    assert rungs.chosen(across.incident, POLICY)[0] == "tier0_identity"
    assert "security" in called(across)
    assert "security" not in called(one)


@pytest.mark.promise("S3-13", "S3-03")
def test_an_everyday_alert_is_light_and_a_signing_key_never_is() -> None:
    everyday = opened("0 0 0 0 1 1", kind="identity", identity="export_partner")
    assert everyday.incident.severity is Severity.SEV4
    assert "incident_manager" not in called(everyday)
    assert waits(everyday.incident)[0] == (240, True), "it waits in the queue, in support hours"

    expired = opened("0 0 0 0 1 1", kind="identity", identity="signing_key")
    assert expired.incident.severity is Severity.SEV1
    assert called(expired)[:2] == ["iam", "incident_manager"]

    failed = opened("0 0 0 0 0 0", kind="identity", identity="export_partner", conditions={"S-06": False})
    assert failed.incident.severity is Severity.SEV2, "a failed rotation is never lighter"
    assert called(failed)[:3] == ["l2", "identity_governance", "incident_manager"]


@pytest.mark.promise("S3-03")
@pytest.mark.parametrize("trigger", POLICY.triggers)
def test_every_alert_has_a_severity(trigger: str) -> None:
    row = POLICY.triggers[trigger]
    ticked = dict.fromkeys(row.conditions, False)
    made = opened("0 0 0 0 - -", trigger=trigger, kind=row.kind, conditions=ticked)
    assert made.incident.severity in Severity
    if row.notify_first and not ticked:
        assert called(made)[: len(row.notify_first)] == list(row.notify_first)


@pytest.mark.promise("S1-16")
def test_whom_a_kind_tells_first_is_asked_before_whoever_leads() -> None:
    assert called(opened("2 2 0 0 - -"))[0] == "l2"
    made = opened("2 2 0 0 - -", kind="data")
    assert called(made)[:3] == ["security", "legal_liaison", "l2"]
    [order] = [fact for fact in made.facts if fact.kind == "ladder.engaged"]
    assert order.data["order"] == called(made)
    assert order.rule == "kind.data"


def test_a_trigger_may_only_make_the_first_wait_shorter() -> None:
    plain, seen = incident(Severity.SEV2), incident(Severity.SEV2, trigger="secret_seen")
    assert waits(plain)[0] == (15, False)
    assert waits(seen)[0] == (5, False)
    assert waits(seen)[1:] == waits(plain)[1:]
    made = opened("3 0 0 0 - -", trigger="secret_seen")
    assert made.incident.targets["acknowledge"] - NINE == timedelta(minutes=5)
    slow = POLICY.triggers["secret_seen"].model_copy(update={"acknowledge": Span(minutes=500)})
    longer = POLICY.model_copy(update={"triggers": {"secret_seen": slow}})
    assert rungs.ladder_of(seen, longer).steps[0].wait.minutes == 15


def test_a_kind_that_runs_by_the_clock_waits_for_no_office_hours() -> None:
    assert waits(incident(Severity.SEV3, kind="outage"))[0] == (60, True)
    assert waits(incident(Severity.SEV3, kind="security"))[0] == (60, False)
    assert waits(incident(Severity.SEV4, kind="security"))[0] == (240, True), "only from SEV3 on"
    assert not kinds.runs_by_clock(POLICY, "no such kind", Severity.SEV1)


@pytest.mark.parametrize(
    ("when", "changes", "holds"),
    [
        (When(), {}, True),
        (When(kinds=("security",)), {"kind": "security"}, True),
        (When(kinds=("security",)), {}, False),
        (When(triggers=("secret_seen",)), {"trigger": "secret_seen"}, True),
        (When(triggers=("secret_seen",)), {"trigger": "health_check"}, False),
        (When(conditions=("S-03",)), {"conditions": {"S-03": {}}}, True),
        (When(conditions=("S-03",)), {"conditions": {"S-04": {}}}, False),
        (When(tier=1), {"service": "checkout"}, True),
        (When(tier=1), {"service": "search"}, False),
        (When(tier=2), {"service": "checkout"}, True),
        (When(tier=4), {}, False),
        (When(unowned_identity=True), {"identity": "legacy_sync"}, True),
        (When(unowned_identity=True), {"identity": "somebody-typed-this"}, True),
        (When(unowned_identity=True), {"identity": "signing_key"}, False),
        (When(unowned_identity=True), {}, False),
        (When(unowned_identity=False), {"identity": "signing_key"}, True),
        (When(kinds=("security",), tier=1), {"kind": "security", "service": "search"}, False),
    ],
)
def test_all_that_a_condition_names_must_be_true(when: When, changes: dict[str, Any], holds: bool) -> None:
    assert quorum.holds(incident(**changes), when, POLICY) is holds


@pytest.mark.promise("S3-15")
@pytest.mark.parametrize("identity", ["legacy_sync", "svc-7", "unknown"])
def test_an_identity_without_an_owner_calls_in_governance(identity: str) -> None:
    made = opened("0 0 0 0 1 1", kind="identity", identity=identity)
    assert "identity_governance" in called(made)
    page = next(f for f in made.facts if f.data.get("role") == "identity_governance")
    assert page.rule == "identity.unowned"
    assert "identity_governance" not in called(opened("0 0 0 0 1 1", kind="identity", identity="signing_key"))


def test_engaged_roles_are_asked_once_however_many_reasons_call_them() -> None:
    made = opened(
        "0 0 3 0 4 4", kind="security", conditions={"S-01": False, "S-05": False}, identity="signing_key"
    )
    assert len(called(made)) == len(set(called(made)))
    again = ladder.engage_all(
        replace(made.incident), made.items, POLICY, directory(), NINE, reason=made.items[0].reason
    )
    assert again.items == ()


def test_the_owner_of_the_service_is_called_in_where_there_is_one() -> None:
    assert "operations" not in called(opened("3 0 0 0 - -"))
    about = opened("3 0 0 0 - -", service="partner_exports")
    assert "operations" in called(about)
    assert called(opened("3 0 0 0 - -", service="checkout")).count("l2") == 1, "no role is called in twice"


def test_the_owner_of_the_service_may_stand_on_a_rung_and_among_the_approvers() -> None:
    about = opened("3 0 0 0 - -", service="partner_exports").incident
    owner = quorum.SERVICE_OWNER
    assert rungs.on_slot(owner, POLICY.row(Severity.SEV2).lead, about, POLICY, directory()) == (user("omar"),)
    assert rungs.on_slot(owner, POLICY.row(Severity.SEV2).lead, incident(), POLICY, directory()) == ()
    assert owner in quorum.roles_now(POLICY, directory(), about, user("olga"))
    assert owner not in quorum.roles_now(POLICY, directory(), incident(), user("olga"))


def test_naming_the_service_later_calls_its_owner_in_and_says_why() -> None:
    made = opened("3 0 0 0 - -")
    said = {"service": "partner_exports"}
    told = triage.answer(
        made.incident, made.items, POLICY, directory(), said, by=user("ana"), now=NINE + timedelta(minutes=1)
    )
    [page] = [item for item in told.items if item.kind is ItemKind.ACKNOWLEDGE]
    assert (page.role, page.holders, page.reason) == ("operations", (user("omar"),), Reason.SERVICE)
    again = triage.answer(
        told.incident, (*made.items, page), POLICY, directory(), said, by=user("ana"), now=NINE
    )
    assert again.items == ()


def test_naming_a_service_of_another_tier_climbs_the_ladder_that_its_tier_asks_for() -> None:
    row = POLICY.row(Severity.SEV2)
    special = SpecialLadder(id="top", any_of=(When(tier=1),), ladder=row.ladder)
    policy = POLICY.model_copy(
        update={
            "severities": {
                **POLICY.severities, Severity.SEV2: row.model_copy(update={"special_ladders": (special,)})
            }
        }
    )  # fmt: skip
    made = opened("3 0 0 0 - -")
    told = triage.answer(
        made.incident, made.items, policy, directory(), {"service": "checkout"}, by=user("ana"), now=NINE
    )
    [fact] = [fact for fact in told.facts if fact.kind == "ladder.recomputed"]
    assert fact.data == {
        "from": "sev2",
        "to": "top",
        "reason": "service_named",
        "why": "it is about Checkout",
    }
