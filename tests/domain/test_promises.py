from datetime import timedelta

import pytest

from bot.domain import promises
from bot.domain.decision import INCIDENT, NoticeKind
from bot.domain.errors import InvalidInput
from bot.domain.incident import Severity
from bot.domain.items import ItemKind, ItemState
from tests.domain.small_pack import FRIDAY_NINE, policy, user
from tests.domain.world import World


def seen_by_customers() -> World:
    world = World()
    world.opens(Severity.SEV1, customer_visible=True)
    for role, name in (("incident_manager", "ivan"), ("comms_lead", "mona"), ("l3", "eli")):
        world.acknowledges(name, role)
    world.acknowledges("tess", "technical_lead")
    return world


def reminded(world: World, moment: str) -> list[tuple[float, str]]:
    return [
        (world.minute(at), notice.to)
        for at, notice in world.notices.values()
        if notice.data.get("moment") == moment
    ]


def test_the_first_customer_update_is_promised_at_the_opening() -> None:
    world = seen_by_customers()
    assert world.incident.next_update_at == FRIDAY_NINE + timedelta(minutes=15)
    assert world.of(ItemKind.UPDATE).holders == (user("mona"),)


def test_a_promise_is_reminded_then_overdue_then_passed_to_the_backup() -> None:
    world = seen_by_customers()
    world.passes(26)
    assert reminded(world, "due_soon") == [(10, "user:UMONA")]
    assert reminded(world, "overdue") == [(15, "user:UMONA"), (15, "user:UIVAN"), (15, INCIDENT)]
    assert reminded(world, "backup") == [(25, "user:UNILS")]
    assert world.of(ItemKind.UPDATE).holders == (user("nils"),)
    assert world.record("comms.overdue")[0]["late_seconds"] == 0


def test_a_kept_promise_is_quiet_and_the_next_one_begins_anew() -> None:
    world = seen_by_customers()
    world.passes(12)
    item = promises.current(world.items.values())
    assert item is not None
    world.does(promises.kept(world.incident, item, by=user("mona"), now=world.now))
    assert (world.items[item.id].state, world.incident.next_update_at) == (ItemState.DONE, None)
    at = FRIDAY_NINE + timedelta(minutes=32)
    world.does(promises.promise(world.incident, world.policy, world.directory, at, world.now))
    world.passes(16)
    assert reminded(world, "overdue") == []
    assert reminded(world, "due_soon")[-1] == (27, "user:UMONA")


def test_how_late_a_promise_was_kept_is_on_record() -> None:
    world = seen_by_customers()
    world.passes(18)
    world.does(promises.kept(world.incident, world.of(ItemKind.UPDATE), by=user("nils"), now=world.now))
    assert world.record("comms.kept")[0]["late_seconds"] == 180


def test_an_internal_note_does_not_keep_a_promise_to_customers() -> None:
    world = seen_by_customers()
    items = world.items.values()
    assert promises.current(items, "internal") is None
    at = FRIDAY_NINE + timedelta(minutes=30)
    said = promises.promise(world.incident, world.policy, world.directory, at, world.now, audience="internal")
    world.does(said)
    assert world.incident.next_update_at == FRIDAY_NINE + timedelta(minutes=15), "the sooner one is shown"
    note = promises.current(world.items.values(), "internal")
    assert note is not None
    assert note.holders == (user("ivan"),)
    world.does(
        promises.kept(world.incident, note, by=user("ivan"), now=world.now, items=tuple(world.items.values()))
    )
    assert world.incident.next_update_at == FRIDAY_NINE + timedelta(minutes=15)


def test_without_a_backup_the_lead_is_told_and_so_is_the_channel() -> None:
    world = World(policy=policy({"comms_lead": ("mona", "")}))
    world.opens(Severity.SEV3, customer_visible=True)
    world.acknowledges("mona", "comms_lead")
    world.acknowledges("caro", "l2")
    world.passes(251)
    assert reminded(world, "backup") == [(250, "user:UCARO"), (250, INCIDENT)]
    assert world.record("comms.passed_on")[0]["reason"] == "vacancy"


def test_while_customers_see_nothing_the_lead_owes_the_internal_update() -> None:
    world = World()
    world.opens(Severity.SEV3)
    assert world.of(ItemKind.UPDATE).holders == (user("caro"),)


def test_a_promise_that_fell_due_while_the_bot_was_down_is_told_once() -> None:
    world = seen_by_customers()
    world.is_down(20)
    assert reminded(world, "due_soon") == []
    assert len(reminded(world, "overdue")) == 3
    assert world.record("comms.overdue")[0]["late_seconds"] == 5 * 60


def test_nothing_can_be_promised_for_the_past() -> None:
    world = seen_by_customers()
    with pytest.raises(InvalidInput) as refused:
        promises.promise(world.incident, world.policy, world.directory, world.now, world.now)
    assert "next_update_at" in refused.value.problems
    assert world.said(NoticeKind.UPDATE) == []
