import subprocess
import sys

import pytest

from bot.domain.decision import NoticeKind
from storage import incidents, outbox, timers
from storage.database import Database
from storage.verification import verify
from tests.storage.samples import ACME, INC, NOON, minutes, opens

pytestmark = pytest.mark.crash

# What the other process does; it says how far it got and then hangs until it is killed.
_CLAIMS = """
db.transact(timers.claim_due, NOON + minutes(5), lease=minutes(1))
db.transact(outbox.claim, NOON + minutes(5), lease=minutes(1))
here()
"""
_HALF_WAY = """
def half_way(tx):
    opens(tx, 2)
    for due in timers.claim_due(tx, NOON + minutes(10)):
        timers.finish(tx, due)
    here()
db.transact(half_way)
"""
_COMMITTED = """
db.transact(opens, 2)
here()
"""
_PROGRAM = """
import sys, threading
from storage import outbox, timers
from storage.database import Database
from tests.storage.samples import NOON, minutes, opens
def here():
    print("here", flush=True)
    threading.Event().wait()
db = Database(sys.argv[1])
"""


@pytest.mark.promise("M-04")
def test_killed_between_claim_and_settle_everything_is_taken_up_once_more(db: Database, url: str) -> None:
    db.transact(opens)
    _killed(url, _CLAIMS)

    now = NOON + minutes(5)
    assert db.transact(timers.claim_due, now) == ()
    assert db.transact(outbox.claim, now) == ()

    after = now + minutes(1)
    (due,) = db.transact(timers.claim_due, after)
    sendings = db.transact(outbox.claim, after)
    assert due.attempts == 2
    assert db.transact(timers.finish, due)
    assert {sending.kind for sending in sendings} == {NoticeKind.CREATE_CHANNEL, NoticeKind.PAGE}
    assert all(sending.unsure and sending.attempts == 2 for sending in sendings), (
        "the courier has to look first"
    )


def test_killed_half_way_through_a_transaction_nothing_of_it_remains(db: Database, url: str) -> None:
    db.transact(opens)
    _killed(url, _HALF_WAY)

    assert [incident.id for incident in db.transact(incidents.open_ones, ACME)] == [INC]
    assert len(db.transact(timers.of_incident, INC)) == 2
    assert db.transact(verify).count == 1
    db.transact(opens, 2)


def test_killed_right_after_the_commit_nothing_of_it_is_lost(db: Database, url: str) -> None:
    _killed(url, _COMMITTED)
    assert [incident.number for incident in db.transact(incidents.open_ones, ACME)] == [2]
    assert db.transact(verify).count == 1


def _killed(url: str, steps: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM + steps, url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "here\n"
        process.kill()
        process.wait()
