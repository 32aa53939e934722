from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import packs
from bot.domain.errors import InvalidInput
from bot.rehearsal import cast, habits, times, typed
from bot.rehearsal.words import Words, read
from tests.rehearsal.conftest import FRIDAY_NINE

POLICY = packs.load()
PEOPLE = cast.of_pack(POLICY)

WRONG = [
    ({"severity": "SEV9"}, "There is no severity 'SEV9'. Write SEV1 to SEV5, for example --severity SEV2."),
    ({"severity": "SEV2", "scores": ("users=3",)}, "not both: scores make the severity"),
    ({"scores": ("users=9",)}, "Write 0 to 4 or unknown, for example users=3."),
    ({"scores": ("user=3",)}, "Did you mean users?"),
    ({"silent": ("car0",)}, "Nobody here is called 'car0'. Did you mean caro?"),
    ({"away": ("",)}, "Nobody here is called ''."),
    ({"answers": ("caro=soon",)}, "'soon' is no length of time. Write it like 7m, 2h30m or 3d."),
    ({"at": "yesterday"}, "'yesterday' is no time. Write it like 2027-03-28T01:30+01:00"),
    (
        {"at": "2027-03-28T02:30", "zone": "Europe/Oslo"},
        "there is no such time. Write 2027-03-28T03:30+0200.",
    ),
    ({"at": "9999-12-31T23:59"}, "is too far away"),
    ({"zone": "Oslo"}, "There is no time zone 'Oslo'. Did you mean Europe/Oslo?"),
    ({"zone": "../etc/passwd"}, "There is no time zone"),
    ({"kind": "securty"}, "This policy has no kind 'securty'. Did you mean security?"),
    ({"lane": "finance"}, "This policy has no lane 'finance'. Did you mean financial?"),
    ({"conditions": ("S-99",)}, "This policy has no condition 'S-99'."),
    ({"until": "9999d"}, "Write at most 400d."),
    (
        {"lane": "financial", "severity": "sev1"},
        "A lane is explained by itself, while nobody decides: leave out severity",
    ),
    ({"lane": "financial", "answers": ("caro=1m",)}, "leave out answers, or leave out the lane."),
    (
        {"silent": ("ivan",), "answers": ("ivan=1m",)},
        "Only one can be true of ivan: silent, answers or declines.",
    ),
    ({"declines": ("ivan",), "answers": ("ivan=1m",)}, "Only one can be true of ivan"),
]


@pytest.mark.parametrize(("said", "sentence"), WRONG)
def test_a_case_that_cannot_be_meant_is_one_sentence_with_an_example(
    said: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(Words(**said), POLICY, PEOPLE, FRIDAY_NINE)  # type: ignore[arg-type]
    assert sentence in str(refused.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_kindly(said: str) -> None:
    for words in (
        Words(severity=said),
        Words(kind=said),
        Words(at=said),
        Words(zone=said),
        Words(until=said),
    ):
        with suppress(InvalidInput):
            read(words, POLICY, PEOPLE, FRIDAY_NINE)
    with suppress(InvalidInput):
        typed.read(said)


@given(st.integers(1, 400 * 24 * 60))
def test_a_length_of_time_reads_as_it_is_written(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    assert times.length("x", f"{hours}h{rest}m") == timedelta(minutes=minutes)


def test_a_line_in_slack_says_the_same_as_the_options() -> None:
    said = typed.read(
        "sev2 at 2027-03-28T01:30 silent caro, ivan answers judy=7m kind security customer-visible"
    )
    assert said == Words(
        severity="sev2", at="2027-03-28T01:30", silent=("caro", "ivan"), answers=("judy=7m",), kind="security",
        customer_visible=True,
    )  # fmt: skip
    assert typed.read("business=3 users=unknown").scores == ("business=3", "users=unknown")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("sev1 quiet ivan", "I don't know what 'quiet' means here."),
        ("sev1 at", "After `at` something is missing."),
    ],
)
def test_a_line_that_means_nothing_is_answered_with_an_example(said: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        typed.read(said)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "said", ["asleep", "asleep=9m", "drunk=1m,1,1%", "asleep=9m,9,5%", "asleep=0m,1,5%", "asleep=9m,1,200%"]
)
def test_a_habit_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(InvalidInput, match=r"Write it like asleep=9m,0\.9,25%"):
        habits.read((said,))
