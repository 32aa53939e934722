from collections.abc import Callable
from pathlib import Path

import pytest

from bot.packs import check, load
from tests.packs.conftest import Edit, Misfit, Refused

WAIVER = """\
exceptions:
  late-vendor:
    trigger: overdue_patch
    asset: gateway-1
    owner: l2
    reason: The vendor is late.
    approved_by: technical_lead
    granted_on: 2026-11-02
    expires_on: 2027-01-31
"""


@pytest.fixture
def waived(edit: Edit) -> Callable[[str, str], None]:
    """Put an exception into the pack, with something about it changed."""

    def written(old: str, new: str) -> None:
        assert old in WAIVER
        edit("triggers.yaml", "exceptions: {}\n", WAIVER.replace(old, new, 1))

    return written


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "when: unused_for > 30d",
            "when: unused_long",
            "unused_identity.when: found the unknown metric 'unused_long'",
        ),
        (
            "when: unused_for > 30d",
            "when: unused_for > 30",
            "found values of different types in 'unused_for > 30'",
        ),
        (
            "when: unused_for > 30d",
            "when: unused_for is high",
            "unused_identity.when: found the vague word 'high'",
        ),
        (
            "when: unused_for > 30d",
            "when: unused_for > 40d",
            "unused_identity.examples.0: found a case that does not fire",
        ),
        (
            "notify_first: [security]",
            "notify_first: [sam@acme.example]",
            "notify_first.0: found 'sam@acme.example'; expected a role, not a person",
        ),
        (
            "tier1_opens: SEV2",
            "tier1_opens: SEV4",
            "health_check.tier1_opens: found SEV4; expected SEV3 or worse",
        ),
        (
            "acknowledge: {minutes: 5}",
            "acknowledge: {minutes: 20}",
            "secret_seen.acknowledge: found a longer time; expected at most the time of SEV2",
        ),
        (
            "acknowledge: {minutes: 5}",
            "acknowledge: {minutes: 5, working: true}",
            "secret_seen.acknowledge: found a longer time",
        ),
        (
            "exception_days: 7",
            "exception_days: 91",
            "exploited_patch_overdue.exception_days: found 91; expected a number of at most 90",
        ),
        ("exception_by: security", "exception_by: securty", "exception_by: found the role 'securty'"),
        (
            "touches_credentials: false",
            "touches_credentials: true",
            "remediation.touches_credentials: found true without an approved rule",
        ),
        (
            "touches_credentials: false",
            "touches_credentials: true\n  approved_rule: security",
            "found true without an approved rule",
        ),
        (
            "touches_credentials: false",
            "approved_rule: customer",
            "remediation.approved_rule: found 'customer'; expected a lane whose timeout is disable_credential: security",
        ),
    ],
)
def test_what_does_not_fit_in_a_trigger_is_named_with_its_place(
    misfit: Misfit, old: str, new: str, expected: str
) -> None:
    misfit("triggers.yaml", old, new, expected)


@pytest.mark.promise("S3-14")
def test_an_approved_rule_lets_one_lane_touch_the_credential_it_names(edit: Edit, pack: Path) -> None:
    assert not load(pack).remediation.touches_credentials, "off in the default pack"
    edit(
        "triggers.yaml",
        "touches_credentials: false",
        "touches_credentials: true\n  approved_rule: security\n  approved_by: executive_sponsor",
    )
    assert load(pack).remediation.touches_credentials


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "trigger: overdue_patch",
            "trigger: overdue_patches",
            "late-vendor.trigger: found 'overdue_patches'; expected a trigger of this pack (did you mean 'overdue_patch'?)",
        ),
        (
            "expires_on: 2027-01-31",
            "expires_on: 2027-02-01",
            "expires_on: found 2027-02-01; expected a day from 2026-11-02 to 2027-01-31, at most 90 days later",
        ),
        (
            "expires_on: 2027-01-31",
            "expires_on: 2026-11-01",
            "expires_on: found 2026-11-01; expected a day from 2026-11-02",
        ),
        ("    expires_on: 2027-01-31\n", "", "late-vendor.expires_on: found nothing"),
        ("    owner: l2\n", "", "late-vendor.owner: found nothing"),
        (
            "owner: l2",
            "owner: caro@acme.example",
            "late-vendor.owner: found 'caro@acme.example'; expected a role, not a person",
        ),
        ("reason: The vendor is late.", 'reason: " "', "late-vendor.reason: found nothing"),
        (
            "trigger: overdue_patch",
            "trigger: exploited_patch_overdue",
            "expected a day from 2026-11-02 to 2026-11-09, at most 7 days later",
        ),
        (
            "trigger: overdue_patch",
            "trigger: exploited_patch_overdue",
            "late-vendor.approved_by: found 'technical_lead'; expected security, who agrees to exceptions",
        ),
    ],
)
def test_an_exception_needs_an_end_a_reason_and_the_right_agreement(
    waived: Callable[[str, str], None], refused: Refused, old: str, new: str, expected: str
) -> None:
    waived(old, new)

    problems = refused()

    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("triggers.yaml:") for problem in problems)


def test_an_exception_of_ninety_days_is_fine(waived: Callable[[str, str], None], pack: Path) -> None:
    waived("late", "late")
    assert list(load(pack).exceptions) == ["late-vendor"]


@pytest.mark.promise("S0-19")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{l1: R, l2: C, incident_manager: A,",
            "{l1: A, l2: C, incident_manager: A,",
            "raci.open_and_first_triage_sev1_2.cells: found 2 accountable roles, l1 and incident_manager; expected exactly one A",
        ),
        (
            "{l1: R, l2: C, incident_manager: A,",
            "{l1: R, l2: C, incident_manager: R,",
            "raci.open_and_first_triage_sev1_2.cells: found nobody accountable; expected exactly one A",
        ),
        (
            "severities: [SEV3, SEV4, SEV5]",
            "severities: [SEV2, SEV3]",
            "raci.open_and_first_triage_sev3_5.severities: found 'Open and first triage' at SEV2 again",
        ),
        (
            "severities: [SEV3, SEV4, SEV5]",
            "severities: []",
            "raci.open_and_first_triage_sev3_5.severities: found no severity",
        ),
        (
            "{l1: R, l2: C, incident_manager: A,",
            "{l1: R, l22: C, incident_manager: A,",
            "cells.l22: found the role 'l22'",
        ),
        (
            "{l1: R, l2: C, incident_manager: A,",
            "{l1: X, l2: C, incident_manager: A,",
            "cells.l1: found 'X'; expected 'R', 'A', 'C', 'I' or 'R/A'",
        ),
    ],
)
def test_each_activity_has_exactly_one_accountable_role(
    misfit: Misfit, old: str, new: str, expected: str
) -> None:
    misfit("raci.yaml", old, new, expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("roles: [legal_liaison]", "roles: []", "customer_data.roles: found an empty list"),
        (
            "audience: customer",
            "audience: internal",
            "customer_data.audience: found 'internal'; expected 'customer' or 'executive'",
        ),
        ("score: 3", "score: 5", "customer_data.score: found 5; expected a number of at most 4"),
        (
            "says: Customer data may",
            'says: ""\n    xsays: Customer data may',
            "customer_data.says: found nothing",
        ),
    ],
)
def test_a_data_sharing_rule_says_for_whom_from_when_and_why(
    edit: Edit, refused: Refused, old: str, new: str, expected: str
) -> None:
    edit("data_sharing.yaml", old, new.replace("    xsays: Customer data may", "    # Customer data may"))

    assert any(expected in problem for problem in refused())


def test_the_shipped_triggers_leave_nothing_to_be_said() -> None:
    ours = {
        "vague",
        "trigger",
        "example",
        "counterexample",
        "unit",
        "exception",
        "remediation",
        "sharing",
        "raci",
    }
    assert [str(problem) for problem in check().problems if problem.rule in ours] == []
