from pathlib import Path
from typing import Any

import pytest

from bot.packs import check, load
from tests.packs.conftest import Change, Edit, Misfit, Refused

BIG_REFUND = """\
      big_refund:
        when: amount > 1000
        examples: [{says: a refund of 1200 USD, given: {amount: 1200}}]
        counterexamples: [{says: a refund of 900 USD, given: {amount: 900}}]
      billing_status:
"""


@pytest.mark.promise("S2-57")
@pytest.mark.parametrize(
    ("when", "word"),
    [
        ("escalate if uncertain", "uncertain"),
        ("confidence low", "low"),
        ("risk is high", "high"),
        ("risky", "risky"),
        ("confidence < 0.72 and unusual", "unusual"),
    ],
)
def test_a_vague_trigger_is_refused_with_what_would_do(
    edit: Edit, refused: Refused, when: str, word: str
) -> None:
    edit("lanes.yaml", "when: confidence < 0.72 and customer_facing", f"when: {when}")

    (problem,) = refused()

    assert problem.startswith("lanes.yaml:")
    assert (
        f"lanes.customer.triggers.unsure_answer.when: found the vague word {word!r}; "
        "expected a metric compared with a value, such as confidence < 0.72"
    ) in problem


def test_a_vague_metric_is_refused_too(edit: Edit, refused: Refused) -> None:
    edit(
        "metrics.yaml",
        "  token_stale: {",
        "  risky_action: {type: yes_no, meaning: it is risky}\n  token_stale: {",
    )

    assert any("metrics.risky_action: found the vague word 'risky'" in problem for problem in refused())


@pytest.mark.promise("S2-69")
@pytest.mark.parametrize(
    ("role", "person", "lane"),
    [
        ("operations", "olga", "operations"),
        ("security", "sue", "security"),
        ("workflow_owner", "wren", "policy"),
    ],
)
def test_an_urgent_lane_without_a_backup_is_refused(
    edit: Edit, refused: Refused, role: str, person: str, lane: str
) -> None:
    edit("roster.yaml", f", backup: [{person}@acme.example]", "")

    assert any(
        f"lanes.{lane}.owner: found no backup; expected somebody behind the owner" in problem
        and f"fill roster.{role}.backup, or name another role as backup" in problem
        for problem in refused()
    )


def test_the_backup_of_an_urgent_lane_is_somebody_else(edit: Edit, refused: Refused) -> None:
    edit("lanes.yaml", "    owner: operations\n", "    owner: operations\n    backup: operations\n")

    assert any("lanes.operations.backup: found a backup who is the owner" in problem for problem in refused())


def test_another_role_may_be_the_backup(edit: Edit, pack: Path) -> None:
    edit("lanes.yaml", "    owner: operations\n", "    owner: operations\n    backup: l2\n")

    assert load(pack).lanes["operations"].backup == "l2"


@pytest.mark.promise("S2-67")
def test_one_person_for_every_lane_is_refused_where_it_is_urgent(change: Change, pack: Path) -> None:
    def suzy_does_it_all(roster: Any) -> None:
        for role in ("security", "finance", "operations", "support", "workflow_owner"):
            roster["roster"][role]["primary"] = ["suzy@acme.example"]

    change("roster.yaml", suzy_does_it_all)

    found = [p for p in check(pack).problems if p.rule == "everywhere"]

    assert {(p.field, p.warning) for p in found} == {
        ("lanes.security.owner", False),
        ("lanes.operations.owner", False),
        ("lanes.customer.owner", False),
        ("lanes.financial.owner", True),
        ("lanes.policy.owner", True),
    }
    assert all(p.found == "suzy@acme.example as the owner of every lane" for p in found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "owner: finance",
            "owner: finn@acme.example",
            "lanes.financial.owner: found 'finn@acme.example'; expected a role, not a person",
        ),
        (
            "owner: finance",
            "owner: finanse",
            "lanes.financial.owner: found the role 'finanse'; expected one of",
        ),
        (
            "tell: [business_owner]",
            "tell: [busines_owner]",
            "after_timeout.tell.0: found the role 'busines_owner'",
        ),
        ("timeout: expire", "timeout: continue", "lanes.financial.timeout: found 'continue'; expected"),
        ("timeout: expire", "timeout: approve", "lanes.financial.timeout: found 'approve'; expected"),
        (
            'safe_to_continue: "no"',
            'safe_to_continue: "yes"',
            "lanes.security.safe_to_continue: found yes; expected this_item_no",
        ),
        (
            "precedence: 2",
            "precedence: 1",
            "lanes.financial.precedence: found 1; expected a number of its own (security has it)",
        ),
        (
            "urgency: {minutes: 15}",
            "urgency: {minutes: 15, working: true}",
            "lanes.security.urgency: found support hours; expected a time by the clock",
        ),
        (
            "urgency: {minutes: 15}",
            "urgency: {minutes: 15, days: 2}",
            "lanes.security.urgency: found both minutes and days",
        ),
        (
            "agent_action: Block the execution.",
            'agent_action: " "',
            "lanes.financial.agent_action: found nothing; expected words",
        ),
        (
            "evidence: [original request, action",
            'evidence: ["", action',
            "lanes.security.evidence: found an empty line",
        ),
        (
            "remind_at: 0.5",
            "remind_at: 1.5",
            "lane_rules.remind_at: found 1.5; expected a number less than 1",
        ),
        (
            "when: amount > 250",
            "when: amont > 250",
            "refund_over_limit.when: found the unknown metric 'amont'; expected a metric of this pack (did you mean 'amount'?)",
        ),
        ("when: amount > 250", "when: amount", "refund_over_limit.when: found no comparison in 'amount'"),
        ("when: amount > 250", 'when: amount > "250"', "found values of different types"),
        ("when: discount_percent > 20", 'when: intent =~ "a+"', "discount_over_limit.when: found '=~'"),
        (
            "when: amount > 250",
            "when: amount > 500",
            "refund_over_limit.examples.0: found a case that does not fire; expected a case that fires",
        ),
        (
            "when: amount > 250",
            "when: amount >= 250",
            "refund_over_limit.counterexamples.0: found a case that fires; expected a case that does not fire",
        ),
        (
            "given: {amount: 412.50}",
            "given: {credit: 412.50}",
            "refund_over_limit.examples.0: found a case without amount, so that nothing is known",
        ),
        (
            "given: {amount: 412.50}",
            "given: {amont: 412.50}",
            "examples.0.given.amont: found the unknown metric 'amont'; expected a metric of this pack (did you mean 'amount'?)",
        ),
        (
            "given: {amount: 412.50}",
            "given: {amount: a lot}",
            "examples.0.given.amount: found 'a lot'; expected a number",
        ),
        (
            "given: {amount: 412.50}",
            "given: {}",
            "examples.0.given: found keys with values; expected at least 1",
        ),
    ],
)
def test_what_does_not_fit_in_a_lane_is_named_with_its_place(
    misfit: Misfit, old: str, new: str, expected: str
) -> None:
    misfit("lanes.yaml", old, new, expected)


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "found"),
    [
        (
            "lanes.yaml",
            "      billing_status:\n",
            BIG_REFUND,
            "lanes.financial.triggers.big_refund.when",
            "the same amount as financial/refund_over_limit",
        ),
        (
            "metrics.yaml",
            "amount: {type: number, unit: USD,",
            "amount: {type: number,",
            "lanes.financial.triggers.refund_over_limit.when",
            "amount without a unit",
        ),
        (
            "lanes.yaml",
            "\n        counterexamples: [{says: a refund of exactly 250 USD, given: {amount: 250}}]",
            "",
            "lanes.financial.triggers.refund_over_limit",
            "no counterexample",
        ),
    ],
)
def test_what_is_only_doubtful_is_said_without_refusing_the_pack(
    pack: Path, edit: Edit, file: str, old: str, new: str, field: str, found: str
) -> None:
    edit(file, old, new)

    checked = check(pack)

    assert checked.policy is not None, checked.errors
    assert (field, found) in [(p.field, p.found) for p in checked.problems if p.warning]


def test_the_shipped_matrix_leaves_nothing_to_be_said() -> None:
    ours = {
        "vague",
        "trigger",
        "example",
        "counterexample",
        "unit",
        "overlap",
        "lane",
        "urgent",
        "silence",
        "everywhere",
    }
    assert [str(problem) for problem in check().problems if problem.rule in ours] == []
