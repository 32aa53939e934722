"""Thousands of random incidents, each played like a case: what the policy would cost, and what it would catch."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import repeat
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.incident import Severity, UserId
from bot.domain.items import Item, ItemId
from bot.domain.opening import Draft
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.rehearsal.counting import Tally, count
from bot.rehearsal.habits import Habits, doing
from bot.rehearsal.playing import Answer, Case, Reaction, play
from bot.rehearsal.words import TITLE, scores_for

# How often each severity comes; the rest of the world's incidents are small.
USUAL_MIX: Mapping[Severity, float] = MappingProxyType(
    {
        Severity.SEV1: 0.03,
        Severity.SEV2: 0.12,
        Severity.SEV3: 0.30,
        Severity.SEV4: 0.35,
        Severity.SEV5: 0.20,
    }
)
# Half of the incidents customers see.
VISIBLE = 0.5
# Below this a pool of processes costs more than it saves.
WORTH_A_POOL = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is simulated: so many incidents from ``since`` on, spread evenly over ``days``, in one fixed random order.

    The same plan gives the same numbers, whatever runs it: every incident draws from a generator of its own.
    """

    incidents: int
    seed: int
    since: datetime
    days: int
    zone: str
    mix: Mapping[Severity, float] = field(default_factory=lambda: dict(USUAL_MIX))
    habits: Habits = field(default_factory=Habits)


def simulate(policy: Policy, directory: Directory, plan: Plan, *, processes: int = 1) -> Tally:
    """Play every incident of a plan and count; ``processes`` share the work without changing the numbers."""
    numbers = range(plan.incidents)
    if processes < 2 or plan.incidents < WORTH_A_POOL:
        return _some(policy, directory, plan, numbers)
    parts = [numbers[start :: processes * 4] for start in range(processes * 4)]
    with ProcessPoolExecutor(processes) as pool:
        tallies = pool.map(_some, repeat(policy), repeat(directory), repeat(plan), parts)
        return _together(tallies)


def _some(policy: Policy, directory: Directory, plan: Plan, numbers: Sequence[int]) -> Tally:
    tally = Tally()
    zones = {person.id: ZoneInfo(person.tz) for person in directory.people.values()}
    for number in numbers:
        random = Random(f"{plan.seed}/{number}")  # noqa: S311 - chance in a simulation, not a secret
        case = _case(policy, plan, random, zones)
        count(tally, play(policy, directory, case), policy, zones, ZoneInfo(plan.zone))
    return tally


def _case(policy: Policy, plan: Plan, random: Random, zones: Mapping[UserId, ZoneInfo]) -> Case:
    level = random.choices(list(plan.mix), weights=list(plan.mix.values()))[0]
    at = plan.since + timedelta(minutes=random.randrange(plan.days * 24 * 60))
    home = ZoneInfo(plan.zone)

    missing: dict[UserId, bool] = {}
    answers: dict[tuple[UserId, ItemId], Answer] = {}

    def reacts(user: UserId, item: Item, now: datetime, is_reminder: bool) -> Reaction | None:
        habit = plan.habits.by[doing(now, zones.get(user, home))]
        if missing.setdefault(user, random.random() < habit.never) or is_reminder:
            return None
        declines = random.random() < plan.habits.declines
        answer = answers.setdefault((user, item.id), Answer.DECLINE if declines else Answer.ACKNOWLEDGE)
        return Reaction(habit.after(random), answer)

    draft = Draft(title=TITLE, scores=scores_for(policy, level), customer_visible=random.random() < VISIBLE)
    return Case(draft=draft, at=at, reacts=reacts)


def _together(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        whole.add(one)
    return whole
