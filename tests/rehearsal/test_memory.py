"""The rehearsal's memory and the database are told the same decisions and hold the same in the end."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.decision import Decision, Fact, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import UserId
from bot.domain.items import ItemState
from bot.rehearsal.memory import Memory
from storage import audit, incidents, items, timers
from storage.apply import apply
from storage.database import Database
from storage.tables import OUTBOX
from storage.transaction import Tx
from tests.storage.samples import ANA, CARO, INC, NOON, an_incident, an_item, an_opening, minutes

ROLES = ("l2", "l3", "security")
KINDS = (TimerKind.NAG, TimerKind.RUNG, TimerKind.LEASE, TimerKind.ALARM)

SAYS = (NoticeKind.PAGE, NoticeKind.NAG, NoticeKind.HALF_TIME, NoticeKind.REMINDER, NoticeKind.LINE)

# One step of an incident's life: whose items change, which timers are set when, what is said about whom, what goes quiet, and
# whether time passes.
Step = tuple[
    frozenset[str],
    Sequence[tuple[str, TimerKind, int]],
    Sequence[tuple[str, NoticeKind, int]],
    frozenset[str],
    bool,
    bool,
    int,
]
steps = st.tuples(
    st.frozensets(st.sampled_from(ROLES)),
    st.lists(
        st.tuples(st.sampled_from(("", *ROLES)), st.sampled_from(KINDS), st.integers(0, 30)), max_size=4
    ),
    st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(SAYS), st.integers(0, 3)), max_size=4),
    st.frozensets(st.sampled_from(ROLES)),
    st.booleans(),
    st.booleans(),
    st.integers(0, 20),
)


def decided(memory: Memory, step: Step, number: int) -> Decision:
    changes, sets, says, quiet, hush, renamed, _ = step
    base = an_incident()
    known = {role: memory.items.get(an_item(base, role).id, an_item(base, role)) for role in ROLES}
    incident = replace(memory.incident, title=f"Title {number}") if renamed else memory.incident
    return Decision(
        incident=incident,
        items=tuple(replace(known[r], state=ItemState.DONE, rung=number) for r in sorted(changes)),
        facts=(Fact(kind="ladder.step", data={"number": number}, rule="ladder.sev2.step1"),),
        timers=tuple(
            Timer(kind=kind, incident_id=INC, item_id=known[role].id if role else None, at=NOON + minutes(at))
            for role, kind, at in sets
            if not role or role in changes or known[role].id in memory.items
        ),
        notices=tuple(
            Notice(kind=kind, to=direct(CARO), key=f"said/{role}/{kind}/{number}", item_id=known[role].id)
            for role, kind, number in says
            if role in changes or known[role].id in memory.items
        ),
        quiet=tuple(known[role].id for role in sorted(quiet)),
        hush=hush,
    )


@settings(max_examples=25)
@given(st.lists(steps, max_size=8))
def test_what_is_rehearsed_in_memory_is_what_the_database_would_hold(life: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as home:
        db = Database(f"sqlite:///{Path(home) / 'tocsin.db'}")
        try:
            db.migrate()
            memory = Memory()
            opening = an_opening(roles=("l2", "l3"))
            memory.apply(opening, by=ANA, now=NOON)
            db.transact(apply, opening, actor=ANA, now=NOON)
            same(db, memory)
            for number, step in enumerate(life):
                lives(db, memory, step, number)
                same(db, memory)
            told = [(e.kind, e.actor, e.data, e.rule) for e in db.transact(audit.events, INC)]
            kept, said = memory.drain()
            assert db.transact(unsent) == sorted(one.key for one in said if one.key.startswith("said/"))
            assert told == [(one.fact.kind, one.by, one.fact.data, one.fact.rule) for one in kept]
        finally:
            db.close()


def lives(db: Database, memory: Memory, step: Step, number: int) -> None:
    """Time passes, what is due is finished in order, and a decision is taken, in both."""
    now = NOON + minutes(step[-1])

    def passes(tx: Tx) -> list[Timer]:
        done = []
        for due in timers.claim_due(tx, now):
            assert timers.finish(tx, due)
            done.append(Timer(kind=due.kind, incident_id=due.incident_id, item_id=due.item_id, at=due.at))
        return done

    due = memory.due(now)
    assert all(map(memory.finish, due))
    assert db.transact(passes) == due
    decision = decided(memory, step, number)

    def takes(tx: Tx) -> None:
        incidents.load(tx, INC)
        items.of_incident(tx, INC)
        apply(tx, decision, actor=UserId("tocsin"), now=now)

    db.transact(takes)
    memory.apply(decision, by="tocsin", now=now)


def unsent(tx: Tx) -> list[str]:
    """Return the keys of what is still to be said."""
    rows = tx.execute(
        select(OUTBOX.c.key).where(OUTBOX.c.done_at.is_(None), OUTBOX.c.key.startswith("said/"))
    )
    return sorted(row.key for row in rows)


def same(db: Database, memory: Memory) -> None:
    assert db.transact(incidents.load, INC) == memory.incident
    assert {item.id: item for item in db.transact(items.of_incident, INC)} == memory.items
    assert list(db.transact(timers.of_incident, INC)) == memory.due(NOON + minutes(1000))
