from dataclasses import replace

from bot.domain.decision import Decision, Notice, NoticeKind
from bot.domain.incident import ChannelId, Severity
from storage import incidents, messages, outbox
from storage.apply import apply
from storage.database import Database
from storage.outbox import Sending
from tests.storage.samples import (
    ACME,
    CHANNEL,
    INC,
    ITEM,
    NOON,
    acknowledges,
    changes,
    changes_item,
    decides,
    gets_its_channel,
    minutes,
    opens,
)


def test_a_change_redraws_the_card_and_every_copy_of_the_item_once(db: Database) -> None:
    _posted(db)
    db.transact(acknowledges, ITEM)
    db.transact(changes, INC, severity=Severity.SEV1)

    redraws = _redraws(db)
    assert sorted(redraw.data["kind"] for redraw in redraws) == ["card", "page"]
    assert {redraw.to for redraw in redraws} == {f"channel:{CHANNEL}"}


def test_a_redraw_carries_what_is_needed_to_draw_the_copy(db: Database) -> None:
    _posted(db)
    db.transact(acknowledges, ITEM)

    page = next(redraw for redraw in _redraws(db) if redraw.data["kind"] == "page")
    (copy,) = db.transact(messages.of_item, ITEM)
    assert page.data == {
        "kind": "page",
        "channel": CHANNEL,
        "ts": copy.ts,
        "data": {"users": ["U0CARO"], "rung": 0},
    }
    assert page.item_id == ITEM


def test_what_cannot_be_seen_redraws_nothing(db: Database) -> None:
    _posted(db)
    db.transact(changes, INC, card_ts="1.99")
    db.transact(changes_item, ITEM, lease_until=NOON + minutes(90))
    db.transact(changes_item, ITEM, details={"nagged": 1})
    assert _redraws(db) == []


def test_a_decision_without_a_change_redraws_nothing(db: Database) -> None:
    _posted(db)
    db.transact(decides, INC, notices=(Notice(kind=NoticeKind.LINE, to="catch_all", key="line"),))
    assert _redraws(db) == []


def test_what_was_said_is_never_redrawn(db: Database) -> None:
    _posted(db)
    line = Notice(kind=NoticeKind.LINE, to="incident", key="line", item_id=ITEM)
    db.transact(decides, INC, notices=(line,))
    _send_all(db)
    db.transact(acknowledges, ITEM)
    assert "line" not in {redraw.data["kind"] for redraw in _redraws(db)}


def test_of_what_is_said_again_only_the_latest_copy_in_each_place_lives(db: Database) -> None:
    _posted(db)
    for number in (1, 2, 3):
        alarms = tuple(
            Notice(
                kind=NoticeKind.ALARM,
                to=to,
                key=f"alarm/{number}/{to}",
                item_id=ITEM,
                data={"number": number},
            )
            for to in ("incident", "catch_all")
        )
        db.transact(decides, INC, notices=alarms)
        for sending in db.transact(outbox.claim, NOON):
            channel = CHANNEL if sending.to == "incident" else ChannelId("C0CATCH")
            db.transact(outbox.sent, sending, channel, f"2.{sending.id}", NOON)

    db.transact(acknowledges, ITEM)
    redrawn = [r.data["data"]["number"] for r in _redraws(db) if r.data["kind"] == "alarm"]
    assert redrawn == [3, 3]


def test_of_pages_and_nags_only_the_latest_turn_in_each_place_lives_in_whatever_order_they_came(
    db: Database,
) -> None:
    _posted(db)
    for turn in (2, 1):
        asked = tuple(
            Notice(
                kind=kind,
                to="incident",
                key=f"{kind.value}/{turn}",
                item_id=ITEM,
                data={"turn": turn, "place": "channel"},
            )
            for kind in (NoticeKind.PAGE, NoticeKind.NAG)
        )
        db.transact(decides, INC, notices=asked)
        _send_all(db)

    db.transact(acknowledges, ITEM)
    redrawn = [(r.data["kind"], r.data["data"]["turn"]) for r in _redraws(db) if "turn" in r.data["data"]]
    assert sorted(redrawn) == [("nag", 2), ("page", 2)]


def test_an_older_copy_whose_redraw_was_given_up_is_not_forgotten(db: Database) -> None:
    _posted(db)
    for turn in (1, 2):
        asked = Notice(
            kind=NoticeKind.PAGE,
            to="incident",
            key=f"page/{turn}",
            item_id=ITEM,
            data={"turn": turn, "place": "channel"},
        )
        db.transact(decides, INC, notices=(asked,))
        _send_all(db)
        db.transact(changes_item, ITEM, title=f"turn {turn}")
        for redraw in _redraws(db):
            db.transact(outbox.aside, redraw, "Slack would not say why", NOON)

    db.transact(acknowledges, ITEM)
    assert {1, 2} <= {r.data["data"].get("turn") for r in _redraws(db)}


def test_a_redraw_knows_what_its_copy_shows(db: Database) -> None:
    _posted(db)
    db.transact(acknowledges, ITEM)
    (page,) = [redraw for redraw in _redraws(db) if redraw.item_id == ITEM]
    assert page.shown is None, "nobody said what was posted"
    db.transact(outbox.sent, page, CHANNEL, page.data["ts"], NOON, "as it looks now")

    db.transact(changes_item, ITEM, title="Answer as L2")
    (page,) = [redraw for redraw in _redraws(db) if redraw.item_id == ITEM]
    assert page.shown == "as it looks now"


def test_a_change_during_a_redraw_is_drawn_after_it_and_not_beside_it(db: Database) -> None:
    _posted(db)
    db.transact(changes, INC, severity=Severity.SEV1)
    (in_flight,) = _redraws(db)

    db.transact(changes, INC, severity=Severity.SEV3)
    assert _redraws(db) == []

    assert db.transact(outbox.sent, in_flight, CHANNEL, in_flight.data["ts"], NOON)
    (again,) = _redraws(db)
    assert again.id == in_flight.id
    assert db.transact(outbox.sent, again, CHANNEL, again.data["ts"], NOON)
    assert _redraws(db) == []


def test_a_change_during_a_redraw_is_drawn_after_it_even_when_its_claim_ran_out(db: Database) -> None:
    _posted(db)
    db.transact(changes, INC, severity=Severity.SEV1)
    _redraws(db)
    db.transact(changes, INC, severity=Severity.SEV3)

    (renewed,) = db.transact(outbox.claim, NOON + minutes(15))
    assert db.transact(outbox.sent, renewed, CHANNEL, renewed.data["ts"], NOON + minutes(15))

    (again,) = db.transact(outbox.claim, NOON + minutes(15))
    assert again.id == renewed.id


def test_a_copy_that_was_outdated_when_it_arrived_is_drawn_again(db: Database) -> None:
    db.transact(opens)
    db.transact(gets_its_channel, INC)
    sendings = db.transact(outbox.claim, NOON)
    db.transact(acknowledges, ITEM)
    for number, sending in enumerate(sendings):
        db.transact(outbox.sent, sending, CHANNEL, f"1.{number}", NOON)

    assert sorted(redraw.data["kind"] for redraw in _redraws(db)) == ["card", "page"]


def test_a_copy_remembers_which_state_it_shows(db: Database) -> None:
    _posted(db)
    (before,) = db.transact(messages.of_item, ITEM)
    db.transact(acknowledges, ITEM)
    for redraw in _redraws(db):
        db.transact(outbox.sent, redraw, CHANNEL, redraw.data["ts"], NOON)
    (after,) = db.transact(messages.of_item, ITEM)
    assert (before.drawn_version, after.drawn_version) == (1, 2)


def test_a_redraw_is_possible_without_having_loaded_the_incident_here(db: Database) -> None:
    _posted(db)
    incident = db.transact(incidents.load, INC)
    db.transact(apply, Decision(incident=replace(incident, severity=Severity.SEV1)), actor="tocsin", now=NOON)
    assert [redraw.data["kind"] for redraw in _redraws(db)] == ["card"]


def test_a_message_is_found_by_where_and_when(db: Database) -> None:
    _posted(db)
    (copy,) = db.transact(messages.of_item, ITEM)
    assert db.transact(messages.find, ACME, CHANNEL, copy.ts) == copy
    assert db.transact(messages.find, ACME, CHANNEL, "0.0") is None
    assert [m.kind for m in db.transact(messages.of_incident, INC, NoticeKind.CARD)] == [NoticeKind.CARD]


def _posted(db: Database) -> None:
    db.transact(opens)
    db.transact(gets_its_channel, INC)
    _send_all(db)


def _send_all(db: Database) -> None:
    for sending in db.transact(outbox.claim, NOON):
        posted = sending.kind is not NoticeKind.CREATE_CHANNEL
        db.transact(
            outbox.sent, sending, CHANNEL if posted else None, f"1.{sending.id}" if posted else None, NOON
        )


def _redraws(db: Database) -> list[Sending]:
    claimed = db.transact(outbox.claim, NOON + minutes(1), limit=50, lease=minutes(10))
    return [sending for sending in claimed if sending.kind is NoticeKind.REDRAW]
