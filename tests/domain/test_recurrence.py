from hypothesis import given
from hypothesis import strategies as st

from bot.domain import recurrence
from tests.domain.acme import NINE, POLICY, directory, facts, incident


@given(st.integers(0, 9999), st.integers(0, 9999), st.text(max_size=400), st.text(max_size=200))
def test_numbers_and_letter_case_do_not_tell_two_incidents_apart(
    one: int, other: int, title: str, kind: str
) -> None:
    first = recurrence.fingerprint("", kind, f"{title} node {one}")
    second = recurrence.fingerprint("", "", f"{title}  NODE  {other}")
    assert first == second
    assert len(first) <= recurrence.LONGEST


def test_a_service_and_a_kind_are_better_than_a_title() -> None:
    assert recurrence.fingerprint("search", "outage", "A") == recurrence.fingerprint("search", "outage", "B")
    assert recurrence.fingerprint("search", "outage", "A") != recurrence.fingerprint(
        "search", "security", "A"
    )
    assert recurrence.fingerprint("", "outage", "42 !") == "", "nothing to recognise it by"


def test_the_second_of_its_kind_suggests_nothing_and_the_same_suggestion_is_made_once() -> None:
    earlier = [incident(id=f"i{number}", number=number) for number in (1, 2)]
    subject = incident(number=3, id="i3")
    second = recurrence.came_back(subject, (), earlier[:1], POLICY, directory(), NINE)
    assert facts(second) == []
    third = recurrence.came_back(subject, (), earlier, POLICY, directory(), NINE)
    assert facts(third)[:2] == ["threshold.crossed", "ai.suggested"]
    again = recurrence.came_back(third.incident, third.items, earlier, POLICY, directory(), NINE)
    assert facts(again) == ["threshold.crossed"]
