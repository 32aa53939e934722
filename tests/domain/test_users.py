import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import users
from bot.domain.errors import InvalidInput
from tests.domain.acme import POLICY


@pytest.mark.promise("S0-24")
@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("", None),
        ("unknown", None),
        ("?", None),
        ("0", 0),
        ("0%", 0),
        ("one user", None),
        ("1 user", 1),
        ("0.5%", 1),
        ("1%", 2),
        ("9.9 %", 2),
        ("10%", 3),
        ("about 20% of customers", 3),
        ("50 percent", 4),
        ("100%", 4),
        ("49", 1),
        ("50", 2),
        ("1500", 3),
        ("1,500", 3),
        ("5k users", 4),
        ("5% or 6000", 4),
    ],
)
def test_a_share_or_a_number_becomes_a_score(said: str, score: int | None) -> None:
    if said == "one user":
        with pytest.raises(InvalidInput, match="I cannot read 'one user'"):
            users.scored(POLICY, said)
        return
    assert users.scored(POLICY, said) == score


@pytest.mark.promise("S0-24")
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("-1", "cannot be less than 0"),
        ("-3%", "cannot be less than 0%"),
        ("140%", "140% is more than everybody"),
        ("many", "I cannot read 'many'"),
        ("1e99", "I cannot read"),
        ("9" * 4000, "I cannot read"),
    ],
)
def test_what_cannot_be_is_refused_with_an_example(said: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        users.scored(POLICY, said)
    assert list(refused.value.problems) == ["users_said"]
    assert "such as 20%" in str(refused.value)


@given(one=st.integers(0, 10_000_000), other=st.integers(0, 10_000_000))
def test_more_users_never_score_less(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    scores = users.scored(POLICY, str(fewer)), users.scored(POLICY, str(more))
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0] <= scores[1]


@given(said=st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_kindly(said: str) -> None:
    try:
        score = users.scored(POLICY, said)
    except InvalidInput as refused:
        assert "such as 20%" in str(refused)  # noqa: PT017
    else:
        assert score is None or 0 <= score <= 4
