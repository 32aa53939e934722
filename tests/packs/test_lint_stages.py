"""What is refused of stages, thresholds, decision rights and services, each at its place."""

from datetime import date
from pathlib import Path

import pytest

from bot.packs import check
from tests.packs.conftest import Edit, Refused


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("stages.yaml", "leads_to: [diagnose, resolve, ", "leads_to: [diagnose, resolv, ", "did you mean 'resolve'?"),
        ("stages.yaml", "  review:\n", "  after_the_incident:\n", "a name of up to 16 letters, digits and _"),
        ("stages.yaml", "leads_to: [diagnose, resolve, review]", "leads_to: [diagnose, resolve]", "review: found no way to it"),
        ("stages.yaml", "id: scope,", "id: severity,", "stages.triage.exit.1.id: found 'severity'"),
        ("stages.yaml", "text: the fix is in place,", 'text: " ",', "stages.resolve.exit.0.text: found nothing"),
        ("stages.yaml", "check: scope_set", "check: scope_sett", "stages.triage.exit.1.check"),
        ("severities.yaml", "stages: [triage, resolve]", "stages: [triage, solve]", "severities.SEV4.stages.1: found 'solve'"),
        ("thresholds.yaml", "owner: incident_manager", "owner: incident_boss", "T-01.owner: found the role 'incident_boss'"),
        ("thresholds.yaml", "    span: {minutes: 45}\n", "", "found stage_dwell without span; expected span: {minutes: 45}"),
        ("thresholds.yaml", "    within_days: 30\n", "", "thresholds.T-05: found repeats without within_days"),
        ("thresholds.yaml", "    count: 3\n", "    count: 3\n    span: {days: 1}\n", "T-05.span: found span with repeats"),
        ("thresholds.yaml", "    count: 4\n", "    count: 5\n", "thresholds.T-06.count: found 5; expected a score from 1 to 4"),
        ("thresholds.yaml", "    count: 3\n", "    count: 1\n", "the first time is no repetition"),
        ("thresholds.yaml", "stages: [triage]", "stages: [triaje]", "thresholds.T-01.stages.0: found 'triaje'"),
        ("rights.yaml", "  legal: [legal_liaison]", "  legall: [legal_liaison]", "did you mean 'legal'?"),
        ("rights.yaml", "  reopen: [anyone]\n", "", "found no reopen; expected who may reopen an incident"),
        ("rights.yaml", "  reopen: [anyone]", "  reopen: []", "decision_rights.reopen: found nobody"),
        ("rights.yaml", "legal: [legal_liaison]", "legal: [anyone]", "decision_rights.legal.0: found the role 'anyone'"),
        ("rights.yaml", "[incident_manager, technical_lead, l2, assignee]", "[incident_manager, l2, assignee]",
         "severities.SEV1.approvals.close.1.0: found the role 'technical_lead'; expected a role that decision_rights.close names"),
        ("services.yaml", "    owner: l3\n", "    owner: l9\n", "services.database.owner: found the role 'l9'"),
        ("services.yaml", "    team: database\n", "    team: databases\n", "did you mean 'database'?"),
        ("services.yaml", "url: https://runbooks.acme.example/search", "url: the wiki", "runbook.url: found 'the wiki'"),
        ("services.yaml", "role: iam,", "role: iams,", "teams.identity.role: found the role 'iams'"),
    ],
)  # fmt: skip
def test_what_could_not_work_is_named_with_its_line(
    edit: Edit, refused: Refused, pack: Path, file: str, old: str, new: str, expected: str
) -> None:
    edit(file, old, new)
    found = refused()
    assert any(expected in problem for problem in found), found
    lines = len((pack / file).read_text().splitlines())
    place = next(problem for problem in found if expected in problem).split(":")
    assert 0 < int(place[1]) <= max(lines, 500)


def test_the_line_of_a_problem_is_the_line_it_stands_in(edit: Edit, refused: Refused, pack: Path) -> None:
    edit("thresholds.yaml", "owner: legal_liaison", "owner: lawyer")
    at = next(
        number
        for number, line in enumerate((pack / "thresholds.yaml").read_text().splitlines(), 1)
        if "lawyer" in line
    )
    [problem] = refused()
    assert problem.startswith(f"thresholds.yaml:{at}:"), problem
    assert "thresholds.T-06.owner: found the role 'lawyer'" in problem


def test_a_service_without_a_runbook_is_only_warned_of(pack: Path, edit: Edit) -> None:
    text = (pack / "services.yaml").read_text()
    start = text.index("    runbook:\n      url: https://runbooks.acme.example/partner-exports")
    end = text.index("\n# The teams behind")
    (pack / "services.yaml").write_text(text[:start] + text[end:])
    found = check(pack, date(2026, 11, 20)).problems
    assert any(p.field == "services.partner_exports" and p.warning and p.rule == "runbook" for p in found)


def test_a_runbook_from_the_future_is_warned_of(pack: Path, edit: Edit) -> None:
    edit("services.yaml", "reviewed_on: 2026-09-14", "reviewed_on: 2028-09-14")
    found = check(pack, date(2026, 11, 20)).problems
    assert any(
        p.field == "services.checkout.runbook.reviewed_on" and "still to come" in p.found for p in found
    )


def test_what_a_stage_was_called_is_no_example_of_what_it_may_be_called(pack: Path, edit: Edit) -> None:
    edit("stages.yaml", "  contain:\n", "  stabilise:\n")
    [problem] = [
        one for one in check(pack, date(2026, 11, 20)).problems if one.field == "severities.SEV1.stages.1"
    ]
    assert "expected one of triage, stabilise, diagnose, " in str(problem)
    assert problem.example == ""
