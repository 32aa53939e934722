import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.domain.decision import Fact, Timer, TimerKind
from bot.domain.items import ItemId
from storage import timers
from storage.database import Database
from storage.transaction import Tx
from storage.verification import verify
from tests.storage.samples import ACME, INC, ITEM, NOON, acknowledges, decides, minutes, opens


def test_what_is_due_is_claimed_in_the_order_in_which_it_fell_due(db: Database) -> None:
    db.transact(opens)
    assert db.transact(timers.claim_due, NOON + minutes(4)) == ()

    due = db.transact(timers.claim_due, NOON + minutes(30))

    assert [(d.kind, d.item_id, d.attempts) for d in due] == [
        (TimerKind.NAG, ITEM, 1),
        (TimerKind.RUNG, ITEM, 1),
    ]
    assert due[0].workspace == ACME


def test_a_claimed_timer_is_not_claimed_again_before_its_lease_runs_out(db: Database) -> None:
    db.transact(opens)
    now = NOON + minutes(5)
    (first,) = db.transact(timers.claim_due, now, lease=minutes(1))
    assert db.transact(timers.claim_due, now + minutes(0.9)) == ()

    (second,) = db.transact(timers.claim_due, now + minutes(1))

    assert (second.id, second.attempts, second.at) == (first.id, 2, first.at)


def test_a_late_finish_is_refused_once_another_has_the_timer(db: Database) -> None:
    db.transact(opens)
    (late,) = db.transact(timers.claim_due, NOON + minutes(5), lease=minutes(1))
    (other,) = db.transact(timers.claim_due, NOON + minutes(7))

    assert db.transact(timers.finish, late) is False
    assert db.transact(timers.finish, other) is True
    assert db.transact(timers.finish, other) is False


@pytest.mark.parametrize("what_happened", ["cancelled", "moved", "cancelled and set anew"])
def test_a_timer_that_changed_while_it_was_claimed_does_not_fire(db: Database, what_happened: str) -> None:
    db.transact(opens)
    (due,) = db.transact(timers.claim_due, NOON + minutes(5))
    again = Timer(kind=TimerKind.NAG, incident_id=INC, item_id=ITEM, at=NOON + minutes(20))
    if what_happened != "moved":
        db.transact(decides, INC, quiet=(ITEM,))
    if what_happened != "cancelled":
        db.transact(decides, INC, timers=(again,))

    assert db.transact(timers.finish, due) is False
    left = [timer.at for timer in db.transact(timers.of_incident, INC) if timer.kind is TimerKind.NAG]
    assert left == ([] if what_happened == "cancelled" else [again.at])


def test_a_step_may_set_its_own_timer_anew(db: Database) -> None:
    db.transact(opens)
    (due,) = db.transact(timers.claim_due, NOON + minutes(5))

    def fire(tx: Tx) -> None:
        assert timers.finish(tx, due)
        decides(
            tx, INC, timers=(Timer(kind=TimerKind.NAG, incident_id=INC, item_id=ITEM, at=NOON + minutes(9)),)
        )

    db.transact(fire)
    assert db.transact(timers.next_due) == NOON + minutes(9)


def test_setting_a_timer_again_moves_it(db: Database) -> None:
    db.transact(opens)
    db.transact(
        decides, INC, timers=(Timer(kind=TimerKind.NAG, incident_id=INC, item_id=ITEM, at=NOON + minutes(2)),)
    )
    assert db.transact(timers.pending) == 2
    assert db.transact(timers.next_due) == NOON + minutes(2)


def test_the_next_moment_counts_leases(db: Database) -> None:
    assert db.transact(timers.next_due) is None
    db.transact(opens)
    db.transact(timers.claim_due, NOON + minutes(5), lease=minutes(2))
    assert db.transact(timers.next_due) == NOON + minutes(7)


def test_a_timer_that_keeps_failing_is_set_aside_and_shown(db: Database) -> None:
    db.transact(opens)
    (due,) = db.transact(timers.claim_due, NOON + minutes(5), lease=minutes(1))
    assert db.transact(timers.set_aside, due, "KeyError: 'role'")

    assert [d.kind for d in db.transact(timers.claim_due, NOON + minutes(60))] == [TimerKind.RUNG]
    (shown,) = db.transact(timers.aside_ones)
    assert (shown.kind, shown.item_id, shown.why) == (TimerKind.NAG, ITEM, "KeyError: 'role'")


def test_setting_a_timer_that_was_set_aside_revives_it(db: Database) -> None:
    db.transact(opens)
    (due,) = db.transact(timers.claim_due, NOON + minutes(5))
    db.transact(timers.set_aside, due, "a bug")
    db.transact(
        decides, INC, timers=(Timer(kind=TimerKind.NAG, incident_id=INC, item_id=ITEM, at=NOON + minutes(6)),)
    )
    (revived,) = db.transact(timers.claim_due, NOON + minutes(6))
    assert (revived.kind, revived.attempts) == (TimerKind.NAG, 1)
    assert db.transact(timers.aside_ones) == ()


@pytest.mark.promise("M-04")
async def test_two_tickers_never_share_a_timer(another: Callable[[], Database]) -> None:
    replicas = [another(), another()]
    for number in range(1, 41):
        await replicas[0].run(opens, number)
    fired: list[int] = []

    async def tick(replica: Database) -> None:
        while due := await replica.run(timers.claim_due, NOON + minutes(10), limit=7):
            fired.extend(d.id for d in due)

    await asyncio.gather(*(tick(replica) for replica in replicas * 2))
    assert len(fired) == len(set(fired)) == 80


@pytest.mark.promise("M-04")
def test_each_timer_has_its_effect_once_whoever_comes_back_late(another: Callable[[], Database]) -> None:
    replicas = [another() for _ in range(3)]
    for number in range(1, 16):
        replicas[0].transact(opens, number)
    now = NOON + minutes(10)

    def fire(tx: Tx, due: timers.Due) -> bool:
        return timers.finish(tx, due)

    def tick(worker: int) -> int:
        replica, done = replicas[worker % 3], 0
        # Leases of no length: every claim is up for grabs at once, so only the fence keeps effects apart.
        while due := replica.transact(timers.claim_due, now, limit=4, lease=minutes(0)):
            done += sum(replica.transact(fire, one) for one in due)
        return done

    with ThreadPoolExecutor(6) as together:
        assert sum(together.map(tick, range(6))) == 30
    assert replicas[0].transact(timers.pending) == 0


def test_what_is_due_is_taken_once_and_in_order(db: Database) -> None:
    db.transact(opens)
    assert db.transact(timers.take_due, NOON + minutes(4)) == ()

    taken = db.transact(timers.take_due, NOON + minutes(30))

    assert [(due.kind, due.item_id) for due in taken] == [(TimerKind.NAG, ITEM), (TimerKind.RUNG, ITEM)]
    assert db.transact(timers.take_due, NOON + minutes(30)) == ()
    assert db.transact(timers.pending) == 0


def test_what_was_taken_stands_again_when_the_transaction_fails(db: Database) -> None:
    db.transact(opens)

    def fails(tx: Tx) -> None:
        assert timers.take_due(tx, NOON + minutes(5))
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        db.transact(fails)
    (again,) = db.transact(timers.claim_due, NOON + minutes(5))
    assert (again.kind, again.attempts) == (TimerKind.NAG, 1)


@pytest.mark.parametrize("what_happens", ["cancelled", "moved", "neither"])
def test_a_taken_timer_is_not_run_once_the_one_before_it_changed_it(db: Database, what_happens: str) -> None:
    db.transact(opens)
    again = Timer(kind=TimerKind.RUNG, incident_id=INC, item_id=ITEM, at=NOON + minutes(40))
    quiet = (ITEM,) if what_happens == "cancelled" else ()
    moved = (again,) if what_happens == "moved" else ()

    def run(tx: Tx) -> list[bool]:
        _, rung = timers.take_due(tx, NOON + minutes(30))
        before = timers.is_taken(tx, rung)
        decides(tx, INC, quiet=quiet, timers=moved)
        return [before, timers.is_taken(tx, rung)]

    assert db.transact(run) == [True, what_happens == "neither"]
    left = [timer.at for timer in db.transact(timers.of_incident, INC)]
    assert left == ([again.at] if what_happens == "moved" else [])


@pytest.mark.promise("M-04")
async def test_two_tickers_never_take_the_same_timer(another: Callable[[], Database]) -> None:
    replicas = [another(), another()]
    for number in range(1, 41):
        await replicas[0].run(opens, number)
    fired: list[int] = []

    async def tick(replica: Database) -> None:
        # Another's are passed over while it has them, so an empty hand does not mean that nothing is left.
        while await replica.run(timers.pending):
            fired.extend(due.id for due in await replica.run(timers.take_due, NOON + minutes(10), limit=7))

    await asyncio.gather(*(tick(replica) for replica in replicas * 2))
    assert len(fired) == len(set(fired)) == 80


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_storm_that_the_statistics_know_nothing_of_is_taken_from_the_index(db: Database) -> None:
    db.transact(opens)
    storm = "INSERT INTO timer (team_id, owner, kind, incident_id, due_at, visible_at, attempts, fence) SELECT team_id, "
    storm += "'storm/' || i, kind, incident_id, due_at, due_at, 0, 0 FROM timer, generate_series(1, 2000) AS s(i) LIMIT 2000"

    def plan(tx: Tx) -> str:
        tx.execute(text(storm))
        taking = timers.taking(is_postgres=True).statement.compile(dialect=tx.connection.dialect)
        values = {"now": NOON + minutes(30), "limit": 20}
        return "\n".join(row[0] for row in tx.connection.exec_driver_sql(f"EXPLAIN {taking}", values))

    found = db.transact(plan)
    assert "Index Scan using ix_timer_due" in found
    assert "Sort" not in found
    assert len(db.transact(timers.take_due, NOON + minutes(30))) == 20


def test_the_claim_uses_the_index_of_live_timers(db: Database) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN "
        else:
            explain = "EXPLAIN QUERY PLAN "
        query = "SELECT id FROM timer WHERE aside_at IS NULL AND visible_at <= '2026-03-02' ORDER BY visible_at, id"
        plan = "\n".join(str(row) for row in connection.execute(text(f"{explain}{query} LIMIT 20")))
    assert "ix_timer_due" in plan
    assert "TEMP B-TREE" not in plan.upper()


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_answers_during_a_storm_do_not_wait_for_each_other(another: Callable[[], Database]) -> None:
    ticker, clicker = another(), another()
    owed = [ITEM.replace("inc-1", f"inc-{number}") for number in range(1, 25)]
    for number in range(1, 25):
        ticker.transact(opens, number)

    def fire(tx: Tx) -> int:
        due = timers.take_due(tx, NOON + minutes(10), limit=8)
        for one in due:
            if timers.is_taken(tx, one):
                decides(tx, one.incident_id, facts=(Fact(kind="ladder.nagged"),))
        return len(due)

    def tick() -> None:
        while ticker.transact(timers.pending) > 24:
            ticker.transact(fire)

    with ThreadPoolExecutor(4) as together:
        ticking = [together.submit(tick) for _ in range(2)]
        list(together.map(lambda item: clicker.transact(acknowledges, ItemId(item)), owed))
        for done in ticking:
            done.result()

    with ticker.engine.connect() as connection:
        deadlocks = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert connection.execute(deadlocks).scalar() == 0
    assert ticker.transact(verify).ok
