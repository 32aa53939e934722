from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import opening
from bot.domain.decision import INCIDENT, NoticeKind, TimerKind
from bot.domain.errors import InvalidInput, NotAllowed
from bot.domain.incident import Dimension, IncidentId, Severity, Status, UserId, Workspace
from bot.domain.items import ItemKind
from tests.domain.small_pack import FRIDAY_NINE, directory, policy, scores, user
from tests.domain.world import World


def test_an_opening_is_one_decision_with_everything_that_follows() -> None:
    world = World()
    incident = world.opens(Severity.SEV1, customer_visible=True, summary="All regions.")
    assert (incident.key, incident.severity, incident.status) == ("INC-7", Severity.SEV1, Status.OPEN)
    assert incident.policy_version == "small"
    assert incident.severity_reason == "SEV1 because Business is 4 (all)."
    assert world.said(NoticeKind.CREATE_CHANNEL) == [(0, INCIDENT)]
    assert sorted(name for _, name, _ in world.asked()) == ["eli", "ivan", "mona", "tess"]
    kinds = {fact.kind for _, fact in world.facts}
    assert {
        "incident.opened",
        "severity.computed",
        "role.assigned",
        "nextstep.owed",
        "comms.promised",
    } <= kinds


def test_each_role_has_a_page_a_time_and_a_ladder_of_its_own() -> None:
    world = World()
    world.opens(Severity.SEV1)
    pages = [item for item in world.items.values() if item.kind is ItemKind.ACKNOWLEDGE]
    assert {page.role for page in pages} == {"incident_manager", "l3", "technical_lead", "comms_lead"}
    assert {page.due_at for page in pages} == {FRIDAY_NINE + timedelta(minutes=5)}
    assert len({page.id for page in pages}) == 4


@pytest.mark.parametrize(
    ("given_scores", "roles"),
    [
        (scores(business=2, users=0, data=0, regulatory=0), {"l2"}),
        (scores(business=2, users=0, data=2, regulatory=0), {"l2", "legal_liaison"}),
        (scores(business=2, users=0, data=0, regulatory=2), {"l2", "legal_liaison"}),
        (scores(business=2, users=0, data=None, regulatory=0), {"l2"}),
    ],
    ids=["nobody else", "data at risk", "a duty possible", "unknown is settled first"],
)
def test_a_role_is_called_in_when_its_condition_holds(
    given_scores: dict[Dimension, int | None], roles: set[str]
) -> None:
    world = World()
    world.opens(scores=given_scores)
    assert {i.role for i in world.items.values() if i.kind is ItemKind.ACKNOWLEDGE} == roles


def test_what_customers_see_calls_in_the_comms_lead() -> None:
    world = World()
    world.opens(Severity.SEV3, customer_visible=True)
    assert world.page("comms_lead").holders == (user("mona"),)
    assert world.of(ItemKind.UPDATE).role == "comms_lead"


def test_a_person_may_open_it_worse_than_computed_with_a_reason() -> None:
    world = World()
    incident = world.opens(Severity.SEV3, severity=Severity.SEV2, severity_reason="our largest customer")
    assert (incident.severity, incident.computed_severity) == (Severity.SEV2, Severity.SEV3)
    assert incident.severity_reason == "SEV2 because our largest customer"
    assert world.record("severity.changed")[0]["by"] == user("ana")


@pytest.mark.parametrize(
    ("draft", "field", "words"),
    [
        ({"title": ""}, "title", "Please give it a title"),
        ({"title": "  \n "}, "title", "Please give it a title"),
        ({"title": "!?"}, "title", "Please give it a title"),
        ({"title": "x" * 300}, "title", "The title has 300 characters; please keep it to 150"),
        ({"summary": "x" * 3001}, "summary", "keep it to 3000"),
        ({"scores": scores(users=5)}, "users", "from 0 to 4"),
        ({"scores": scores(data=-1)}, "data", "from 0 to 4"),
        ({"severity": Severity.SEV5}, "severity", "cannot be opened as SEV5"),
        ({"severity": Severity.SEV1}, "severity_reason", "Please say why it is SEV1"),
        ({"severity": Severity.SEV1, "severity_reason": "x" * 501}, "severity_reason", "keep it to 500"),
    ],
)
def test_a_bad_draft_is_refused_by_field_with_one_kind_sentence(
    draft: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        World().opens(Severity.SEV3, **draft)
    assert words in refused.value.problems[field]


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        opening.validate(opening.Draft(title="", summary="x" * 4000, scores=scores(users=9)))
    assert set(refused.value.problems) == {"title", "summary", "users"}


def test_a_title_of_many_lines_becomes_one() -> None:
    assert World().opens(title=" Checkout \n is\tdown ").title == "Checkout is down"


@pytest.mark.parametrize("who", ["UBOT", "UEXT"])
def test_apps_and_outsiders_open_nothing(who: str) -> None:
    with pytest.raises(NotAllowed):
        opening.open_incident(
            policy(),
            directory(),
            opening.Draft(title="Checkout is down"),
            id=IncidentId("i1"),
            number=1,
            by=UserId(who),
            workspace=Workspace(team_id="T1"),
            now=FRIDAY_NINE,
        )


def test_drill_and_private_are_kept_on_the_record() -> None:
    incident = World().opens(drill=True, private=True)
    assert incident.drill
    assert incident.private


def test_everything_owed_at_the_opening_is_being_chased() -> None:
    world = World()
    world.opens(Severity.SEV2, scores=scores(business=3), customer_visible=True)
    assert len(world.items) > 3
    for item in world.items.values():
        kinds = {kind for owner, kind in world.timers if owner == item.id}
        assert kinds & {TimerKind.RUNG, TimerKind.OVERDUE}, item.title


@given(title=st.text(max_size=200), summary=st.text(max_size=50))
def test_any_text_is_either_opened_or_refused_kindly(title: str, summary: str) -> None:
    draft = opening.Draft(title=title, summary=summary)
    problems = refused(draft)
    assert set(problems) <= {"title"}
    if not problems:
        opened = World().opens(title=title, summary=summary)
        assert 1 <= len(opened.title) <= 150
        assert opened.title == opened.title.strip()


def refused(draft: opening.Draft) -> dict[str, str]:
    try:
        opening.validate(draft)
    except InvalidInput as wrong:
        return wrong.problems
    return {}
