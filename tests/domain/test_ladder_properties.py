from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import change
from bot.domain.decision import NoticeKind, TimerKind
from bot.domain.errors import BotError
from bot.domain.incident import Severity
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.policy import Ladder
from tests.domain.small_pack import ROSTER, SEVERITIES, minutes, policy, rungs, step, user
from tests.domain.world import World

SLOTS = ("primary", "backup", "l3", "technical_lead", "incident_manager")
NAMES = [name for names in ROSTER.values() for name in names]

steps = st.builds(
    lambda ask, inform, wait: step(*ask, wait=wait, inform=tuple(inform)),
    st.lists(st.sampled_from(SLOTS), max_size=2, unique=True),
    st.lists(st.sampled_from(["executive_sponsor", "security"]), max_size=1),
    st.integers(1, 40),
)
ladders = st.builds(
    lambda climb, repeat, alarm: rungs(*climb, repeat=repeat, alarm=alarm),
    st.lists(steps, min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(5, 60),
)
rosters = st.fixed_dictionaries(
    {},
    optional={
        role: st.tuples(st.sampled_from(["", *NAMES]), st.sampled_from(["", *NAMES]))
        for role in ("l2", "l3", "technical_lead", "incident_manager")
    },
)
acts = st.one_of(
    st.tuples(st.just("passes"), st.integers(0, 90)),
    st.tuples(st.just("is_down"), st.integers(0, 500)),
    st.tuples(st.sampled_from(["declines", "acknowledges", "cannot_reach"]), st.integers(0, 3)),
    st.tuples(st.just("escalates"), st.integers(0, 0)),
    st.tuples(st.just("severity"), st.integers(1, 5)),
)


def a_world(ladder: Ladder, roster: dict[str, tuple[str, str]]) -> World:
    moderate = SEVERITIES[Severity.SEV3].model_copy(update={"ladder": ladder, "ack_lease": minutes(50)})
    world = World(policy=policy(roster, {Severity.SEV3: moderate}))
    world.opens(Severity.SEV3)
    return world


def pages(world: World) -> Iterator[Item]:
    return (item for item in world.items.values() if item.kind is ItemKind.ACKNOWLEDGE)


def somebody_is_always_after_it(world: World) -> None:
    for page in pages(world):
        kinds = {kind: timer for (item, kind), timer in world.timers.items() if item == page.id}
        if page.state is ItemState.OPEN:
            assert page.holders, "an open page always asks somebody"
            assert page.due_at is not None
            assert kinds[TimerKind.RUNG].at == page.due_at
            assert page.due_at > world.now, "silence always has a next moment"
        elif page.state is ItemState.EXHAUSTED:
            alarms = [
                n for _, n in world.notices.values() if n.kind is NoticeKind.ALARM and n.item_id == page.id
            ]
            assert alarms, "the end of a ladder is loud"
            if world.policy.row(world.incident.severity).ladder.alarm:
                assert kinds[TimerKind.ALARM].at > world.now
        elif page.state is ItemState.ACKNOWLEDGED and page.lease_until is not None:
            assert kinds[TimerKind.LEASE].at == page.lease_until


def does(world: World, act: str, number: int) -> None:
    page = next((p for p in pages(world) if p.state in (ItemState.OPEN, ItemState.EXHAUSTED)), None)
    if act in ("passes", "is_down"):
        getattr(world, act)(number)
    elif act == "severity":
        items = tuple(world.items.values())
        world.does(
            change.change_severity(
                world.incident,
                items,
                world.policy,
                world.directory,
                Severity(number),
                by=user("ivan"),
                reason="so",
                now=world.now,
            )
        )
    elif page is not None and act == "escalates":
        world.escalates("ana", page.role or "")
    elif page is not None and page.holders:
        name = page.holders[number % len(page.holders)].removeprefix("U").lower()
        getattr(world, act)(name, page.role or "")


@settings(max_examples=150)
@given(ladder=ladders, roster=rosters)
def test_silence_is_always_chased_to_the_alarm(ladder: Ladder, roster: dict[str, tuple[str, str]]) -> None:
    world = a_world(ladder, roster)
    longest = sum((s.wait.minutes or 0) for s in ladder.steps) * (ladder.repeat + 1)
    for _ in range(10):
        world.passes(longest / 10)
        somebody_is_always_after_it(world)
    assert world.page("l2").state is ItemState.EXHAUSTED


@settings(max_examples=200)
@given(ladder=ladders, roster=rosters, story=st.lists(acts, max_size=12))
def test_whatever_happens_somebody_is_after_it_and_nothing_is_said_twice(
    ladder: Ladder, roster: dict[str, tuple[str, str]], story: list[tuple[str, int]]
) -> None:
    world = a_world(ladder, roster)
    for act, number in story:
        with suppress(BotError):
            does(world, act, number)
        somebody_is_always_after_it(world)


@settings(max_examples=150)
@given(ladder=ladders, roster=rosters, story=st.lists(acts, max_size=6), down=st.integers(0, 300))
def test_the_same_moment_never_fires_twice(
    ladder: Ladder, roster: dict[str, tuple[str, str]], story: list[tuple[str, int]], down: int
) -> None:
    world = a_world(ladder, roster)
    for act, number in story:
        with suppress(BotError):
            does(world, act, number)
    world.now += timedelta(minutes=down)
    for item in tuple(world.items.values()):
        for kind in TimerKind:
            world.fires((item.id, kind))
    for item in tuple(world.items.values()):
        for kind in TimerKind:
            again = world.fires((item.id, kind))
            assert (again.facts, again.notices) == ((), ())


@settings(max_examples=150)
@given(ladder=ladders, roster=rosters, quiet=st.integers(0, 200), after=st.integers(0, 49))
def test_an_answer_always_ends_it(
    ladder: Ladder, roster: dict[str, tuple[str, str]], quiet: int, after: int
) -> None:
    world = a_world(ladder, roster)
    world.passes(quiet)
    page = world.page("l2")
    world.acknowledges(page.holders[0].removeprefix("U").lower() if page.holders else "sam", "l2")
    said = len([n for _, n in world.notices.values() if n.item_id == page.id])
    world.passes(after)
    assert len([n for _, n in world.notices.values() if n.item_id == page.id]) == said


@settings(max_examples=100)
@given(ladder=ladders, roster=rosters, story=st.lists(acts, max_size=10))
def test_whoever_declined_is_left_alone_until_the_next_climb(
    ladder: Ladder, roster: dict[str, tuple[str, str]], story: list[tuple[str, int]]
) -> None:
    world = a_world(ladder, roster)
    for act, number in story:
        with suppress(BotError):
            does(world, act, number)
        for page in pages(world):
            if page.state is ItemState.OPEN:
                assert set(page.holders).isdisjoint(page.details.get("declined", ()))
