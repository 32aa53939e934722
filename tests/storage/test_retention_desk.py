import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.decision import CATCH_ALL, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.items import ItemKind, ItemState
from bot.engine.retention import Forgotten
from storage import items, messages, retention
from storage.database import Database
from tests.storage.forgetting import (
    DESK,
    KEEP,
    LATER,
    NOTHING,
    a_desk,
    a_whole_incident,
    closes,
    forgets,
    owed,
    rows,
    says_everything,
    sets_aside,
)
from tests.storage.samples import (
    ANA,
    INC,
    NOON,
    changes_item,
    decides,
)


async def test_shifts_and_offers_that_are_over_leave_the_desk_and_decisions_stay(db: Database) -> None:
    kept = (
        owed("open", ItemKind.HANDOVER, ItemState.OPEN),
        owed("policy", ItemKind.APPROVAL, ItemState.APPROVED),
        owed("task", ItemKind.TASK, ItemState.DONE),
    )
    gone = (
        owed("shift", ItemKind.HANDOVER, ItemState.DONE),
        owed("offer", ItemKind.OFFER, ItemState.EXPIRED),
    )
    a_desk(db, *kept, *gone)

    found = await forgets(db)

    # The notice of the open duty is what keeps it from being said twice; the line, and the cards of what is over, may go.
    assert found == Forgotten(notices=5, lines=1, duties=2)
    left = {item.id for item in db.transact(items.of_desk, DESK.id, NOON - KEEP)}
    assert left == {item.id for item in kept}
    assert {message.item_id for message in db.transact(messages.of_incident, DESK.id)} == left
    assert await forgets(db) == NOTHING


async def test_a_duty_that_still_has_something_to_say_is_kept(db: Database) -> None:
    shift = owed("shift", ItemKind.HANDOVER, ItemState.OPEN)
    a_desk(db, shift)
    db.transact(changes_item, shift.id, state=ItemState.DONE)
    assert (await forgets(db)).duties == 0, "its card waits to be drawn again"
    says_everything(db)
    db.transact(
        decides, DESK.id, timers=(Timer(kind=TimerKind.NAG, incident_id=DESK.id, item_id=shift.id, at=LATER),)
    )
    assert (await forgets(db)).duties == 0, "a timer waits"
    sets_aside(db, LATER)
    assert (await forgets(db)).duties == 1
    assert rows(db) == {"outbox": 0, "timer": 0, "message": 0, "item": 0}


async def test_a_desk_that_is_used_every_day_stays_as_small_as_it_was(db: Database) -> None:
    a_desk(db)
    sizes = []
    for day in range(0, 400, 10):
        now = NOON + timedelta(days=day)
        done = owed(f"shift/{day}", ItemKind.HANDOVER, ItemState.DONE)
        shift = replace(done, opened_at=now, asked_at=now, due_at=now)
        card = Notice(kind=NoticeKind.SHIFT, to=direct(ANA), key=f"{shift.id}/asked", item_id=shift.id)
        line = Notice(kind=NoticeKind.LINE, to=CATCH_ALL, key=f"gap/{day}")
        db.transact(decides, DESK.id, now=now, items=(shift,), notices=(card, line))
        says_everything(db, now)
        await forgets(db, now)
        sizes.append(rows(db))
    assert sizes[-1] == sizes[10] == {"outbox": 20, "timer": 0, "message": 20, "item": 10}


async def test_bites_are_small_and_together_they_are_everything(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LOOKED_AT", 3)
    monkeypatch.setattr(retention, "DUTIES", 2)
    a_whole_incident(db)
    many = tuple(
        Notice(kind=NoticeKind.LINE, to=direct(ANA), key=f"line/{number}", data={}) for number in range(20)
    )
    db.transact(decides, INC, notices=many)
    closes(db)
    a_desk(db, *(owed(f"shift/{number}", ItemKind.HANDOVER, ItemState.DONE) for number in range(7)))
    bites: list[int] = []
    run = db.run

    async def watched(work: Callable[..., int], *args: object, **kwargs: Any) -> int:
        found = await run(work, *args, **kwargs)
        bites.append(found)
        return found

    monkeypatch.setattr(db, "run", watched)
    gone = await forgets(db)
    assert max(bites) <= 3
    assert gone.notices > 20
    assert gone.duties == 7
    assert rows(db)["outbox"] == 0


async def test_two_replicas_may_do_it_at_once(another: Callable[[], Database]) -> None:
    one, two = another(), another()
    a_whole_incident(one)
    closes(one)
    a_desk(one, *(owed(f"shift/{number}", ItemKind.HANDOVER, ItemState.DONE) for number in range(30)))
    before = rows(one)
    found = await asyncio.gather(forgets(one), forgets(two))
    assert sum(each.notices for each in found) <= before["outbox"]
    assert sum(each.duties for each in found) == 30
    assert rows(one)["outbox"] == 0
