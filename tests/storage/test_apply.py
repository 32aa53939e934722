from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.decision import CALLS, INCIDENT, Decision, Lane, Notice, NoticeKind, Timer, TimerKind
from bot.domain.incident import Severity, Status
from bot.domain.items import ItemId, ItemState
from storage import audit, incidents, items, outbox, timers
from storage.apply import apply
from storage.database import Conflict, Database
from storage.transaction import Tx
from tests.storage.samples import (
    ANA,
    BEN,
    INC,
    ITEM,
    NOON,
    a_page,
    acknowledges,
    an_incident,
    an_item,
    an_opening,
    changes,
    decides,
    gets_its_channel,
    minutes,
    opens,
)


def test_an_opening_writes_every_consequence_at_once(db: Database) -> None:
    db.transact(opens)

    assert db.transact(incidents.load, INC).title == "Checkout is down"
    assert db.transact(items.load, ITEM).role == "l2"
    assert [timer.kind for timer in db.transact(timers.of_incident, INC)] == [TimerKind.NAG, TimerKind.RUNG]
    assert [event.kind for event in db.transact(audit.events, INC)] == ["incident.opened"]
    assert [sending.kind for sending in db.transact(outbox.claim, NOON)] == [
        NoticeKind.CREATE_CHANNEL,
        NoticeKind.PAGE,
    ]


def test_what_goes_to_the_incident_waits_for_its_channel(db: Database) -> None:
    db.transact(opens)
    assert NoticeKind.CARD not in {sending.kind for sending in db.transact(outbox.claim, NOON)}

    db.transact(gets_its_channel, INC)

    assert [sending.kind for sending in db.transact(outbox.claim, NOON)] == [NoticeKind.CARD]


def test_a_released_notice_still_keeps_its_own_time(db: Database) -> None:
    db.transact(opens)
    later = Notice(kind=NoticeKind.LINE, to=INCIDENT, key="line", not_before=NOON + minutes(5))
    db.transact(decides, INC, notices=(later,))
    db.transact(gets_its_channel, INC)

    def claimed(now: datetime) -> list[str]:
        return [sending.key for sending in db.transact(outbox.claim, now, lease=minutes(60))]

    assert "line" not in claimed(NOON)
    assert claimed(NOON + minutes(5)) == ["line"]


def test_an_acknowledgement_cancels_every_timer_of_its_item_in_the_same_transaction(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    db.transact(acknowledges, ITEM)

    left = db.transact(timers.of_incident, INC)
    assert [(timer.item_id, timer.kind) for timer in left] == [
        ("inc-1/acknowledge/l3/1", TimerKind.NAG),
        ("inc-1/acknowledge/l3/1", TimerKind.RUNG),
        (ITEM, TimerKind.LEASE),
    ]


def test_unsent_pages_of_an_answered_item_are_withdrawn_and_nothing_else(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    db.transact(gets_its_channel, INC)
    db.transact(acknowledges, ITEM)

    sendings = db.transact(outbox.claim, NOON)
    pages = [sending.item_id for sending in sendings if sending.kind in CALLS]
    assert pages == ["inc-1/acknowledge/l3/1"]
    assert {sending.kind for sending in sendings} >= {
        NoticeKind.CREATE_CHANNEL,
        NoticeKind.CARD,
        NoticeKind.LINE,
    }


def test_a_page_of_the_decision_that_quiets_its_item_is_kept(db: Database) -> None:
    db.transact(opens)
    next_page = replace(a_page(an_item(an_incident())), key=f"{ITEM}/page/0.1/U0DEV")

    db.transact(decides, INC, notices=(next_page,), quiet=(ITEM,))

    pages = [sending.key for sending in db.transact(outbox.claim, NOON) if sending.kind is NoticeKind.PAGE]
    assert pages == [next_page.key]


def test_hush_cancels_the_timers_of_the_incident_itself(db: Database) -> None:
    db.transact(opens)
    archive = Timer(kind=TimerKind.ARCHIVE, incident_id=INC, at=NOON + minutes(60))
    db.transact(decides, INC, timers=(archive,))
    assert TimerKind.ARCHIVE in {timer.kind for timer in db.transact(timers.of_incident, INC)}

    db.transact(decides, INC, hush=True)

    assert {timer.kind for timer in db.transact(timers.of_incident, INC)} == {TimerKind.NAG, TimerKind.RUNG}


def test_a_notice_with_a_key_seen_before_is_enqueued_once(db: Database) -> None:
    db.transact(opens)
    line = Notice(kind=NoticeKind.LINE, to="catch_all", key="same", lane=Lane.BULK)
    db.transact(decides, INC, notices=(line,))
    sending = next(s for s in db.transact(outbox.claim, NOON) if s.key == "same")
    assert db.transact(outbox.sent, sending, "C1", "1.1", NOON)

    db.transact(decides, INC, notices=(line,))

    assert "same" not in {s.key for s in db.transact(outbox.claim, NOON + minutes(60))}


def test_a_decision_about_a_state_that_has_moved_on_is_refused_whole(db: Database) -> None:
    db.transact(opens)
    stale = db.transact(incidents.load, INC)
    db.transact(changes, INC, severity=Severity.SEV1)

    outdated = Decision(
        incident=replace(stale, severity=Severity.SEV5),
        notices=(Notice(kind=NoticeKind.LINE, to="catch_all", key="never"),),
    )
    with pytest.raises(Conflict):
        db.transact(apply, outdated, actor=ANA, now=NOON)

    assert db.transact(incidents.load, INC).severity is Severity.SEV1
    assert "never" not in {sending.key for sending in db.transact(outbox.claim, NOON)}


def test_an_item_that_was_answered_meanwhile_is_not_overwritten(db: Database) -> None:
    db.transact(opens)
    stale = db.transact(items.load, ITEM)
    db.transact(acknowledges, ITEM)

    def answer_too(tx: Tx) -> None:
        late = replace(stale, state=ItemState.ACKNOWLEDGED, answered_by=BEN)
        apply(tx, Decision(incident=incidents.load(tx, INC), items=(late,)), actor=BEN, now=NOON)

    with pytest.raises(Conflict):
        db.transact(answer_too)
    assert db.transact(items.load, ITEM).answered_by == "U0CARO"


def test_the_same_item_is_not_created_twice(db: Database) -> None:
    db.transact(opens)
    again = an_opening()
    with pytest.raises(Conflict):
        db.transact(decides, INC, items=again.items)


def test_decisions_of_one_transaction_build_on_each_other(db: Database) -> None:
    db.transact(opens)

    def two(tx: Tx) -> None:
        first = replace(incidents.load(tx, INC), severity=Severity.SEV1)
        apply(tx, Decision(incident=first), actor=ANA, now=NOON)
        apply(tx, Decision(incident=replace(first, status=Status.ACKNOWLEDGED)), actor=ANA, now=NOON)

    db.transact(two)

    now = db.transact(incidents.load, INC)
    assert (now.severity, now.status, now.version) == (Severity.SEV1, Status.ACKNOWLEDGED, 3)


def test_an_item_may_be_made_and_changed_in_one_transaction(db: Database) -> None:
    def both(tx: Tx) -> None:
        opening = an_opening()
        apply(tx, opening, actor=ANA, now=NOON)
        done = replace(opening.items[0], state=ItemState.DONE)
        apply(tx, Decision(incident=opening.incident, items=(done,)), actor=ANA, now=NOON)

    db.transact(both)
    assert db.transact(items.load, ITEM).state is ItemState.DONE


def test_a_decision_that_changes_nothing_leaves_the_version_alone(db: Database) -> None:
    db.transact(opens)
    db.transact(decides, INC)
    assert db.transact(incidents.load, INC).version == 1


def test_a_change_of_an_item_counts_as_a_change_of_its_incident(db: Database) -> None:
    db.transact(opens)

    def change(tx: Tx, item_id: ItemId) -> None:
        item = replace(items.load(tx, item_id), rung=1)
        apply(tx, Decision(incident=incidents.load(tx, INC), items=(item,)), actor=ANA, now=NOON)

    db.transact(change, ITEM)
    assert db.transact(incidents.load, INC).version == 2


def test_every_fact_becomes_an_audit_event_with_its_rule_and_policy(db: Database) -> None:
    db.transact(opens)
    (event,) = db.transact(audit.events, INC)
    assert (event.actor, event.rule, event.policy_version) == (ANA, "opening", "pack-1")
    assert event.data == {"title": "Checkout is down"}
