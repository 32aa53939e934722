"""A closed incident, a desk at work, and what is left of them once the bot has tidied up."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.domain.decision import CATCH_ALL, Decision, Notice, NoticeKind, direct
from bot.domain.desk import id_of
from bot.domain.incident import Status, Workspace
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.engine.retention import Forgotten, Retention
from storage import outbox, timers
from storage.apply import apply
from storage.database import Database
from storage.tables import ITEM, MESSAGE, OUTBOX, TIMER
from storage.transaction import Tx
from tests.storage.samples import (
    ACME,
    ANA,
    INC,
    NOON,
    acknowledges,
    an_incident,
    an_item,
    changes,
    gets_its_channel,
    minutes,
    opens,
)
from tests.storage.samples import ITEM as PAGE

KEEP = timedelta(days=90)
LATER = NOON + KEEP + timedelta(days=1)
SOON = NOON + minutes(60)
DESK = an_incident(0, id=id_of(ACME))
NOTHING = Forgotten()


async def forgets(
    db: Database, now: datetime = LATER, keep: timedelta = KEEP, ws: Workspace = ACME
) -> Forgotten:
    return await Retention(db, lambda: now, ws, keep).run()


def says_everything(db: Database, now: datetime = NOON) -> None:
    while claimed := db.transact(outbox.claim, now, 100):
        for sending in claimed:
            db.transact(outbox.sent, sending, "C0INC1", f"1.{sending.id}", now)


def closes(db: Database, now: datetime = NOON) -> None:
    db.transact(changes, INC, now=now, status=Status.CLOSED, closed_at=now)
    says_everything(db, now)


def a_whole_incident(db: Database) -> None:
    db.transact(opens)
    db.transact(gets_its_channel, INC)
    says_everything(db)
    db.transact(acknowledges, PAGE)


def sets_aside(db: Database, now: datetime = SOON) -> None:
    for due in db.transact(timers.claim_due, now, 100):
        assert db.transact(timers.set_aside, due, "it fails")


def owed(name: str, kind: ItemKind, state: ItemState) -> Item:
    made = an_item(DESK, "l2", kind=kind, state=state)
    return replace(made, id=ItemId(f"{DESK.id}/{name}"))


def a_desk(db: Database, *owes: Item) -> None:
    cards = tuple(
        Notice(kind=NoticeKind.SHIFT, to=direct(ANA), key=f"{item.id}/asked", item_id=item.id)
        for item in owes
    )
    line = Notice(kind=NoticeKind.LINE, to=CATCH_ALL, key=f"{DESK.id}/gap", data={"line": "oncall_gap"})
    decision = Decision(incident=DESK, items=owes, notices=(*cards, line))
    db.transact(apply, decision, actor="tocsin", now=NOON)
    says_everything(db)


def rows(db: Database) -> dict[str, int]:
    def count(tx: Tx) -> dict[str, int]:
        tables = (OUTBOX, TIMER, MESSAGE, ITEM)
        return {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }

    return db.transact(count)
