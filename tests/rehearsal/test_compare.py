from datetime import UTC, datetime

import pytest

from bot.domain.incident import Severity
from bot.domain.policy import Policy
from bot.rehearsal import beside, cast, comparing
from tests.domain import acme
from tests.rehearsal.conftest import FRIDAY_NINE


def with_sev1(policy: Policy, **changes: object) -> Policy:
    row = policy.row(Severity.SEV1)
    rows = {**policy.severities, Severity.SEV1: row.model_copy(update=changes)}
    return policy.model_copy(update={"severities": rows, "version": "changed"})


def slower(policy: Policy) -> Policy:
    """The second rung of SEV1 is asked a minute later."""
    ladder = policy.row(Severity.SEV1).ladder
    wait = ladder.steps[0].wait.model_copy(update={"minutes": 6})
    steps = (ladder.steps[0].model_copy(update={"wait": wait}), *ladder.steps[1:])
    return with_sev1(policy, ladder=ladder.model_copy(update={"steps": steps}))


def of_few_kinds(policy: Policy, *names: str) -> Policy:
    """The same policy with fewer kinds, so that the grid is small."""
    kinds = {name: row for name, row in policy.kinds.items() if name in names}
    return policy.model_copy(update={"kinds": kinds, "version": f"few {names}"})


@pytest.fixture(scope="module")
def few(policy: Policy) -> Policy:
    return of_few_kinds(policy)


def compared(old: Policy, new: Policy) -> tuple[int, list[comparing.Changed]]:
    return comparing.compare(old, new, (cast.of_pack(old), cast.of_pack(new)), FRIDAY_NINE)


def test_a_policy_compared_with_itself_goes_no_other_way(few: Policy) -> None:
    count, changed = compared(few, few)
    assert count == 5 * 3 * 2 + len(few.lanes)
    assert changed == []


@pytest.mark.promise("S1-69")
def test_a_changed_ladder_changes_its_cases_and_no_others(few: Policy) -> None:
    new = slower(few)
    _, changed = compared(few, new)
    assert changed
    assert all(case.name.startswith("SEV1") for case in changed)
    case = next(c for c in changed if c.name == "SEV1, by day, nobody answers")
    page = list(beside.lines(case.before, case.after, few, new))
    assert any(line.startswith("  +5 min") and "asked judy" in line and "|" in line for line in page)
    assert any(line.startswith("  +6 min") and "| asked judy" in line for line in page)


def test_a_case_that_only_one_of_them_knows_is_a_change(policy: Policy) -> None:
    _, changed = compared(of_few_kinds(policy, "outage"), of_few_kinds(policy))
    assert {case.name.split(",")[0].split()[1] for case in changed} == {"outage"}
    assert all(case.after is None for case in changed)


@pytest.mark.promise("S1-69")
def test_what_moving_an_open_incident_would_change_is_said_by_the_move_itself(policy: Policy) -> None:
    incident = acme.incident(Severity.SEV1, stage=policy.first_stage, lead=acme.user("ivan"))
    contain = policy.row(Severity.SEV1).contain
    assert contain is not None
    new = with_sev1(policy, contain=contain.model_copy(update={"minutes": 30}))
    now = datetime(2026, 11, 20, 9, 1, tzinfo=UTC)
    said = comparing.if_moved(incident, (), policy, new, acme.directory(), now)
    assert any(line.startswith("contain target: 20 Nov 10:00 UTC -> 20 Nov 09:30 UTC") for line in said)


def test_the_grid_names_every_severity_kind_moment_and_answer(policy: Policy) -> None:
    names = [name for name, _, _ in comparing.cases(policy, policy, FRIDAY_NINE)]
    assert len(names) == len(set(names))
    assert {"SEV1, by day, nobody answers", "SEV5 security, at night, answered"} <= set(names)
    assert any("on a holiday" in name for name in names)


def test_a_lane_with_less_time_is_a_changed_case(few: Policy) -> None:
    lane = few.lanes["operations"]
    hurried = lane.model_copy(update={"urgency": lane.urgency.model_copy(update={"minutes": 10})})
    new = few.model_copy(update={"lanes": {**few.lanes, "operations": hurried}, "version": "hurried"})
    _, changed = compared(few, new)
    assert [case.name for case in changed] == ["the operations lane, nobody decides"]


def test_words_alone_change_keys_and_no_case(few: Policy) -> None:
    _, changed = compared(few, with_sev1(few, meaning="Everything is on fire.", label="worst"))
    assert changed == []


def test_a_kind_that_calls_somebody_in_changes_its_own_cases_and_no_others(policy: Policy) -> None:
    new = of_few_kinds(policy, "outage", "change")
    row = new.kinds["change"].model_copy(update={"notify_first": policy.kinds["security"].notify_first})
    new = new.model_copy(update={"kinds": {**new.kinds, "change": row}, "version": "changed"})
    _, changed = compared(of_few_kinds(policy, "outage", "change"), new)
    assert changed
    assert all(case.name.split(",")[0].endswith(" change") for case in changed)


def test_two_columns_fit_into_a_line_and_show_all_that_differs(few: Policy) -> None:
    new = slower(few)
    _, changed = compared(few, new)
    assert changed
    for case in changed:
        page = list(beside.lines(case.before, case.after, few, new))
        assert all(len(line) <= beside.WIDTH for line in page)
        assert beside.differing(page)
        assert not any("…" in line for line in page)


def test_a_service_that_another_role_owns_now_has_cases_of_its_own(few: Policy) -> None:
    service = few.services["search"].model_copy(update={"owner": "iam"})
    other = few.model_copy(update={"services": {**few.services, "search": service}, "version": "other"})
    count, changed = compared(few, other)
    assert count == 5 * 3 * 2 + 3 + len(few.lanes)
    assert [one.name for one in changed] == [
        f"SEV{level} about search, by day, nobody answers" for level in (1, 2, 3)
    ]
