import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.decision import Lane, Notice, NoticeKind, direct
from storage import messages, outbox
from storage.database import Database
from storage.outbox import Sending
from tests.storage.samples import (
    ACME,
    ANA,
    CHANNEL,
    INC,
    ITEM,
    NOON,
    acknowledges,
    decides,
    minutes,
    opens,
)


def test_urgent_goes_first_then_in_the_order_of_saying(db: Database) -> None:
    db.transact(opens, 1, ())
    _claim_all(db)
    for key, lane in (
        ("b1", Lane.BULK),
        ("n1", Lane.NORMAL),
        ("u1", Lane.URGENT),
        ("n2", Lane.NORMAL),
        ("u2", Lane.URGENT),
    ):
        db.transact(decides, INC, notices=(_line(key, lane),))

    assert [sending.key for sending in db.transact(outbox.claim, NOON, limit=4)] == ["u1", "u2", "n1", "n2"]
    assert [sending.key for sending in db.transact(outbox.claim, NOON)] == ["b1"]


def test_a_notice_is_not_sent_before_its_time(db: Database) -> None:
    db.transact(opens, 1, ())
    _claim_all(db)
    db.transact(decides, INC, notices=(replace(_line("later"), not_before=NOON + minutes(5)),))
    assert db.transact(outbox.claim, NOON) == ()
    assert db.transact(outbox.next_visible) is not None
    assert "later" in {sending.key for sending in db.transact(outbox.claim, NOON + minutes(5))}


def test_a_claim_without_an_outcome_is_taken_over_and_marked_unsure(db: Database) -> None:
    first = _one(db)
    assert (first.attempts, first.unsure) == (1, False)
    assert db.transact(outbox.claim, NOON + minutes(0.5)) == ()

    (second,) = db.transact(outbox.claim, NOON + minutes(1))

    assert (second.id, second.attempts, second.unsure) == (first.id, 2, True)
    assert db.transact(outbox.sent, first, CHANNEL, "1.1", NOON) is False
    assert db.transact(outbox.later, first, NOON, "too late", False) is False
    assert db.transact(outbox.aside, first, "too late", NOON) is False
    assert db.transact(outbox.sent, second, CHANNEL, "1.1", NOON) is True


def test_a_clean_retry_is_not_unsure(db: Database) -> None:
    sending = _one(db)
    assert db.transact(outbox.later, sending, NOON + minutes(2), "rate_limited", False)
    assert db.transact(outbox.claim, NOON + minutes(1)) == ()
    (again,) = db.transact(outbox.claim, NOON + minutes(2))
    assert (again.attempts, again.unsure) == (2, False)


def test_once_unsure_it_stays_so_until_it_is_settled(db: Database) -> None:
    sending = _one(db)
    db.transact(outbox.later, sending, NOON, "timeout", True)
    (again,) = db.transact(outbox.claim, NOON)
    db.transact(outbox.later, again, NOON, "rate_limited", False)
    (third,) = db.transact(outbox.claim, NOON)
    assert third.unsure


def test_what_was_posted_is_remembered_once(db: Database) -> None:
    sending = _one(db)
    assert db.transact(outbox.sent, sending, CHANNEL, "1.1", NOON + minutes(1))
    assert db.transact(outbox.sent, sending, CHANNEL, "1.1", NOON + minutes(1))

    (copy,) = db.transact(messages.of_incident, INC)
    assert (copy.key, copy.channel_id, copy.ts, copy.posted_at) == ("line", CHANNEL, "1.1", NOON + minutes(1))
    assert db.transact(outbox.claim, NOON + minutes(60)) == ()


def test_an_operation_leaves_no_message_behind(db: Database) -> None:
    db.transact(opens, 1, ())
    (create,) = db.transact(outbox.claim, NOON)
    assert db.transact(outbox.sent, create, None, None, NOON)
    assert db.transact(messages.of_incident, INC) == ()


def test_what_keeps_failing_is_set_aside_and_shown(db: Database) -> None:
    sending = _one(db)
    assert db.transact(outbox.aside, sending, "channel_not_found", NOON)
    assert db.transact(outbox.claim, NOON + minutes(60)) == ()
    (shown,) = db.transact(outbox.aside_ones, ACME)
    assert (shown.key, shown.kind, shown.why) == ("line", NoticeKind.LINE, "channel_not_found")


def test_a_page_in_flight_when_its_item_is_answered_is_moot_and_can_be_dropped(db: Database) -> None:
    db.transact(opens)
    (page,) = db.transact(outbox.claim, NOON, limit=2)[1:]
    assert page.kind is NoticeKind.PAGE
    db.transact(acknowledges, ITEM)
    db.transact(outbox.later, page, NOON, "timeout", True)

    again = next(s for s in db.transact(outbox.claim, NOON) if s.kind is NoticeKind.PAGE)

    assert (again.moot, again.unsure) == (True, True)
    assert db.transact(outbox.drop, again, "answered meanwhile", NOON)
    assert NoticeKind.PAGE not in {s.kind for s in db.transact(outbox.claim, NOON + minutes(60))}


def test_a_page_that_got_through_before_the_answer_is_still_recorded_and_redrawn(db: Database) -> None:
    db.transact(opens)
    (page,) = db.transact(outbox.claim, NOON, limit=2)[1:]
    db.transact(acknowledges, ITEM)

    assert db.transact(outbox.sent, page, CHANNEL, "1.1", NOON)

    assert [s.data["kind"] for s in db.transact(outbox.claim, NOON) if s.kind is NoticeKind.REDRAW] == [
        "page"
    ]


def test_the_depth_and_age_of_each_lane_are_known(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    depths = db.transact(outbox.depths, NOON + minutes(3))
    assert (depths[Lane.URGENT].waiting, depths[Lane.URGENT].oldest) == (3, NOON)
    assert (depths[Lane.BULK].waiting, depths[Lane.BULK].oldest) == (0, None)


async def test_two_couriers_never_share_a_notice(another: Callable[[], Database]) -> None:
    replicas = [another(), another()]
    for number in range(1, 31):
        await replicas[0].run(opens, number, ("l2", "l3"))
    sent: list[int] = []

    async def deliver(replica: Database) -> None:
        while claimed := await replica.run(outbox.claim, NOON, limit=5):
            sent.extend(sending.id for sending in claimed)
            for sending in claimed:
                assert await replica.run(outbox.sent, sending, None, None, NOON)

    await asyncio.gather(*(deliver(replica) for replica in replicas * 2))
    assert len(sent) == len(set(sent)) == 90


@pytest.mark.parametrize("address", [direct(ANA), "channel:C0ESC", "announcements", "catch_all"])
def test_only_the_incidents_own_channel_is_waited_for(db: Database, address: str) -> None:
    db.transact(opens, 1, ())
    _claim_all(db)
    db.transact(decides, INC, notices=(replace(_line("now"), to=address),))
    assert [sending.to for sending in db.transact(outbox.claim, NOON)] == [address]


def _line(key: str, lane: Lane = Lane.NORMAL) -> Notice:
    return Notice(kind=NoticeKind.LINE, to="catch_all", key=key, lane=lane)


def _claim_all(db: Database) -> None:
    for sending in db.transact(outbox.claim, NOON):
        db.transact(outbox.sent, sending, None, None, NOON)


def _one(db: Database) -> Sending:
    db.transact(opens, 1, ())
    _claim_all(db)
    db.transact(decides, INC, notices=(_line("line"),))
    (sending,) = db.transact(outbox.claim, NOON)
    return sending
