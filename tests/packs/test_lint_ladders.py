"""Ladders that would not end well are refused with the line where they stand."""

from datetime import date
from pathlib import Path

import pytest

from bot.packs import check
from tests.packs.conftest import Edit

TODAY = date(2026, 11, 21)


def said(pack: Path) -> list[str]:
    return [f"{problem.rule} {problem}" for problem in check(pack, TODAY).problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "      alarm: {minutes: 15}\n", "",
            "alarm severities.yaml:{ladder:}: severities.SEV1.ladder: found no alarm at the end; expected an alarm: "
            "SEV1 never ends in silence (alarm: {minutes: 15} repeats it until somebody answers)",
        ),
        (
            "- {ask: [executive_sponsor], wait: {minutes: 5}}", "- {ask: [backup, l3], wait: {minutes: 5}}",
            "unreachable severities.yaml:{[backup, l3]}: severities.SEV1.ladder.steps.3.ask: found nobody who was not asked "
            "on an earlier rung; expected a rung that asks somebody else (the same person is asked once in a round)",
        ),
        (
            "- {ask: [backup], wait: {minutes: 5}}", "- {ask: [ana@acme.example], wait: {minutes: 5}}",
            "person severities.yaml:{ana@acme.example}: severities.SEV1.ladder.steps.1.ask.0: found 'ana@acme.example'; "
            "expected a role, not a person: one of l1, ",
        ),
        (
            "    lead: incident_manager\n", "    lead: U012ABCDEF\n",
            "person severities.yaml:{lead: U012}: severities.SEV1.lead: found 'U012ABCDEF'; expected a role, not a person",
        ),
    ],
)  # fmt: skip
def test_a_ladder_that_would_not_end_well_is_refused(
    pack: Path, edit: Edit, old: str, new: str, expected: str
) -> None:
    edit("severities.yaml", old, new)

    words = expected[expected.index("{") + 1 : expected.index("}:")]
    lines = (pack / "severities.yaml").read_text().splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if words in line)
    wanted = expected.replace("{" + words + "}", str(number), 1)
    head, rest = wanted.split(": ", 1)
    problems = said(pack)
    assert any(problem.startswith(head + ":") and rest in problem for problem in problems), problems


@pytest.mark.promise("S2-80")
@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("l3", "severities.SEV1.engage.1.role"),
        ("incident_manager", "severities.SEV1.lead"),
        ("technical_lead", "severities.SEV3.ladder.steps.2.ask.0"),
        ("comms_lead", "severities.SEV4.approvals.external_text.0"),
    ],
)
def test_where_somebody_is_asked_somebody_must_be_named(pack: Path, role: str, place: str) -> None:
    expected = f"{place}: found "
    roster = pack / "roster.yaml"
    lines = roster.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"  {role}: {{primary")]
    assert len(kept) == len(lines) - 1
    for text in ("".join(kept), "".join(kept).replace("roster:\n", f"roster:\n  {role}: {{primary: []}}\n")):
        roster.write_text(text)
        problems = said(pack)
        assert any(
            problem.startswith("nobody severities.yaml:") and expected in problem for problem in problems
        ), problems


def without_backup(pack: Path, role: str) -> None:
    roster = pack / "roster.yaml"
    lines = roster.read_text().splitlines(keepends=True)
    [at] = [n for n, line in enumerate(lines) if line.startswith(f"  {role}: {{primary")]
    lines[at] = f"  {role}: {{primary: [sam@acme.example]}}\n"
    roster.write_text("".join(lines))


@pytest.mark.promise("S2-69")
def test_whoever_is_asked_urgently_has_somebody_behind_them(pack: Path) -> None:
    without_backup(pack, "l2")

    problems = said(pack)
    assert any(
        "severities.SEV2.engage.1.role: found the role 'l2' without a second person; expected a backup: SEV2 is urgent"
        in problem
        for problem in problems
    ), problems
    assert check(pack).policy is None


def test_a_small_team_is_only_warned_of_it(pack: Path, edit: Edit) -> None:
    without_backup(pack, "l2")
    edit("policy.yaml", "profile: standard", "profile: small_team")

    assert any(problem.startswith("backup ") for problem in said(pack))
    assert check(pack).policy is not None


def test_a_severity_that_is_not_urgent_may_do_without_backup_and_alarm(pack: Path) -> None:
    assert not [problem for problem in said(pack) if "SEV4" in problem or "SEV5" in problem]
    without_backup(pack, "l1")
    assert not [problem for problem in said(pack) if problem.startswith("backup ")]


def test_whoever_owns_a_service_is_urgent_where_it_is_called_in(pack: Path, edit: Edit) -> None:
    without_backup(pack, "operations")
    assert any("the role 'operations' without a second person" in problem for problem in said(pack))


def test_the_owner_of_a_service_cannot_be_the_only_one_who_may_agree(pack: Path, edit: Edit) -> None:
    edit("severities.yaml", "[service_owner, l2]", "[service_owner]")
    [problem] = [problem for problem in said(pack) if "service_owner alone" in problem]
    assert "expected another role beside it: an incident may be about no service" in problem


def test_no_role_has_the_name_that_stands_for_the_owner_of_a_service(pack: Path, edit: Edit) -> None:
    edit("roster.yaml", "roles:\n", "roles:\n  service_owner: {label: service owner}\n")
    assert any(
        problem.startswith("role roster.yaml") and "roles.service_owner" in problem for problem in said(pack)
    )
