import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.domain.decision import INCIDENT, Notice, NoticeKind
from bot.domain.errors import NotAllowed
from bot.domain.incident import Severity, Status
from storage import incidents
from storage.database import Closed, Conflict, Database, StorageError, Touched
from storage.transaction import Tx
from tests.storage.samples import (
    ACME,
    INC,
    ITEM,
    NOON,
    acknowledges,
    changes,
    decides,
    gets_its_channel,
    minutes,
    opens,
    records,
)

ONLY_SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
ONLY_POSTGRES = pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])


async def test_a_use_case_returns_its_value_once_it_is_committed(db: Database) -> None:
    assert await db.run(incidents.next_number, ACME) == 1
    assert await db.run(opens, 1) == INC
    assert (await db.read(incidents.load, INC)).number == 1


async def test_a_refusal_undoes_everything_and_reaches_the_caller(db: Database) -> None:
    with pytest.raises(NotAllowed, match="Only"):
        await db.run(_opens_and_refuses)
    assert await db.read(incidents.open_ones, ACME) == ()


@ONLY_SQLITE
async def test_what_queues_up_is_committed_together(db: Database) -> None:
    commits = _commits(db)
    with _Busy(db):
        waiting = [asyncio.ensure_future(db.run(opens, number)) for number in range(1, 21)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)

    assert len(commits) == 2, "one for the unit that kept the writer busy, one for all that waited"
    assert len(await db.read(incidents.open_ones, ACME)) == 20


@ONLY_SQLITE
async def test_a_failing_use_case_does_not_take_its_neighbours_with_it(db: Database) -> None:
    with _Busy(db):
        waiting = [
            asyncio.ensure_future(db.run(work, *args))
            for work, args in ((opens, (1,)), (_opens_and_refuses, ()), (_breaks, ()), (opens, (2,)))
        ]
        await asyncio.sleep(0)
    first, refused, broken, second = await asyncio.gather(*waiting, return_exceptions=True)

    assert (first, second) == ("inc-1", "inc-2")
    assert isinstance(refused, NotAllowed)
    assert isinstance(broken, Exception)
    assert "no_such_table" in str(broken)
    assert [i.number for i in await db.read(incidents.open_ones, ACME)] == [1, 2]


@ONLY_SQLITE
async def test_nobody_is_told_of_a_success_that_the_disk_refused(db: Database) -> None:
    await db.run(opens, 1)

    def refuse(_connection: object) -> None:
        raise OSError("no space left on device")

    event.listen(db.engine, "commit", refuse)
    outcome = await asyncio.gather(db.run(opens, 2), db.run(opens, 3), return_exceptions=True)
    event.remove(db.engine, "commit", refuse)

    assert all(isinstance(error, OSError) for error in outcome)
    assert [i.number for i in await db.read(incidents.open_ones, ACME)] == [1]
    assert await db.run(opens, 4) == "inc-4", "the writer goes on"


async def test_an_edit_that_lost_a_race_is_decided_again_on_what_is_true_now(db: Database) -> None:
    await db.run(opens)
    tries: list[int] = []

    def raise_severity(tx: Tx) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("somebody was faster")
        changes(tx, INC, severity=Severity.SEV1)

    await db.run(raise_severity)
    assert len(tries) == 3
    assert (await db.read(incidents.load, INC)).severity is Severity.SEV1


async def test_a_race_that_is_always_lost_is_reported(db: Database) -> None:
    def never(_tx: Tx) -> None:
        raise Conflict("somebody was faster")

    with pytest.raises(Conflict):
        await db.run(never)


@pytest.mark.promise("S3-26")
async def test_of_two_who_click_at_once_the_second_sees_what_the_first_did(
    another: Callable[[], Database],
) -> None:
    replicas = [another(), another()]
    await replicas[0].run(opens)

    def take(tx: Tx, who: str) -> str | None:
        incident = incidents.load(tx, INC)
        if incident.lead is None:
            changes(tx, INC, lead=who)
        return incident.lead

    before = await asyncio.gather(*(replicas[n % 2].run(take, f"U0{n}") for n in range(12)))

    winner = (await replicas[0].read(incidents.load, INC)).lead
    assert before.count(None) == 1
    assert set(before) == {None, winner}


async def test_a_commit_tells_what_it_left_to_do(db: Database) -> None:
    told: list[Touched] = []
    db.on_commit(told.append)

    await db.run(opens)
    assert told == [Touched(outbox=True, timers=NOON + minutes(5))]

    await db.run(records, "incident.opened")
    await db.read(incidents.load, INC)
    assert len(told) == 1, "an audit row alone pokes nobody"


async def test_what_waits_for_a_channel_pokes_nobody(db: Database) -> None:
    await db.run(opens)
    told: list[Touched] = []
    db.on_commit(told.append)
    held = Notice(kind=NoticeKind.LINE, to=INCIDENT, key="held")

    await db.run(decides, INC, notices=(held,))
    assert told == []

    await db.run(gets_its_channel, INC)
    assert told == [Touched(outbox=True)]


async def test_a_reader_cannot_write(db: Database) -> None:
    await db.run(opens)
    with pytest.raises(StorageError, match="read-only transaction"):
        await db.read(changes, INC, severity=Severity.SEV1)
    assert (await db.read(incidents.load, INC)).severity is Severity.SEV2


@ONLY_SQLITE
async def test_reading_goes_on_beside_a_long_write(db: Database) -> None:
    await db.run(opens)
    with _Busy(db):
        assert (await db.read(incidents.load, INC)).number == 1


async def test_a_caller_who_gives_up_does_not_disturb_the_others(db: Database) -> None:
    await db.run(opens)
    impatient = asyncio.ensure_future(db.run(changes, INC, severity=Severity.SEV1))
    await asyncio.sleep(0)
    impatient.cancel()
    await db.run(acknowledges, ITEM)
    assert (await db.read(incidents.load, INC)).status is Status.ACKNOWLEDGED


async def test_closing_finishes_what_is_queued_and_refuses_the_rest(
    another: Callable[[], Database], url: str
) -> None:
    database = another()
    waiting = [asyncio.ensure_future(database.run(opens, number)) for number in range(1, 11)]
    await asyncio.sleep(0)
    database.close()
    assert len(await asyncio.gather(*waiting)) == 10
    with pytest.raises(Closed):
        await database.run(opens, 11)
    with pytest.raises(Closed):
        await database.read(incidents.open_ones, ACME)
    with pytest.raises(Closed):
        database.transact(opens, 11)
    with closing(Database(url)) as reopened:
        assert len(reopened.transact(incidents.open_ones, ACME)) == 10


@ONLY_POSTGRES
async def test_a_connection_that_broke_while_idle_is_replaced(db: Database) -> None:
    await asyncio.gather(*(db.run(opens, number) for number in range(1, 9)))
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with db.engine.connect() as connection:
        connection.execute(others)
    await asyncio.gather(*(db.run(opens, number) for number in range(9, 17)))
    assert len(await db.read(incidents.open_ones, ACME)) == 16


@ONLY_SQLITE
def test_every_commit_is_durable_and_references_hold(db: Database) -> None:
    def settings(tx: Tx) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(tx.execute(text(f"PRAGMA {name}")).scalar() for name in names)

    assert db.transact(settings) == ("wal", 2, 1)


@ONLY_SQLITE
def test_a_second_process_and_the_bot_may_write_to_the_same_file(
    another: Callable[[], Database], tmp_path: Path
) -> None:
    bot, command = another(), another()
    for number in range(1, 11):
        (bot if number % 2 else command).transact(opens, number)
    assert len(bot.transact(incidents.open_ones, ACME)) == 10


def _opens_and_refuses(tx: Tx) -> None:
    opens(tx, 7)
    raise NotAllowed("Only an incident manager may do that.")


def _breaks(tx: Tx) -> None:
    opens(tx, 8)
    tx.execute(text("SELECT * FROM no_such_table"))


def _commits(db: Database) -> list[object]:
    seen: list[object] = []
    event.listen(db.engine, "commit", seen.append)
    return seen


class _Busy:
    """Keeps the writer occupied, so that what is asked meanwhile queues up."""

    def __init__(self, db: Database) -> None:
        self._release, started = threading.Event(), threading.Event()

        def hold(_tx: Tx) -> None:
            started.set()
            self._release.wait(10)

        self._thread = threading.Thread(target=db.transact, args=(hold,))
        self._thread.start()
        started.wait(10)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._release.set()
        self._thread.join()
