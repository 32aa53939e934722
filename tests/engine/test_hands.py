from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from blocks.view import View
from bot.domain.decision import NoticeKind
from bot.engine.caller import Breaker
from bot.engine.counts import Counts
from bot.engine.deliveries.job import Job, Me, Settled
from bot.engine.hands import Hands
from bot.usecases import delivery
from storage import incidents, items, outbox
from storage.database import Database, Tx
from storage.outbox import Sending
from tests.storage.samples import CHANNEL, INC, ITEM, NOON, acknowledges, gets_its_channel, minutes, opens

UNUSED = cast(Any, None)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'tocsin.db'}")
    database.migrate()
    yield database
    database.close()


async def test_a_copy_drawn_before_its_claim_was_renewed_is_drawn_again(db: Database) -> None:
    db.transact(opens)
    db.transact(gets_its_channel, INC)
    hands = Hands(db, lambda: NOON, Breaker(), Counts())
    page = _page(db, NOON)
    hands.take(page, NOON)
    hands.drawing(page, db.transact(_view))

    db.transact(acknowledges, ITEM)
    later = NOON + minutes(5)
    assert not hands.take(_page(db, later), later)
    job = Job(
        sending=page,
        view=UNUSED,
        slack=UNUSED,
        me=Me(team="T0ACME", user="U0TOCSIN"),
        channel=CHANNEL,
        fallback=None,
        now=NOON,
    )
    await hands.over(job, Settled(settle=delivery.sent, args=(CHANNEL, "1.0")))

    redrawn = [s for s in db.transact(outbox.claim, later) if s.kind is NoticeKind.REDRAW]
    assert [s.data["ts"] for s in redrawn] == ["1.0"]


def _page(db: Database, now: datetime) -> Sending:
    (page,) = [s for s in db.transact(outbox.claim, now) if s.kind is NoticeKind.PAGE]
    return page


def _view(tx: Tx) -> View:
    incident, item = incidents.load(tx, INC), items.load(tx, ITEM)
    return View(incident=incident, items=(item,), item=item, policy=UNUSED, directory=UNUSED)
