import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import NotAllowed
from bot.domain.incident import Workspace
from storage import audit
from storage.database import Database
from storage.transaction import Tx
from storage.verification import Reached, Verification, verify, verify_on
from tests.storage.samples import ACME, CARO, INC, ITEM, NOON, acknowledges, opens, records

OTHER = Workspace(team_id="T0OTHER")


@pytest.mark.promise("S3-28")
def test_an_untouched_chain_verifies_and_is_counted(db: Database) -> None:
    for number in range(5):
        db.transact(records, "incident.opened", {"number": number, "share": 0.25, "words": ["é", None, True]})
    assert db.transact(verify) == Verification(ok=True, count=5)


def test_an_empty_chain_verifies(db: Database) -> None:
    assert db.transact(verify) == Verification(ok=True, count=0)


@pytest.mark.parametrize("act", ["UPDATE audit_event SET actor = 'U0EVE'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_or_remove_an_event(db: Database, act: str) -> None:
    db.transact(records, "incident.opened")
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(act))
    assert db.transact(verify).count == 1


def test_an_event_cannot_be_replaced_through_a_back_door(db: Database, kind: str) -> None:
    db.transact(records, "incident.opened")
    replacing = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"
    act = replacing if kind == "sqlite" else "TRUNCATE audit_event"
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(act))
    assert db.transact(verify).count == 1


@pytest.mark.promise("S3-28")
@pytest.mark.parametrize(
    ("act", "broken", "why"),
    [
        ("UPDATE audit_event SET actor = 'U0EVE' WHERE seq = 4", 4, "altered"),
        ("UPDATE audit_event SET enterprise_id = NULL WHERE seq = 6", 6, "altered"),
        ("UPDATE audit_event SET hash = previous_hash WHERE seq = 2", 2, "altered"),
        ("UPDATE audit_event SET previous_hash = hash WHERE seq = 2", 2, "does not follow"),
        ("DELETE FROM audit_event WHERE seq = 3", 3, "missing"),
        ("DELETE FROM audit_event WHERE seq = 1", 1, "missing"),
        ("DELETE FROM audit_event WHERE seq >= 7", 7, "cut off: 9 events were written and 6 are left"),
        ("DELETE FROM audit_event", 1, "cut off"),
        ("UPDATE audit_head SET hash = '0'", 9, "vouches"),
        ("UPDATE audit_head SET seq = 5", 5, "vouches"),
        ("DELETE FROM audit_head", 1, "past the chain's head"),
    ],
)
def test_the_first_broken_event_is_named(db: Database, act: str, broken: int, why: str) -> None:
    for number in range(9):
        db.transact(records, "incident.opened", {"number": number})
    _tamper(db, act)

    found = db.transact(verify)

    assert (found.ok, found.first_broken) == (False, ("T0ACME", broken))
    assert why in found.why
    assert db.transact(verify_on, ACME, Reached()).found == found


def test_a_head_moved_back_together_with_its_hash_is_noticed(db: Database) -> None:
    for _ in range(9):
        db.transact(records, "incident.opened")
    _tamper(
        db,
        "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit_event WHERE seq = 5)",
    )
    found = db.transact(verify)
    assert (found.ok, found.first_broken) == (False, ("T0ACME", 6))


def test_each_workspace_has_a_chain_of_its_own(db: Database) -> None:
    for _ in range(3):
        db.transact(records, "incident.opened")
        db.transact(records, "incident.opened", None, OTHER)
    _tamper(db, "UPDATE audit_event SET actor = 'U0EVE' WHERE team_id = 'T0OTHER' AND seq = 2")

    assert db.transact(verify, ACME) == Verification(ok=True, count=3)
    assert db.transact(verify).first_broken == ("T0OTHER", 2)


@pytest.mark.promise("S3-28")
async def test_writers_at_the_same_moment_keep_one_chain(another: Callable[[], Database]) -> None:
    replicas = [another(), another()]
    await asyncio.gather(*(replicas[n % 2].run(records, "incident.opened", {"number": n}) for n in range(80)))
    assert await replicas[0].read(verify) == Verification(ok=True, count=80)


def test_replicas_with_threads_of_their_own_keep_one_chain(another: Callable[[], Database]) -> None:
    replicas = [another() for _ in range(3)]
    with ThreadPoolExecutor(6) as together:
        list(
            together.map(lambda n: replicas[n % 3].transact(records, "incident.opened", {"n": n}), range(60))
        )
    assert replicas[0].transact(verify) == Verification(ok=True, count=60)


async def test_a_chain_longer_than_a_page_is_checked_to_its_end(db: Database) -> None:
    def many(tx: Tx) -> None:
        for number in range(2500):
            records(tx, "incident.opened", {"number": number})

    await db.run(many)
    assert (await db.read(verify)).count == 2500
    assert await by_pages(db) == [Verification(ok=True, count=count) for count in (1000, 2000, 2500)]
    _tamper(db, "UPDATE audit_event SET kind = 'incident.closed' WHERE seq = 2400")
    assert (await db.read(verify)).first_broken == ("T0ACME", 2400)
    assert (await by_pages(db))[-1].first_broken == ("T0ACME", 2400)


async def by_pages(db: Database) -> list[Verification]:
    """Verify a chain a page at a time."""
    pages = [await db.read(verify_on, ACME, Reached())]
    while not pages[-1].at_end:
        pages.append(await db.read(verify_on, ACME, pages[-1].reached))
    return [page.found for page in pages]


def test_verifying_goes_on_where_it_stopped(db: Database) -> None:
    for _ in range(5):
        db.transact(records, "incident.opened")
    so_far = db.transact(verify_on, ACME, Reached()).reached
    for _ in range(3):
        db.transact(records, "incident.opened")
    assert db.transact(verify_on, ACME, so_far).found == Verification(ok=True, count=8)
    _tamper(db, "UPDATE audit_event SET actor = 'U0EVE' WHERE seq = 2")
    assert db.transact(verify_on, ACME, so_far).found.ok, "what was verified is not looked at again"
    assert db.transact(verify_on, ACME, Reached()).found.first_broken == ("T0ACME", 2)


def test_a_chain_put_back_to_an_earlier_state_is_noticed_by_whoever_saw_it_longer(db: Database) -> None:
    for _ in range(9):
        db.transact(records, "incident.opened")
    so_far = db.transact(verify_on, ACME, Reached()).reached
    _tamper(db, "DELETE FROM audit_event WHERE seq > 5")
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit_event WHERE seq = 5)")
        )
    assert db.transact(verify_on, ACME, Reached()).found.ok, "by itself it looks whole"
    found = db.transact(verify_on, ACME, so_far).found
    assert found.first_broken == ("T0ACME", 6)
    assert "9 events were there and 5 are left" in found.why


def test_what_is_refused_leaves_no_event(db: Database) -> None:
    def refused(tx: Tx) -> None:
        records(tx, "incident.opened")
        raise NotAllowed("Only the incident manager may do that.")

    with pytest.raises(NotAllowed):
        db.transact(refused)
    assert db.transact(verify).count == 0


def test_the_questions_people_ask_have_answers(db: Database) -> None:
    db.transact(opens)
    db.transact(acknowledges, ITEM)

    def told(tx: Tx) -> None:
        for kind in ("notify.sent", "ladder.step", "notify.failed"):
            audit.append(tx, ACME, kind, actor="tocsin", incident_id=INC, data={"user": CARO}, now=NOON)

    db.transact(told)

    assert [event.kind for event in db.transact(audit.who_was_notified, INC)] == [
        "notify.sent",
        "notify.failed",
    ]
    assert [event.actor for event in db.transact(audit.acknowledgements, INC)] == [CARO]
    assert [event.kind for event in db.transact(audit.fallbacks, INC)] == ["ladder.step"]
    assert [event.seq for event in db.transact(audit.events, INC)] == [1, 2, 3, 4, 5]


def _tamper(db: Database, act: str) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        else:
            for name in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER audit_event_no_{name}"))
        connection.execute(text(act))
