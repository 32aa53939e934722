from datetime import timedelta

import pytest

from bot import packs
from bot.domain.decision import Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import Status, Workspace
from bot.domain.policy import Policy
from bot.engine.retention import Forgotten
from storage import audit, messages, outbox, policies, retention, timers
from storage.database import Database
from storage.transaction import Tx
from storage.verification import verify
from tests.storage.forgetting import (
    LATER,
    NOTHING,
    a_whole_incident,
    closes,
    forgets,
    rows,
    says_everything,
    sets_aside,
)
from tests.storage.samples import (
    ACME,
    ANA,
    CARO,
    INC,
    NOON,
    changes,
    decides,
    minutes,
)
from tests.storage.samples import ITEM as PAGE


def events(tx: Tx) -> int:
    return len(list(audit.export(tx)))


async def test_what_a_closed_incident_said_is_forgotten_and_its_record_is_kept(db: Database) -> None:
    a_whole_incident(db)
    closes(db)
    before, told = rows(db), db.transact(events)
    assert before["outbox"] > 3

    assert await forgets(db) == Forgotten(notices=before["outbox"])

    assert rows(db) == before | {"outbox": 0}
    assert db.transact(events) == told
    assert db.transact(verify) is not None
    assert db.transact(messages.of_incident, INC)
    assert await forgets(db) == NOTHING, "there is nothing left to forget"


async def test_nothing_of_an_open_incident_is_forgotten_however_old_it_is(db: Database) -> None:
    a_whole_incident(db)
    sets_aside(db)
    before = rows(db)
    assert await forgets(db, LATER + timedelta(days=3650)) == NOTHING
    assert rows(db) == before

    says_everything(db, LATER)
    again = Notice(kind=NoticeKind.PAGE, to=direct(CARO), key=f"{PAGE}/page/0.0/{CARO}", item_id=PAGE)
    db.transact(decides, INC, notices=(again,))
    assert db.transact(outbox.claim, LATER) == (), "so what was said once is never said again"


@pytest.mark.parametrize(
    ("days", "gone"), [(89, False), (91, True)], ids=["younger than it is kept", "older"]
)
async def test_a_notice_goes_by_the_time_at_which_it_was_settled(db: Database, days: int, gone: bool) -> None:
    a_whole_incident(db)
    closes(db)
    found = await forgets(db, NOON + timedelta(days=days))
    assert bool(found.notices) is gone


async def test_an_incident_that_can_be_reopened_keeps_everything(db: Database) -> None:
    lasting = packs.load(packs.DEFAULT).model_copy(update={"version": "long", "reopen_within_days": 200})
    db.transact(policies.activate, ACME, lasting, NOON)
    a_whole_incident(db)
    db.transact(changes, INC, policy_version="long")
    closes(db)
    assert await forgets(db, NOON + timedelta(days=199)) == NOTHING
    assert (await forgets(db, NOON + timedelta(days=201))).notices


def test_no_policy_lets_an_incident_be_reopened_later_than_is_looked_for() -> None:
    (most,) = [rule.le for rule in Policy.model_fields["reopen_within_days"].metadata if hasattr(rule, "le")]
    assert timedelta(days=most) == retention.LONGEST_REOPENING


async def test_an_incident_under_legal_hold_keeps_everything(db: Database) -> None:
    a_whole_incident(db)
    db.transact(changes, INC, legal_hold=True)
    closes(db)
    assert await forgets(db) == NOTHING


async def test_a_reopened_incident_is_an_open_one(db: Database) -> None:
    a_whole_incident(db)
    closes(db)
    db.transact(changes, INC, status=Status.OPEN, closed_at=None)
    assert await forgets(db) == NOTHING


async def test_what_still_waits_to_be_said_is_kept_and_said(db: Database) -> None:
    a_whole_incident(db)
    closes(db)
    late = Notice(kind=NoticeKind.LINE, to=direct(ANA), key="late")
    db.transact(decides, INC, notices=(late,))
    await forgets(db)
    assert [sending.key for sending in db.transact(outbox.claim, LATER)] == ["late"]
    await forgets(db)
    (again,) = db.transact(outbox.claim, LATER + minutes(5))
    assert again.unsure, "what is in flight is looked for before it is said again"


async def test_whoever_comes_back_late_from_slack_settles_nothing_that_is_gone(db: Database) -> None:
    a_whole_incident(db)
    db.transact(decides, INC, notices=(Notice(kind=NoticeKind.LINE, to=direct(ANA), key="slow"),))
    first = db.transact(outbox.claim, NOON, 100)
    says_everything(db, NOON + minutes(5))
    closes(db)
    assert (await forgets(db)).notices
    assert [db.transact(outbox.sent, one, "C0INC1", "9.9", LATER) for one in first] == [False] * len(first)


async def test_timers_set_aside_go_with_their_incident_and_live_ones_stay(db: Database) -> None:
    a_whole_incident(db)
    sets_aside(db)
    archive = Timer(kind=TimerKind.ARCHIVE, incident_id=INC, at=LATER + timedelta(days=1))
    db.transact(decides, INC, timers=(archive,))
    assert db.transact(timers.aside_ones)
    closes(db)
    assert (await forgets(db)).timers == 1
    assert db.transact(timers.aside_ones) == ()
    assert db.transact(timers.of_incident, INC) == (archive,)


async def test_another_workspace_is_left_alone(db: Database) -> None:
    a_whole_incident(db)
    closes(db)
    assert await forgets(db, ws=Workspace(team_id="T0OTHER")) == NOTHING
