from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import gates, progress, stages, triage
from bot.domain.errors import InvalidInput, NotAllowed, NotMet
from bot.domain.incident import Dimension, Incident, Role, Severity, Stage
from bot.domain.items import Item, ItemId, ItemKind
from bot.domain.policy import Criterion
from tests.domain.acme import NINE, POLICY, TRIAGED, at, directory, facts, incident, user

TRIAGE, CONTAIN, DIAGNOSE, RESOLVE = map(Stage, ("triage", "contain", "diagnose", "resolve"))


def raw(level: Severity = Severity.SEV3, **changes: object) -> Incident:
    """An incident that nobody has triaged."""
    return incident(level, **{"answers": {}, "ticked": {}, **changes})


def missing(subject: Incident, to: Stage = CONTAIN, items: tuple[Item, ...] = ()) -> set[str]:
    return {one.id for one in gates.missing(subject, items, POLICY, to).strict}


def enter(subject: Incident, to: Stage, by: str = "ivan", override: str = "") -> Incident:
    return stages.enter(
        subject, (), to, POLICY, directory(), by=user(by), now=NINE, texts=TEXTS, override=override
    ).incident


TEXTS = {text.template: "A text." for row in POLICY.stages.values() for text in row.texts}


def test_what_triage_needs_follows_the_severity_and_the_case() -> None:
    assert missing(raw()) == {"severity", "scope", "credible"}
    assert missing(raw(lead=None)) == {"severity", "scope", "credible", "lead"}
    assert missing(raw(Severity.SEV4)) == set(), "a minor one is not held up"
    unknown = raw(scores={Dimension.DATA: None})
    assert "data" in missing(unknown)
    exposed = raw(scores={Dimension.DATA: 2})
    assert "legal" in missing(exposed)
    page = Item(
        id=ItemId("p"), incident_id=exposed.id, kind=ItemKind.ACKNOWLEDGE, role=Role("legal_liaison"), title="",
        opened_at=NINE, asked_at=NINE,
    )  # fmt: skip
    assert "legal" not in missing(exposed, items=(page,))


def test_a_refusal_names_each_thing_that_is_missing_and_who_may_go_on_without() -> None:
    with pytest.raises(NotMet) as refused:
        enter(raw(), CONTAIN)
    said = str(refused.value)
    for part in (
        "confirm the severity",
        "say how far it reaches",
        "say whether it is real",
        "incident manager",
    ):
        assert part in said
    assert refused.value.audit_kind == "stage.refused"


def test_only_who_has_the_right_overrides_and_only_with_a_reason() -> None:
    with pytest.raises(NotMet):
        enter(raw(), CONTAIN, override="   ")
    with pytest.raises(NotAllowed, match="incident manager or L2 platform"):
        enter(raw(), CONTAIN, by="mona", override="hurry")
    with pytest.raises(InvalidInput, match="501 characters"):
        enter(raw(), CONTAIN, override="x" * 501)
    moved = enter(raw(), CONTAIN, override="hurry")
    assert moved.stage == CONTAIN
    assert {name for name, _, _ in gates.overridden(moved)} == {
        "triage/severity",
        "triage/scope",
        "triage/credible",
    }


@given(st.sampled_from(list(POLICY.stages)), st.sampled_from(list(POLICY.stages)), st.sampled_from(Severity))
def test_nothing_is_missing_on_the_way_back(here: Stage, to: Stage, level: Severity) -> None:
    order = list(POLICY.stages)
    lacks = gates.missing(raw(level, stage=here), (), POLICY, to)
    if order.index(to) <= order.index(here):
        assert lacks == gates.Missing()
    assert set(lacks.skipped) <= set(POLICY.row(level).stages), (
        "only what the severity requires is held against it"
    )


@given(st.permutations([DIAGNOSE, CONTAIN, RESOLVE]), st.sampled_from(Severity))
def test_a_required_stage_that_was_passed_over_stays_so_until_somebody_was_in_it(
    been: list[Stage], level: Severity
) -> None:
    subject = raw(level, stage=Stage("recover"))
    for stage in been:
        before = set(gates.passed_over(subject, POLICY))
        subject = progress.kept(subject, NINE, stage)
        assert set(gates.passed_over(subject, POLICY)) == before - {stage}


def test_ticks_are_kept_once_and_what_the_bot_sees_itself_is_not_ticked() -> None:
    subject = incident(stage=CONTAIN)
    made = gates.tick(
        subject, ["harm_stopped", "harm_stopped", "nonsense"], POLICY, by=user("caro"), now=NINE
    )
    assert facts(made) == ["criterion.met"]
    again = gates.tick(made.incident, ["harm_stopped"], POLICY, by=user("dev"), now=at(1))
    assert facts(again) == []
    assert gates.tick(raw(), ["severity"], POLICY, by=user("caro"), now=NINE).facts == ()


def test_every_check_that_a_pack_may_name_has_a_rule() -> None:
    for name in gates.CHECKS:
        one = Criterion(id="x", text="x", check=name)
        assert gates.is_met(one, incident(), (), POLICY) in (True, False)


def answer(subject: Incident, by: str = "caro", **given_: str) -> Incident:
    said = {name.replace("__", ":"): text for name, text in given_.items()}
    return triage.answer(subject, (), POLICY, directory(), said, by=user(by), now=NINE).incident


def test_the_same_answers_again_change_nothing() -> None:
    told = answer(raw(), scope="external", severity="yes", data="0")
    made = triage.answer(
        told, (), POLICY, directory(), {"scope": "external", "severity": "yes", "data": "0", "collect:x": " "},
        by=user("dev"), now=at(1),
    )  # fmt: skip
    assert made.facts == ()
    assert told.answers == {"scope": "external", "severity": "SEV3"}


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("scope", "everywhere", "internal or external"),
        ("data", "7", "from 0 to 4"),
        ("severity", "perhaps", "yes or no"),
        ("service", "fax", "a service of the policy"),
        ("credible:harm", "maybe", "yes or no"),
        ("collect:nothing", "x", "not asked any more"),
    ],
)
def test_an_impossible_answer_is_refused_by_its_question(name: str, text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refused:
        triage.answer(raw(), (), POLICY, directory(), {name: text}, by=user("caro"), now=NINE)
    assert list(refused.value.problems) == [name]


def test_worse_data_raises_the_severity_at_once_and_the_worse_one_is_what_is_confirmed() -> None:
    told = answer(raw(), data="3", severity="yes")
    assert (told.severity, told.answers["severity"]) == (Severity.SEV2, "SEV2")


def test_beginning_again_keeps_what_was_told_and_forgets_what_was_met() -> None:
    subject = replace(incident(), answers=TRIAGED | {"severity": "SEV3"})
    again = triage.forgotten(subject)
    assert again.answers == TRIAGED
    assert again.ticked == {}
