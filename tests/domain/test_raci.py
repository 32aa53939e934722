from bot.domain import raci
from bot.domain.incident import Severity
from tests.domain.acme import POLICY

STAGES = (
    "Open and first triage",
    "Contain",
    "Diagnose",
    "Resolve or roll back",
    "Recover and verify",
    "Review",
)


def test_exactly_one_role_answers_for_each_activity_at_each_severity() -> None:
    for level in Severity:
        for activity, cells in raci.of(POLICY, level).items():
            holders = [role for role, letters in cells.items() if raci.is_accountable(letters)]
            assert holders == [raci.accountable(POLICY, activity, level)], f"{activity} at {level.name}"


def test_every_stage_has_its_row_and_names_the_front_line() -> None:
    for level in Severity:
        assert set(STAGES) <= raci.of(POLICY, level).keys()
    everybody = {role for cells in raci.of(POLICY, Severity.SEV1).values() for role in cells}
    assert {"l1", "l2", "l3", "incident_manager", "comms_lead"} <= everybody


def test_below_sev2_the_leading_engineers_answer_instead_of_the_incident_manager() -> None:
    assert raci.accountable(POLICY, "Contain", Severity.SEV1) == "incident_manager"
    assert raci.accountable(POLICY, "Contain", Severity.SEV3) == "l2"
    assert raci.accountable(POLICY, "Lower or close SEV1", Severity.SEV1) == "executive_sponsor"
    assert raci.accountable(POLICY, "Lower or close SEV1", Severity.SEV4) is None


def test_who_answers_is_said_in_one_sentence() -> None:
    assert raci.answering(POLICY, Severity.SEV2) == (
        "incident manager; comms lead for Customer updates; legal liaison for Notice to a regulator"
    )
    assert raci.answering(POLICY.model_copy(update={"raci": {}}), Severity.SEV2) == ""
