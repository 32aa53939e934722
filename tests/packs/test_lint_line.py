import pytest

from tests.packs.conftest import Edit, Refused


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "stop_the_line.yaml",
            "    S-03:\n      text: A live credential",
            "    leak:\n      text: A live credential",
            "stop_the_line.conditions.leak: found 'leak'; expected an id such as S-03",
        ),
        (
            "stop_the_line.yaml",
            "engage: [workflow_owner]",
            "engage: [workflow_ownr]",
            "stop_the_line.conditions.S-10.engage.0: found the role 'workflow_ownr'",
        ),
        (
            "stop_the_line.yaml",
            "payments are down\n      floor: SEV1",
            "payments are down",
            "stop_the_line.conditions.S-07: found no floor; expected the severity that it keeps an incident at",
        ),
        (
            "stop_the_line.yaml",
            "suspected_floor: SEV2",
            "suspected_floor: SEV1",
            "S-02.suspected_floor: found SEV1; expected a milder severity than the floor",
        ),
        (
            "stop_the_line.yaml",
            "      automatic: ladder_exhausted\n      automatic_from: SEV2\n",
            "      floor: SEV2\n      automatic_from: SEV2\n",
            "S-18.automatic_from: found SEV2; expected automatic: ladder_exhausted beside it",
        ),
        (
            "stop_the_line.yaml",
            "    SEV3: [[incident_manager]]\n",
            "",
            "found nobody who may lift at SEV3; expected at least one role",
        ),
        (
            "stop_the_line.yaml",
            "SEV4: [[incident_manager]]",
            "SEV4: [[boss]]",
            "stop_the_line.lift.SEV4.0.0: found the role 'boss'",
        ),
        (
            "kinds.yaml",
            "asks: [identity, blast]",
            "asks: [identity, users]",
            "kinds.security.asks.1: found 'users'; expected a dimension that is not asked otherwise",
        ),
        (
            "kinds.yaml",
            "id: workaround",
            "id: what_changed",
            "kinds.outage.collect.1.id: found 'what_changed'; expected an id that no other question",
        ),
        (
            "kinds.yaml",
            "notify_first: [support]",
            "notify_first: [suport]",
            "kinds.complaint.notify_first.0: found the role 'suport'",
        ),
        (
            "identities.yaml",
            "service: checkout",
            "service: chekout",
            "identities.deploy_bot.service: found 'chekout'",
        ),
        (
            "identities.yaml",
            "owner: operations",
            "owner: omar",
            "identities.export_partner.owner: found the role 'omar'",
        ),
        (
            "identities.yaml",
            "  role: identity_governance\n",
            "",
            "identities.legacy_sync: found no owner; expected an owner, or governance.role",
        ),
        (
            "severities.yaml",
            "any_of: [{kinds: [security]}]",
            "any_of: [{kinds: [securty]}]",
            "any_of.0.kinds.0: found 'securty'",
        ),
        (
            "severities.yaml",
            "any_of: [{kinds: [security]}]",
            "any_of: [{}]",
            "found an empty condition; expected a condition that does not always hold",
        ),
        (
            "severities.yaml",
            "id: privileged_identity",
            "id: tier0_identity",
            "special_ladders.0.id: found 'tier0_identity'; expected an id that no other ladder has",
        ),
        (
            "policy.yaml",
            "{score: 3, percent: 10, users: 500}",
            "{score: 3, percent: 10, users: 40}",
            "computation.user_bands.1: found 40 users; expected more than 50 users",
        ),
        (
            "policy.yaml",
            "{score: 3, percent: 10, users: 500}",
            "{score: 3, percent: 1, users: 500}",
            "computation.user_bands.1: found score 3 from 1%",
        ),
    ],
)
def test_a_checklist_a_kind_or_a_ladder_that_does_not_fit_is_named_with_its_place(
    edit: Edit, refused: Refused, file: str, old: str, new: str, expected: str
) -> None:
    edit(file, old, new)
    problems = refused()
    assert any(expected in problem for problem in problems), problems
    assert any(problem.startswith(f"{file}:") for problem in problems)
