import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from bot.packs import check, load, report
from bot.packs.rules import RULES
from tests.packs.conftest import Edit

TODAY = date(2026, 11, 21)
# What a reader of SARIF 2.1.0 may rely on: the properties that the standard requires, and those that we promise.
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "help"],
                                            "properties": {
                                                "id": {"type": "string", "minLength": 1},
                                                "shortDescription": {"$ref": "#/definitions/message"},
                                                "help": {"$ref": "#/definitions/message"},
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
                            "properties": {
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"$ref": "#/definitions/message"},
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "properties": {"physicalLocation": {"$ref": "#/definitions/place"}},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
    "definitions": {
        "message": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "place": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[^\s\\]+$"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
    },
}


@pytest.fixture
def spoilt(pack: Path, edit: Edit) -> Path:
    """A pack with three errors in two files and something that has grown old."""
    edit("severities.yaml", "    acknowledge: {minutes: 5}", "    acknowledge: {minutes: soon}")
    edit("severities.yaml", "    lead: l2", "    led: l2")
    edit("roster.yaml", "l1: {label: L1 support}", "l1: {label: 3}")
    return pack


def test_every_problem_comes_with_its_place_what_was_found_and_an_example_that_works(spoilt: Path) -> None:
    checked = check(spoilt, TODAY)

    assert checked.policy is None
    said = report.text("pack", checked).splitlines()
    wrong = next(n for n, line in enumerate(said) if "'soon'" in line)
    assert said[wrong].startswith("pack/severities.yaml:")
    assert said[wrong].endswith(
        "error: severities.SEV1.acknowledge.minutes: found 'soon'; expected a whole number [shape]"
    )
    assert said[wrong + 1] == "    for example: minutes: 5"
    unknown = next(n for n, line in enumerate(said) if "'led'" in line)
    assert "did you mean 'lead'?" in said[unknown]
    missing = next(n for n, line in enumerate(said) if "SEV3.lead" in line)
    assert said[missing + 1] == "    for example: lead: l2"
    assert said[-1] == "pack: 4 errors, 0 warnings; this pack cannot be used"


def test_the_same_is_there_for_scripts(spoilt: Path) -> None:
    checked = check(spoilt, TODAY)
    said = json.loads(report.as_json("pack", checked))

    assert (said["ok"], said["version"], said["errors"], said["warnings"]) == (False, None, 4, 0)
    [soon] = [problem for problem in said["problems"] if problem["found"] == "'soon'"]
    assert soon["severity"] == "error"
    assert (soon["file"], soon["rule"], soon["field"]) == (
        "severities.yaml", "shape", "severities.SEV1.acknowledge.minutes",
    )  # fmt: skip
    assert soon["line"] > 1
    assert soon["example"] == "minutes: 5"


def test_a_good_pack_is_good_in_every_format() -> None:
    checked = check(today=TODAY)

    assert checked.policy == load()
    assert (
        report.text("pack", checked)
        .splitlines()[-1]
        .startswith(f"pack: ok, version {load().version[:12]}, 5 severities")
    )
    assert json.loads(report.as_json("pack", checked))["version"] == load().version
    Draft7Validator(SARIF).validate(json.loads(report.as_sarif("pack", checked, "0.1")))


def test_the_default_pack_is_good_and_shows_what_a_stale_runbook_looks_like() -> None:
    problems = check(today=TODAY).problems
    assert {problem.rule for problem in problems} <= {"runbook", "plan-b"}
    assert all(problem.warning and problem.file == "services.yaml" for problem in problems)


def test_code_scanning_reads_the_same_problems(spoilt: Path) -> None:
    checked = check(spoilt, TODAY)
    said = json.loads(report.as_sarif("my packs/one", checked, "0.1"))
    Draft7Validator(SARIF).validate(said)

    [run] = said["runs"]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    assert len(results) == len(checked.problems)
    for result, problem in zip(results, checked.problems, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.rule
        assert problem.found in result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("my%20packs/one/")
        assert place.get("region", {}).get("startLine", 0) == problem.line
    assert {rule["id"] for rule in rules} == {"missing", "shape", "unknown-key"}
    assert all(rule["help"]["text"].endswith(".") for rule in rules)


def test_a_problem_of_the_whole_pack_has_no_line_and_is_still_shown(tmp_path: Path) -> None:
    said = json.loads(report.as_sarif("nowhere", check(tmp_path / "nowhere"), "0.1"))
    Draft7Validator(SARIF).validate(said)
    assert "region" not in said["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def test_every_rule_that_a_check_names_is_described() -> None:
    import ast

    from bot import packs

    named = {"shape", "fit"}
    for path in Path(packs.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                named.add(str(node.value.value))
    assert named - RULES.keys() == set(), "say in bot/packs/rules.py what these are about"
    assert all(about.endswith(".") and len(about) < 120 for about in RULES.values())


@pytest.mark.promise("S1-69")
def test_what_is_past_its_date_is_warned_of_and_does_not_keep_the_pack_from_loading(
    pack: Path, edit: Edit
) -> None:
    edit("severities.yaml", "    label: critical", "    label: critical\n    review_by: 2026-11-20")

    checked = check(pack, TODAY)
    [warning] = [problem for problem in checked.problems if problem.rule == "review"]
    assert warning.warning
    assert str(warning).startswith("severities.yaml:")
    assert "severities.SEV1.review_by: found a review that was due on 2026-11-20" in str(warning)
    assert checked.policy is not None
    assert load(pack).version == checked.policy.version, "a restart today is not stopped by it"
    on_the_day = check(pack, date(2026, 11, 20)).problems
    assert not [problem for problem in on_the_day if problem.rule == "review"], (
        "the day itself is still in time"
    )
