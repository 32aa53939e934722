from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import conditions, severity
from bot.domain.incident import Dimension, Severity
from tests.domain.acme import POLICY as ACME
from tests.domain.small_pack import FRIDAY_NINE, policy, scores

POLICY = policy()
LETTERS = ["business", "users", "data", "regulatory", "identity", "blast"]


def read(line: str) -> dict[Dimension, int | None]:
    """`4 4 1 1 - -` in the order B U D R I X; `u` is unknown, `-` was not asked."""
    cells = dict(zip(LETTERS, line.split(), strict=True))
    return scores(**{name: None if cell == "u" else int(cell) for name, cell in cells.items() if cell != "-"})


@pytest.mark.parametrize(
    ("case", "cells", "floor", "level"),
    [
        ("primary database down, everyone", "4 4 1 1 - -", None, 1),
        ("checkout failing for 20%", "3 3 0 1 - -", None, 2),
        ("slow search, 5%, workaround", "2 2 0 0 - -", None, 3),
        ("three moderate dimensions", "2 2 2 1 - -", None, 2),
        ("three serious dimensions", "3 3 3 1 - -", None, 1),
        ("typo", "1 1 0 0 - -", None, 4),
        ("an alert that cleared", "0 0 0 0 - -", None, 5),
        ("live production key in a CI log", "0 0 3 2 2 2", 2, 2),
        ("low-right service token expired in a deployment", "2 0 0 0 2 1", None, 3),
        ("tier-0 signing key expired", "3 2 1 1 4 4", 1, 1),
        ("partner identity inactive, disabled", "0 0 1 1 1 1", None, 4),
        ("one misdirected e-mail, recalled", "0 1 2 2 - -", None, 3),
        ("40k health records taken", "2 3 4 4 - -", 1, 1),
        ("known-exploited bug on a public host", "0 0 2 2 2 3", 2, 2),
        ("double-charging 2% of cards", "3 2 3 3 - -", 1, 1),
        ("all four asked, all unknown", "u u u u - -", None, 3),
        ("identity attached, all unknown", "u u u u u u", None, 2),
        ("a floor is worse than what is computed", "1 1 0 0 - -", 2, 2),
    ],
)
def test_each_worked_example_comes_out_as_agreed(
    case: str, cells: str, floor: int | None, level: int
) -> None:
    computed = severity.compute(POLICY, read(cells), floor=Severity(floor) if floor else None)
    assert computed.severity is Severity(level), case
    assert computed.reason.startswith(f"SEV{level} because ")


@pytest.mark.parametrize(
    ("case", "cells", "ticked", "level"),
    [
        ("primary database down, everyone", "4 4 1 1 - -", (), 1),
        ("checkout failing for 20%", "3 3 0 1 - -", (), 2),
        ("slow search, 5%, workaround", "2 2 0 0 - -", (), 3),
        ("three moderate dimensions", "2 2 2 1 - -", (), 2),
        ("three serious dimensions", "3 3 3 1 - -", (), 1),
        ("typo", "1 1 0 0 - -", (), 4),
        ("an alert that cleared", "0 0 0 0 - -", (), 5),
        ("live production key in a CI log", "0 0 3 2 2 2", ("S-03",), 2),
        ("low-right service token expired in a deployment", "2 0 0 0 2 1", (), 3),
        ("tier-0 signing key expired", "3 2 1 1 4 4", ("S-05",), 1),
        ("partner identity inactive, disabled", "0 0 1 1 1 1", (), 4),
        ("one misdirected e-mail, recalled", "0 1 2 2 - -", (), 3),
        ("40k health records taken", "2 3 4 4 - -", ("S-01", "S-02"), 1),
        ("known-exploited bug on a public host", "0 0 2 2 2 3", ("S-16",), 2),
        ("double-charging 2% of cards", "3 2 3 3 - -", ("S-07",), 1),
        ("all four asked, all unknown", "u u u u - -", (), 3),
    ],
)
def test_each_worked_example_comes_out_of_the_default_pack(
    case: str, cells: str, ticked: tuple[str, ...], level: int
) -> None:
    floors = conditions.floors(ACME, {name: {} for name in ticked})
    computed = severity.compute(ACME, read(cells), floors=floors)
    assert computed.severity is Severity(level), case
    for name in ticked:
        assert name in computed.reason, "the sentence names what keeps it there"


def test_the_sentence_names_the_floor_and_where_it_comes_from() -> None:
    floors = {"S-03": Severity.SEV2, "S-01": Severity.SEV1, "S-07": Severity.SEV1}
    computed = severity.compute(POLICY, read("0 0 3 0 - -"), floors=floors)
    assert computed.reason == "SEV1 because Data is 3 (much); floor SEV1 from S-01 and S-07."


@given(cells=st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_three_equal_scores_are_one_level_worse_only_where_the_policy_says_so(cells: list[int]) -> None:
    given_scores = dict(zip(Dimension, cells, strict=False))
    worst = max(cells)
    together = cells.count(worst) >= 3 and worst in (2, 3)
    assert severity.compute(POLICY, given_scores).severity == max(1, 5 - worst - together)


@pytest.mark.parametrize(
    ("cells", "floor", "sentence"),
    [
        ("3 1 0 0 - -", None, "SEV2 because Business is 3 (much)."),
        ("3 3 0 0 - -", None, "SEV2 because Business is 3 (much) and Users is 3 (much)."),
        (
            "2 2 2 0 - -",
            None,
            "SEV2 because Business is 2 (some), Users is 2 (some) and Data is 2 (some); "
            "three at the same score make it one level worse.",
        ),
        ("0 0 0 0 - -", None, "SEV5 because nothing is harmed."),
        ("0 0 u 0 - -", None, "SEV3 because Data is unknown and counts as 2 until it is settled."),
        (
            "0 0 3 0 - -",
            2,
            "SEV2 because Data is 3 (much); a stop-the-line condition keeps it at SEV2 or worse.",
        ),
    ],
)
def test_the_card_can_say_why_in_one_sentence(cells: str, floor: int | None, sentence: str) -> None:
    assert severity.compute(POLICY, read(cells), floor=Severity(floor) if floor else None).reason == sentence


def test_a_question_that_was_passed_over_is_unknown_and_never_zero() -> None:
    computed = severity.compute(POLICY, scores(business=0))
    assert computed.unknown == (Dimension.USERS, Dimension.DATA, Dimension.REGULATORY)
    assert computed.severity is Severity.SEV3


def test_identity_counts_only_when_an_identity_is_attached() -> None:
    assert Dimension.BLAST not in severity.compute(POLICY, scores(business=1)).scores
    with_identity = severity.compute(POLICY, scores(business=1, identity=1))
    assert Dimension.BLAST in with_identity.unknown


@pytest.mark.parametrize("impossible", [-1, 5, 140])
def test_a_score_outside_zero_to_four_is_refused(impossible: int) -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        severity.compute(POLICY, scores(users=impossible))


def test_unknown_cannot_make_sev1_by_itself_even_in_a_pack_that_counts_it_as_four() -> None:
    dark = {d: row.model_copy(update={"unknown_counts": 4}) for d, row in POLICY.dimensions.items()}
    fearful = POLICY.model_copy(update={"dimensions": dark})
    computed = severity.compute(fearful, read("u u u u - -"))
    assert computed.severity is Severity.SEV2
    assert "cannot make it SEV1 by itself" in computed.reason
    assert severity.compute(fearful, read("4 u u u - -")).severity is Severity.SEV1
    assert severity.compute(fearful, read("u u u u - -"), floor=Severity.SEV1).severity is Severity.SEV1


def test_targets_count_from_the_opening() -> None:
    targets = severity.targets(POLICY, Severity.SEV1, FRIDAY_NINE, customer_visible=True)
    after = {name: (at - FRIDAY_NINE) / timedelta(minutes=1) for name, at in targets.items()}
    assert after == {
        "acknowledge": 5,
        "contain": 60,
        "resolve": 240,
        "internal_update": 15,
        "external_update": 15,
        "executive_brief": 15,
    }


def test_a_severity_without_a_target_shows_none() -> None:
    assert set(severity.targets(POLICY, Severity.SEV5, FRIDAY_NINE)) == {"acknowledge"}


def test_customers_who_see_nothing_are_promised_nothing() -> None:
    assert "external_update" not in severity.targets(POLICY, Severity.SEV1, FRIDAY_NINE)


def test_after_a_change_nothing_is_due_sooner_than_people_can_act() -> None:
    changed = FRIDAY_NINE + timedelta(hours=2)
    targets = severity.targets(POLICY, Severity.SEV1, FRIDAY_NINE, changed_at=changed, customer_visible=True)
    assert targets["acknowledge"] == changed + timedelta(minutes=5)
    assert targets["contain"] == changed + timedelta(minutes=10)
    assert targets["external_update"] == changed + timedelta(minutes=10)
    assert targets["resolve"] == FRIDAY_NINE + timedelta(hours=4)


all_scores = st.fixed_dictionaries(
    {dimension: st.one_of(st.none(), st.integers(0, 4)) for dimension in list(Dimension)[:4]},
    optional={dimension: st.one_of(st.none(), st.integers(0, 4)) for dimension in list(Dimension)[4:]},
)


@given(
    given_scores=all_scores,
    dimension=st.sampled_from(list(Dimension)),
    floor=st.sampled_from([None, *Severity]),
)
def test_raising_one_score_never_makes_it_milder(
    given_scores: dict[Dimension, int | None], dimension: Dimension, floor: Severity | None
) -> None:
    before = given_scores.get(dimension)
    if before is None or before == 4:
        return
    raised = {**given_scores, dimension: before + 1}
    mild = severity.compute(POLICY, given_scores, floor=floor)
    assert severity.compute(POLICY, raised, floor=floor).severity <= mild.severity


@given(given_scores=all_scores, counts=st.integers(0, 4))
def test_whatever_the_pack_unknown_never_makes_sev1_alone(
    given_scores: dict[Dimension, int | None], counts: int
) -> None:
    rows = {d: row.model_copy(update={"unknown_counts": counts}) for d, row in POLICY.dimensions.items()}
    pack = POLICY.model_copy(update={"dimensions": rows})
    known = {d: s if s is not None else 0 for d, s in given_scores.items()}
    if severity.compute(pack, known).severity is not Severity.SEV1:
        assert severity.compute(pack, given_scores).severity is not Severity.SEV1


@given(given_scores=all_scores, floor=st.sampled_from(list(Severity)))
def test_a_floor_always_holds(given_scores: dict[Dimension, int | None], floor: Severity) -> None:
    computed = severity.compute(POLICY, given_scores, floor=floor)
    assert computed.severity <= floor
    assert computed.severity == min(floor, severity.compute(POLICY, given_scores).severity)
