from datetime import timedelta

import pytest

from bot.domain import settle
from bot.domain.decision import INCIDENT, Decision, NoticeKind
from bot.domain.errors import InvalidInput
from bot.domain.incident import Dimension, Severity
from bot.domain.items import ItemKind, ItemState
from tests.domain.small_pack import FRIDAY_NINE, scores, user
from tests.domain.world import World


def in_the_dark() -> World:
    world = World()
    world.opens(scores=scores(business=3, users=1))
    world.acknowledges("ivan", "incident_manager")
    return world


def rescores(world: World, **given: int | None) -> Decision:
    return world.does(
        settle.rescore(
            world.incident,
            tuple(world.items.values()),
            world.policy,
            world.directory,
            scores(**given),
            by=user("caro"),
            now=world.now,
        )
    )


def test_what_is_unknown_is_owed_by_the_lead_and_chased_until_it_is_settled() -> None:
    world = in_the_dark()
    item = world.of(ItemKind.SETTLE)
    assert (item.title, item.holders) == ("Data, Regulatory", (user("ivan"),))
    assert item.due_at == FRIDAY_NINE + timedelta(minutes=30)
    world.passes(61)
    mine = [(world.minute(at), n.kind, n.to) for at, n in world.notices.values() if n.item_id == item.id]
    assert mine == [
        (15, NoticeKind.NAG, "user:UIVAN"),
        (30, NoticeKind.REMINDER, "user:UIVAN"),
        (30, NoticeKind.REMINDER, INCIDENT),
        (60, NoticeKind.REMINDER, "user:UIVAN"),
        (60, NoticeKind.REMINDER, INCIDENT),
    ]


def test_the_task_ends_once_everything_is_known() -> None:
    world = in_the_dark()
    rescores(world, data=0)
    assert world.of(ItemKind.SETTLE).title == "Regulatory"
    rescores(world, regulatory=1)
    item = world.of(ItemKind.SETTLE)
    assert item.state is ItemState.DONE
    assert not [key for key in world.timers if key[0] == item.id]


def test_nothing_unknown_owes_nothing() -> None:
    world = World()
    world.opens(Severity.SEV3)
    assert not [item for item in world.items.values() if item.kind is ItemKind.SETTLE]


@pytest.mark.promise("S3-16")
def test_worse_scores_change_the_severity_at_once_and_say_why() -> None:
    world = World()
    world.opens(Severity.SEV3)
    rescores(world, users=4)
    assert world.incident.severity is Severity.SEV1
    assert world.incident.severity_reason == "SEV1 because Users is 4 (all)."
    assert world.page("incident_manager").holders == (user("ivan"),)


def test_milder_scores_are_shown_beside_and_lower_nothing() -> None:
    world = World()
    world.opens(Severity.SEV2)
    rescores(world, business=1)
    assert (world.incident.severity, world.incident.computed_severity) == (Severity.SEV2, Severity.SEV4)
    assert world.incident.severity_reason.startswith("SEV2 because Business is 3")


def test_an_impossible_score_is_refused_by_its_name() -> None:
    world = in_the_dark()
    with pytest.raises(InvalidInput) as refused:
        rescores(world, data=7)
    assert set(refused.value.problems) == {Dimension.DATA.value}
