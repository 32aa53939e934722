from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import packs
from bot.domain.incident import Severity
from bot.rehearsal import cast, habits, plot, reckoning
from bot.rehearsal.counting import AFTER_ALARM, Tally
from bot.rehearsal.habits import Awake, Habit, Habits
from bot.rehearsal.simulating import Plan, simulate
from tests.rehearsal.conftest import FRIDAY_NINE

POLICY = packs.load()
PEOPLE = cast.of_pack(POLICY)
NAMES = {person.id: person.name for person in PEOPLE.people.values()}
PLAN = Plan(incidents=450, seed=7, since=FRIDAY_NINE, days=30, zone="Europe/Oslo")


def all_the_time(median: int, never: float) -> Habits:
    habit = Habit(median=timedelta(minutes=median), spread=0.0, never=never)
    return Habits(by=dict.fromkeys(Awake, habit), declines=0.0)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return simulate(POLICY, PEOPLE, PLAN)


def test_the_same_seed_gives_the_same_numbers_however_many_processes_share_the_work(tally: Tally) -> None:
    shared = simulate(POLICY, PEOPLE, PLAN, processes=2)
    told, again = (reckoning.as_json(one, POLICY, NAMES, per_day=4) for one in (tally, shared))
    assert told == again
    assert simulate(POLICY, PEOPLE, replace(PLAN, seed=8)).calls != tally.calls


def test_two_people_of_one_name_are_counted_apart(tally: Tally) -> None:
    people = reckoning.as_json(tally, POLICY, dict.fromkeys(NAMES, "sam"), per_day=4)["people"]
    assert people.keys() == tally.calls.keys()
    assert {row["name"] for row in people.values()} == {"sam"}


def test_every_page_is_answered_once_or_never(tally: Tally) -> None:
    assert tally.incidents.total() == PLAN.incidents
    assert sum(share for _, share in reckoning.by_rung(tally)) == pytest.approx(1)
    assert all(share >= 0 for _, share in reckoning.by_rung(tally))
    assert all(len(found) <= tally.pages[level] for level, found in tally.seconds.items())


def test_where_everybody_answers_in_a_minute_nobody_but_the_first_is_called() -> None:
    tally = simulate(POLICY, PEOPLE, replace(PLAN, incidents=60, habits=all_the_time(1, 0.0)))
    assert set(tally.answered) == {0}
    assert tally.alarms == 0
    assert "nobody" in dict(reckoning.by_rung(tally))


def test_where_nobody_ever_answers_every_ladder_ends_in_an_alarm() -> None:
    plan = replace(PLAN, incidents=15, habits=all_the_time(1, 1.0))
    tally = simulate(POLICY, PEOPLE, plan)
    assert not tally.answered
    assert tally.exhausted.total() == tally.pages.total()
    assert dict(reckoning.by_rung(tally))["nobody"] == 1


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_the_mix_decides_what_is_played(seed: int) -> None:
    plan = replace(PLAN, incidents=5, seed=seed, mix={Severity.SEV4: 1.0})
    assert set(simulate(POLICY, PEOPLE, plan).incidents) == {Severity.SEV4}


def test_people_sleep_at_night_in_their_own_zone() -> None:
    from zoneinfo import ZoneInfo

    assert habits.doing(FRIDAY_NINE, ZoneInfo("UTC")) is Awake.WORKING
    assert habits.doing(FRIDAY_NINE, ZoneInfo("America/Los_Angeles")) is Awake.ASLEEP
    assert habits.doing(FRIDAY_NINE + timedelta(days=1), ZoneInfo("UTC")) is Awake.AWAKE


def test_a_habit_is_as_slow_as_its_median() -> None:
    habit, random = Habit(median=timedelta(minutes=4), spread=0.8, never=0), Random(1)
    drawn = sorted(habit.after(random) for _ in range(2001))
    assert timedelta(minutes=3.5) < drawn[1000] < timedelta(minutes=4.5)


def test_the_report_says_what_matters_first(tally: Tally) -> None:
    page = list(reckoning.lines(tally, POLICY, NAMES, per_day=4))
    assert page[0].startswith("The first people called answer ")
    assert any(line.startswith("  SEV1 critical") for line in page)
    assert AFTER_ALARM == -1


@pytest.mark.parametrize("said", ["sev1", "sev9=1", "sev1=-1", "sev1=0", "sev1=1,sev1=2", "sev1=nan"])
def test_a_mix_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        reckoning.mix(said)


def test_the_picture_is_a_png(tally: Tally, tmp_path: Path) -> None:
    plot.draw(tmp_path / "found.png", tally, POLICY, NAMES, per_day=4, note="a note")
    assert (tmp_path / "found.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_one_sentence_says_how_to_get_it(
    tally: Tally, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot, "find_spec", lambda _name: None)
    with pytest.raises(plot.NoPlot, match=r"pip install 'tocsin\[plot\]'"):
        plot.draw(tmp_path / "found.png", tally, POLICY, NAMES, per_day=4, note="")
