"""What a check found, in the words of the reader: a person, a script, or a code-scanning service."""

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from bot.packs.loading import Checked
from bot.packs.problems import Problem
from bot.packs.rules import about

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(directory: str, checked: Checked) -> str:
    """Return every problem with its place and an example, and what it comes to in the last line."""
    lines = []
    for problem in checked.problems:
        kind = "warning" if problem.warning else "error"
        lines.append(f"{_path(directory, problem)}: {kind}: {problem.says} [{problem.rule}]")
        if problem.example:
            lines.append(f"    for example: {problem.example}")
    return "\n".join([*lines, _sum(directory, checked)])


def as_json(directory: str, checked: Checked) -> str:
    """Return the same for scripts."""
    said = {
        "pack": directory,
        "ok": checked.policy is not None,
        "version": checked.policy.version if checked.policy else None,
        "errors": len(checked.errors),
        "warnings": len(checked.problems) - len(checked.errors),
        "problems": [
            {
                "severity": "warning" if problem.warning else "error",
                "rule": problem.rule,
                "file": problem.file,
                "line": problem.line or None,
                "column": problem.column or None,
                "field": problem.field or None,
                "found": problem.found,
                "expected": problem.expected,
                "hint": problem.hint or None,
                "example": problem.example or None,
            }
            for problem in checked.problems
        ],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def as_sarif(directory: str, checked: Checked, version: str) -> str:
    """Return the same as SARIF 2.1.0, which code-scanning services show beside the line."""
    rules = sorted({problem.rule for problem in checked.problems})
    driver = {
        "name": "tocsin",
        "version": version,
        "rules": [
            {
                "id": rule,
                "shortDescription": {"text": about(rule)},
                "help": {"text": about(rule)},
                "defaultConfiguration": {"level": "error"},
            }
            for rule in rules
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(directory, problem, rules) for problem in checked.problems],
    }
    return json.dumps(
        {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False
    )


def _result(directory: str, problem: Problem, rules: Sequence[str]) -> dict[str, Any]:
    place: dict[str, Any] = {
        "artifactLocation": {"uri": quote(PurePath(_file(directory, problem)).as_posix())}
    }
    if problem.line:
        place["region"] = {"startLine": problem.line, "startColumn": problem.column}
    example = f" For example: {problem.example}" if problem.example else ""
    return {
        "ruleId": problem.rule,
        "ruleIndex": rules.index(problem.rule),
        "level": "warning" if problem.warning else "error",
        "message": {"text": problem.says + "." + example},
        "locations": [{"physicalLocation": place}],
    }


def _sum(directory: str, checked: Checked) -> str:
    warnings = _count(len(checked.problems) - len(checked.errors), "warning")
    if checked.policy is None:
        return f"{directory}: {_count(len(checked.errors), 'error')}, {warnings}; this pack cannot be used"
    policy = checked.policy
    parts = f"{len(policy.severities)} severities, {len(policy.roles)} roles"
    said = "" if not checked.problems else f", {warnings}"
    return f"{directory}: ok, version {policy.version[:12]}, {parts}{said}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _file(directory: str, problem: Problem) -> str:
    """Return the file as it is found from where the command runs."""
    if problem.file in ("pack", directory):
        return directory
    return str(PurePath(directory) / problem.file)


def _path(directory: str, problem: Problem) -> str:
    file = _file(directory, problem)
    return f"{file}:{problem.line}:{problem.column}" if problem.line else file
