import asyncio
from collections.abc import Callable

import pytest

from bot.domain.errors import NotAllowed
from storage import inbox, incidents
from storage.database import Database
from storage.inbox import Duplicate
from storage.transaction import Tx
from tests.storage.samples import ACME, INC, NOON, minutes, opens


def test_the_same_delivery_is_kept_once(db: Database) -> None:
    payload = {"event_id": "Ev1", "event": {"text": "it is \0 down \ud83d"}}
    assert db.transact(inbox.store_event, "Ev1", payload, NOON, workspace=ACME) is True
    assert db.transact(inbox.store_event, "Ev1", payload, NOON) is False


def test_an_event_that_was_not_finished_is_taken_up_by_one_sweeper_at_a_time(db: Database) -> None:
    db.transact(inbox.store_event, "Ev2", {"n": 2}, NOON + minutes(1))
    db.transact(inbox.store_event, "Ev1", {"n": 1}, NOON)
    db.transact(inbox.store_event, "Ev3", {"n": 3}, NOON)
    db.transact(inbox.done, "Ev3")
    now = NOON + minutes(5)

    first = db.transact(inbox.undone, now - minutes(1), now=now)
    assert [(event.key, event.payload["n"], event.attempts) for event in first] == [
        ("Ev1", 1, 1),
        ("Ev2", 2, 1),
    ]
    assert db.transact(inbox.undone, now - minutes(1), now=now) == ()

    db.transact(inbox.done, "Ev1")
    later = now + minutes(2)
    assert [event.attempts for event in db.transact(inbox.undone, later - minutes(1), now=later)] == [2]


def test_what_is_finished_is_forgotten_after_a_while_and_the_rest_is_kept(db: Database) -> None:
    db.transact(inbox.store_event, "open", {}, NOON)
    db.transact(inbox.claim_key, "old", NOON)
    db.transact(inbox.claim_key, "new", NOON + minutes(10))
    assert db.transact(inbox.prune, NOON + minutes(5)) == 1
    with pytest.raises(Duplicate):
        db.transact(inbox.claim_key, "new", NOON)
    assert len(db.transact(inbox.undone, NOON, now=NOON)) == 1


async def test_what_happens_once_happens_once_however_often_it_is_delivered(
    another: Callable[[], Database],
) -> None:
    replicas = [another(), another()]

    async def deliver(replica: Database) -> bool:
        try:
            await replica.run(_opens_at, now=NOON, once="view-V1")
        except Duplicate:
            return False
        return True

    took_effect = await asyncio.gather(*(deliver(replica) for replica in replicas * 3))

    assert took_effect.count(True) == 1
    assert len(await replicas[0].read(incidents.open_ones, ACME)) == 1


def test_a_refused_click_may_be_made_again(db: Database) -> None:
    def refuse(tx: Tx, *, now: object) -> None:
        raise NotAllowed("Only an incident manager may close this.")

    for _ in range(2):
        with pytest.raises(NotAllowed):
            db.transact(refuse, now=NOON, once="click")
    db.transact(_opens_at, now=NOON, once="click")
    with pytest.raises(Duplicate):
        db.transact(_opens_at, now=NOON, once="click")


def test_once_without_a_time_is_a_mistake_that_shows(db: Database) -> None:
    with pytest.raises(TypeError, match="now="):
        db.transact(opens, once="click")


def _opens_at(tx: Tx, *, now: object) -> None:
    opens(tx)
    assert incidents.load(tx, INC).number == 1
