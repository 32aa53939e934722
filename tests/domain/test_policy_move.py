from datetime import timedelta
from typing import Any

import pytest

from bot.domain import policy_move
from bot.domain.decision import Decision
from bot.domain.errors import IllegalMove, NotAllowed, NotNow
from bot.domain.incident import Incident, Severity, Status
from bot.domain.policy import Policy, Span
from tests.domain.acme import NINE, POLICY, at, directory, incident, user


def newer(**changes: Any) -> Policy:
    row = POLICY.severities[Severity.SEV3].model_copy(update={"resolve": Span(minutes=600)})
    return POLICY.model_copy(
        update={"version": "newer", "severities": {**POLICY.severities, Severity.SEV3: row}} | changes
    )


def moves(name: str, to: Policy | None = None, **changes: Any) -> Decision:
    return policy_move.move(
        incident(**changes), (), POLICY, to or newer(), directory(), by=user(name), now=at(30)
    )


def test_targets_follow_the_new_version_from_the_opening_on() -> None:
    moved: Incident = moves("caro").incident
    assert moved.policy_version == "newer"
    assert moved.targets["resolve"] == NINE + timedelta(minutes=600)
    assert moved.severity is Severity.SEV3


def test_nobody_is_late_at_once_by_a_stricter_version() -> None:
    row = POLICY.severities[Severity.SEV3].model_copy(update={"resolve": Span(minutes=5)})
    strict = newer(severities={**POLICY.severities, Severity.SEV3: row})
    assert moves("caro", strict).incident.targets["resolve"] > at(30)


@pytest.mark.parametrize("name", ["caro", "dev", "ivan"])
def test_whoever_leads_or_owns_may_move_it(name: str) -> None:
    (fact,) = [fact for fact in moves(name).facts if fact.kind == "policy.moved"]
    assert (fact.rule, fact.data["from"], fact.data["to"]) == ("policy.move", POLICY.version, "newer")


@pytest.mark.parametrize("name", ["ana", "bot"])
def test_nobody_else_may(name: str) -> None:
    with pytest.raises(NotAllowed):
        moves(name)


def test_a_closed_incident_keeps_the_policy_that_it_was_worked_by() -> None:
    with pytest.raises(IllegalMove, match="closed"):
        moves("caro", status=Status.CLOSED)


def test_a_stage_that_the_new_version_does_not_have_is_left_first() -> None:
    began = incident().stage
    fewer = newer(stages={stage: row for stage, row in POLICY.stages.items() if stage != began})
    with pytest.raises(NotNow, match="has no stage"):
        moves("caro", fewer)


def test_another_computed_severity_is_said_and_changes_nothing_by_itself() -> None:
    knob = POLICY.computation.model_copy(update={"compound_count": 2})
    decision = moves("caro", newer(computation=knob))
    assert decision.incident.severity is Severity.SEV3
    (line,) = [notice for notice in decision.notices if notice.data.get("line") == "policy_moved"]
    assert (line.data["severity"], line.data["computed"]) == (3, 2)
