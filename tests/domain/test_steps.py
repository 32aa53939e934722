from datetime import datetime, timedelta

import pytest

from bot.domain import steps
from bot.domain.decision import INCIDENT, Decision, NoticeKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Severity, UserId
from bot.domain.items import ItemKind, ItemState
from tests.domain.small_pack import FRIDAY_NINE, directory, user
from tests.domain.world import World


def sets(
    world: World,
    text: str = "Roll back release 41",
    owner: str | None = "eli",
    due: datetime | None = FRIDAY_NINE + timedelta(minutes=60),
    by: str = "ivan",
) -> Decision:
    return world.does(
        steps.set_step(
            world.incident,
            tuple(world.items.values()),
            world.policy,
            world.directory,
            text=text,
            owner=user(owner) if owner else None,
            due=due,
            by=user(by),
            now=world.now,
        )
    )


def finishes(world: World, by: str = "eli") -> Decision:
    items = tuple(world.items.values())
    item = world.of(ItemKind.NEXT_STEP)
    return world.does(
        steps.finish_step(
            world.incident, item, items, world.policy, world.directory, by=user(by), now=world.now
        )
    )


def a_world() -> World:
    world = World()
    world.opens(Severity.SEV1)
    world.acknowledges("ivan", "incident_manager")
    return world


@pytest.mark.promise("S0-03")
def test_a_next_step_is_owed_from_the_opening_and_its_time_starts_with_the_answer() -> None:
    world = World()
    world.opens(Severity.SEV1)
    owed = world.of(ItemKind.NEXT_STEP)
    assert (owed.holders, owed.due_at) == ((user("ivan"),), FRIDAY_NINE + timedelta(minutes=20))
    world.passes(7)
    world.acknowledges("judy", "incident_manager")
    owed = world.of(ItemKind.NEXT_STEP)
    assert (owed.holders, owed.due_at) == ((user("judy"),), FRIDAY_NINE + timedelta(minutes=22))


def test_whoever_sets_a_step_for_somebody_else_has_them_told() -> None:
    world = a_world()
    sets(world)
    item = world.of(ItemKind.NEXT_STEP)
    assert (item.title, item.holders) == ("Roll back release 41", (user("eli"),))
    assert world.said(NoticeKind.REMINDER) == [(0, "user:UELI")]
    sets(world, owner="ivan")
    assert len(world.said(NoticeKind.REMINDER)) == 1, "ivan knows what he set himself"


def test_a_step_is_nagged_halfway_and_told_to_the_lead_when_it_is_due_until_it_is_done() -> None:
    world = a_world()
    sets(world)
    world.passes(59)
    assert (30, "user:UELI") in world.said(NoticeKind.NAG)
    world.passes(17)
    overdue = [(at, to) for at, to in world.said(NoticeKind.REMINDER) if at > 0]
    assert [to for at, to in overdue if at == 60] == ["user:UELI", "user:UIVAN", INCIDENT]
    assert [to for at, to in overdue if at == 75] == ["user:UELI", "user:UIVAN", INCIDENT]
    finishes(world)
    before = world.record("nextstep.overdue")
    assert [fact["number"] for fact in before] == [1, 2]


def test_a_finished_step_leaves_the_next_one_owed() -> None:
    world = a_world()
    sets(world)
    finishes(world)
    done, owed = [item for item in world.items.values() if item.kind is ItemKind.NEXT_STEP]
    assert (done.state, owed.state) == (ItemState.DONE, ItemState.OPEN)
    assert {item for item, _ in world.timers}.isdisjoint({done.id})
    assert owed.due_at == FRIDAY_NINE + timedelta(minutes=15)
    assert owed.holders == (user("ivan"),)


def test_a_step_without_owner_or_time_gets_the_lead_and_the_severitys_time() -> None:
    world = a_world()
    sets(world, owner=None, due=None)
    item = world.of(ItemKind.NEXT_STEP)
    assert (item.holders, item.due_at) == ((user("ivan"),), FRIDAY_NINE + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("text", "owner", "due", "field", "words"),
    [
        ("", "eli", 60, "text", "Please say what happens next"),
        ("x" * 301, "eli", 60, "text", "keep it to 300"),
        ("Roll back", "dela", 60, "owner", "dela cannot own a step"),
        ("Roll back", "eli", -5, "due", "That time has passed"),
        ("Roll back", "eli", 0, "due", "That time has passed"),
        ("Roll back", "eli", 60 * 24 * 400, "due", "within a year"),
    ],
)
def test_a_bad_step_is_refused_by_field(text: str, owner: str, due: int, field: str, words: str) -> None:
    world = a_world()
    world.directory = directory(eli={"name": "eli"})
    people = {**world.directory.people}
    people[user("dela")] = people[user("fay")].__class__(id=user("dela"), name="dela", is_active=False)
    world.directory = world.directory.__class__(people=people, references=world.directory.references)
    with pytest.raises(InvalidInput) as refused:
        sets(world, text=text, owner=owner, due=FRIDAY_NINE + timedelta(minutes=due))
    assert words in refused.value.problems[field]


def test_a_step_that_nobody_named_cannot_be_finished() -> None:
    with pytest.raises(NotNow, match="Nobody has said yet what the next step is"):
        finishes(a_world())


def test_a_finished_step_cannot_be_finished_again() -> None:
    world = a_world()
    sets(world)
    item = world.of(ItemKind.NEXT_STEP)
    finishes(world)
    done = world.items[item.id]
    with pytest.raises(IllegalMove):
        steps.finish_step(
            world.incident, done, (), world.policy, world.directory, by=user("eli"), now=world.now
        )


def test_an_app_sets_no_step() -> None:
    world = a_world()
    with pytest.raises(NotAllowed):
        steps.set_step(
            world.incident,
            (),
            world.policy,
            world.directory,
            text="Roll back",
            owner=None,
            due=None,
            by=UserId("UBOT"),
            now=world.now,
        )


def test_a_step_that_fell_due_while_the_bot_was_down_is_told_once_and_how_late() -> None:
    world = a_world()
    sets(world)
    world.is_down(90)
    overdue = world.record("nextstep.overdue")
    assert [fact["late_seconds"] for fact in overdue] == [30 * 60]
    assert (90, "user:UELI") not in world.said(NoticeKind.NAG)
