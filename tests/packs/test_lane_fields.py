from typing import Any

import pytest

from tests.packs.conftest import Change, Edit, Refused

LANES = ("security", "financial", "operations", "customer", "policy")


@pytest.mark.promise("S2-43", "S2-45", "S2-46", "S2-47", "S2-48", "S2-49", "S2-50", "S2-79")
@pytest.mark.parametrize(
    "field",
    [
        "triggers", "owner", "urgency", "agent_action", "operator_action", "evidence", "timeout",
        "timeout_action", "after_timeout", "interim", "safe_to_continue", "precedence", "label",
    ],
)  # fmt: skip
def test_a_lane_without_one_of_its_fields_is_refused_naming_the_row(
    change: Change, refused: Refused, field: str
) -> None:
    change("lanes.yaml", lambda pack: [pack["lanes"][lane].pop(field) for lane in LANES])

    problems = refused()

    for lane in LANES:
        assert any(
            p.startswith("lanes.yaml:") and f"lanes.{lane}.{field}: found nothing; expected a value" in p
            for p in problems
        ), problems


@pytest.mark.promise("S2-44")
def test_a_trigger_without_an_example_is_refused_naming_the_row(change: Change, refused: Refused) -> None:
    def without(pack: Any) -> None:
        pack["lanes"]["security"]["triggers"]["injection"].pop("examples")
        pack["lanes"]["customer"]["triggers"]["hostile_words"]["examples"] = []
        pack["lanes"]["policy"]["triggers"] = {}

    change("lanes.yaml", without)

    problems = refused()

    assert any("lanes.security.triggers.injection.examples: found nothing" in problem for problem in problems)
    assert any("hostile_words.examples: found an empty list; expected at least 1" in p for p in problems)
    assert any("lanes.policy.triggers: found keys with values; expected at least 1" in p for p in problems)


@pytest.mark.promise("S2-46")
@pytest.mark.parametrize("minutes", ["0", "-15", "soon"])
def test_a_time_to_decide_that_is_no_time_is_refused(edit: Edit, refused: Refused, minutes: str) -> None:
    edit("lanes.yaml", "urgency: {minutes: 240}", f"urgency: {{minutes: {minutes}}}")

    assert any("lanes.financial.urgency.minutes: found" in problem for problem in refused())
