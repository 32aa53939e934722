from dataclasses import replace
from datetime import timedelta

from bot.domain.decision import Decision, Notice, NoticeKind, direct
from bot.domain.desk import id_of
from bot.domain.incident import Incident, Role
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from storage import items, outbox
from storage.apply import apply
from storage.database import Database
from storage.transaction import Tx
from tests.storage.samples import ACME, ANA, NOON, an_incident, an_item

DESK = an_incident(0, id=id_of(ACME))
MONTH = timedelta(days=30)


def owed(name: str, kind: ItemKind, state: ItemState = ItemState.OPEN, *, days_ago: int = 0) -> Item:
    at = NOON - timedelta(days=days_ago)
    made = an_item(DESK, "l2", kind=kind, state=state, opened_at=at, asked_at=at)
    return replace(made, id=ItemId(f"{DESK.id}/{name}"), holders=(ANA,), role=Role("l2"))


def at_hand(tx: Tx) -> list[str]:
    return [item.id.rpartition("/")[2] for item in items.of_desk(tx, DESK.id, NOON - MONTH)]


def test_the_desk_keeps_at_hand_what_is_open_what_is_recent_and_what_was_decided(db: Database) -> None:
    kept = (
        owed("open", ItemKind.HANDOVER, days_ago=90),
        owed("decided", ItemKind.APPROVAL, ItemState.APPROVED, days_ago=80),
        owed("task", ItemKind.TASK, ItemState.DONE, days_ago=70),
        owed("recent", ItemKind.OFFER, ItemState.REJECTED, days_ago=29),
    )
    gone = (
        owed("shift", ItemKind.HANDOVER, ItemState.DONE, days_ago=31),
        owed("offer", ItemKind.OFFER, ItemState.EXPIRED, days_ago=31),
    )
    db.transact(apply, Decision(incident=DESK, items=(*kept, *gone)), actor="tocsin", now=NOON)
    assert db.transact(at_hand) == ["open", "decided", "task", "recent"]
    assert db.transact(items.load, gone[0].id).state is ItemState.DONE, "each is still found by its id"


def test_only_the_copies_of_what_changed_are_drawn_again(db: Database) -> None:
    first, second = owed("first", ItemKind.HANDOVER), owed("second", ItemKind.HANDOVER)
    cards = tuple(
        Notice(kind=NoticeKind.SHIFT, to=direct(ANA), key=f"{item.id}/asked", item_id=item.id)
        for item in (first, second)
    )
    db.transact(
        apply, Decision(incident=DESK, items=(first, second), notices=cards), actor="tocsin", now=NOON
    )
    for sending in db.transact(outbox.claim, NOON, 10):
        db.transact(outbox.sent, sending, "D0ANA", f"1.{sending.id}", NOON)

    def changes(tx: Tx) -> None:
        desk = load(tx)
        item = items.load(tx, first.id)
        done = replace(item, state=ItemState.DONE)
        apply(tx, Decision(incident=desk, items=(done,)), actor="tocsin", now=NOON)

    db.transact(changes)
    again = db.transact(outbox.claim, NOON, 10)
    assert [(sending.kind, sending.item_id) for sending in again] == [(NoticeKind.REDRAW, first.id)]


def load(tx: Tx) -> Incident:
    from storage import incidents

    return incidents.load(tx, DESK.id)
