from pathlib import Path

import pytest

from bot.domain.incident import Role
from bot.packs import load
from tests.packs.conftest import Edit, Misfit, Refused


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("severities.yaml", "lead: l2", "lead: l22", "severities.SEV3.lead: found the role 'l22'"),
        ("severities.yaml", "- {ask: [backup], wait", "- {ask: [backups], wait", "did you mean 'backup'?"),
        ("severities.yaml", "- role: technical_lead", "- role: tech_lead", "engage.2.role: found the role 'tech_lead'"),
        ("severities.yaml", "close: [[assignee]]", "close: []", "approvals.close: found nobody"),
        ("severities.yaml", "close: [[assignee]]", "close: [[]]", "approvals.close: found nobody"),
        ("severities.yaml", "close: [[l2]]", "close: [[l2x]]", "approvals.close.0.0: found the role 'l2x'"),
        ("severities.yaml", "- {ask: [primary], wait: {minutes: 5}}", "- {wait: {minutes: 5}}", "asks and informs nobody"),
        ("severities.yaml", "- {ask: [primary], wait", "- {inform: [primary], wait", "found nobody to ask"),
        ("severities.yaml", "contain: {days: 1, working: true}", "contain: {working: true}", "neither minutes nor days"),
        ("severities.yaml", "contain: {days: 1,", "contain: {days: 1, minutes: 2,", "both minutes and days"),
        ("severities.yaml", "- role: incident_manager\n", "- {role: incident_manager, inform_only: true}\n", "owes an answer"),
        ("data_sharing.yaml", "roles: [legal_liaison]", "roles: [lawyer]", "customer_data.roles.0: found the role 'lawyer'"),
        ("roster.yaml", "[ana@acme.example]", "[ana]", "roster.l1.primary.0: found 'ana'"),
        ("roster.yaml", "  iam: {primary", "  iams: {primary: [ike@acme.example]}\n  iam: {primary", "found the role 'iams'"),
        ("policy.yaml", "catch_all: esc-catchall", 'catch_all: "#esc-catchall"', "a channel name without #"),
        ("policy.yaml", "channel_prefix: inc", "channel_prefix: Inc!", "channel_prefix: found 'Inc!'"),
        ("policy.yaml", "timezone: UTC", "timezone: Mars/Olympus", "a time zone such as Europe/Berlin"),
        ("policy.yaml", 'closes: "20:00"', 'closes: "07:00"', "a time after 08:00"),
        ("stages.yaml", "leads_to: [diagnose, resolve]", "leads_to: [contain]", "another stage of this pack"),
        ("stages.yaml", "template: contain.internal", "template: contain.internl", "did you mean 'contain.internal'?"),
        ("stages.yaml", "contain.customer, approve: true", "contain.customer, approve: false", "agreed to by a person"),
        ("stages.yaml", "audience: customer", "audience: legal", "one of internal, customer, executive"),
        ("advice.yaml", "id: data-confirmed", "id: data-exposed", "an id that no other rule has"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_together_are_named_with_their_place(
    misfit: Misfit, file: str, old: str, new: str, expected: str
) -> None:
    misfit(file, old, new, expected)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("{{ incident.key }}", "{{ incident.keys_of_the_kingdom }}", "keys_of_the_kingdom"),
        ("{{ incident.key }}", "{{ nothing }}", "'nothing' is undefined"),
        ("{{ incident.key }}", "{{ incident.key", "cannot be written"),
        ('{% include "_next" %}', '{% include "_nxt" %}', "_nxt"),
        ("{{ incident.key }}", "{{ ''.__class__.__mro__ }}", "cannot be written"),
    ],
)
def test_a_text_that_cannot_be_written_is_found_before_it_is_needed(
    edit: Edit, refused: Refused, old: str, new: str, why: str
) -> None:
    edit("templates/contain.internal.txt.j2", old, new)

    problems = refused()

    assert any(p.startswith("templates/contain.internal.txt.j2: found") and why in p for p in problems), (
        problems
    )


def test_a_severity_that_is_left_out_is_missed(pack: Path, refused: Refused) -> None:
    text = (pack / "severities.yaml").read_text()
    (pack / "severities.yaml").write_text(text[: text.index("  SEV5:")])

    assert any("found no SEV5; expected all of SEV1 to SEV5" in problem for problem in refused())


def test_a_severity_that_does_not_exist_is_refused(edit: Edit, refused: Refused) -> None:
    edit("severities.yaml", "  SEV5:", "  SEV6:")

    assert any("found the key 'SEV6'" in p and "SEV1, SEV2, SEV3, SEV4, SEV5" in p for p in refused())


def test_user_groups_and_user_ids_are_people_too(pack: Path, edit: Edit) -> None:
    edit("roster.yaml", "[ana@acme.example]", '["@oncall-l1", U012ABCDEF, S012ABCDEF]')

    assert load(pack).roster[Role("l1")].primary == ("@oncall-l1", "U012ABCDEF", "S012ABCDEF")
