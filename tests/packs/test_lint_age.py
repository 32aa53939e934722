"""What was right once is said with its place, and stops nothing."""

from datetime import date
from pathlib import Path

import pytest

from bot.packs import check, load

TODAY = date(2026, 11, 21)
SERVICE = """services:
  probe:
    label: A test service
    tier: 2
    owner: l2
    runbook: {url: https://x.example/r, RUNBOOK}
"""


def said(pack: Path) -> list[str]:
    return [f"{problem.rule} {problem}" for problem in check(pack, TODAY).problems]


@pytest.mark.parametrize(
    ("runbook", "expected"),
    [
        ("exercised_on: 2026-11-01", "runbook: reviewed_on: found never reviewed; expected at most 180 days ago"),
        ("reviewed_on: 2026-11-01", "runbook: exercised_on: found never tried out; expected at most 180 days ago"),
        (
            "reviewed_on: 2026-01-01, exercised_on: 2026-11-01",
            "runbook: reviewed_on: found last reviewed on 2026-01-01, 324 days ago; expected at most 180 days ago",
        ),
        (
            "reviewed_on: 2026-11-01, exercised_on: 2026-11-01, plan_b: {text: Call the vendor}",
            "plan-b: plan_b.tested_on: found never tested; expected at most 180 days ago",
        ),
        ("reviewed_on: 2026-11-01, exercised_on: 2026-11-01, plan_b: {text: Call, tested_on: 2026-11-01}", ""),
    ],
)  # fmt: skip
def test_a_runbook_or_a_plan_b_that_nobody_has_tried_lately_is_warned_of(
    pack: Path, runbook: str, expected: str
) -> None:
    services = pack / "services.yaml"
    probe = SERVICE.replace("RUNBOOK", runbook)
    services.write_text(services.read_text().replace("services:\n", probe, 1))
    line = services.read_text().split("    runbook: {url: https://x.example/r")[0].count("\n") + 1

    found = [problem for problem in said(pack) if "services.probe" in problem]
    if not expected:
        assert found == []
        return
    rule, rest = expected.split(": ", 1)
    assert any(
        problem.startswith(f"{rule} services.yaml:{line}:") and f"services.probe.runbook.{rest}" in problem
        for problem in found
    ), found
    assert load(pack).version, "and the pack is good"


def test_an_exception_that_has_run_out_is_warned_of(pack: Path) -> None:
    exceptions = pack / "exceptions.yaml"
    exceptions.write_text(
        "exceptions:\n"
        "  old:\n"
        "    {trigger: patch-overdue, asset: web-1, owner: l2, reason: Vendor fix is late, approved_by: l2,\n"
        "     granted_on: 2026-09-01, expires_on: 2026-11-20}\n"
    )

    problems = said(pack)
    assert any(
        problem.startswith("expired exceptions.yaml:4:")
        and "exceptions.old.expires_on: found an exception that ran out on 2026-11-20" in problem
        for problem in problems
    ), problems
