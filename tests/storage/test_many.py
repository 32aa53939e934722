from dataclasses import replace

import pytest
from sqlalchemy import event

from bot.domain.decision import Decision, Fact, Lane, Notice, NoticeKind
from bot.domain.incident import Incident
from bot.domain.items import ItemId
from bot.usecases import scene
from storage import incidents, items, outbox, timers
from storage.apply import apply
from storage.database import Conflict, Database
from storage.transaction import Tx
from storage.verification import verify
from tests.storage.samples import ACME, ANA, CARO, INC, ITEM, NOON, acknowledges, minutes, opens

STRANGE = 'naïve "quotes" \\ 100% %(x)s \N{FIRE} \n'


def test_rows_written_together_come_back_as_they_were(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))

    def change(tx: Tx) -> None:
        incident = incidents.load(tx, INC)
        changed = (
            replace(
                item,
                title=STRANGE,
                answered_by=None,
                due_at=NOON + minutes(1 / 7),
                details={"n": [None, 1.5, STRANGE]},
            )
            for item in items.of_incident(tx, INC)
        )
        said = (
            Notice(kind=NoticeKind.LINE, to="announcements", key=f"{n}", data={STRANGE: n}) for n in range(3)
        )
        fact = Fact(kind="ladder.nagged", data={"said": STRANGE, "score": 0.1})
        apply(
            tx,
            Decision(incident=incident, items=tuple(changed), notices=tuple(said), facts=(fact,)),
            actor=ANA,
            now=NOON,
        )

    db.transact(change)

    for item in db.transact(items.of_incident, INC):
        assert (item.title, item.answered_by, item.due_at) == (STRANGE, None, NOON + minutes(1 / 7))
        assert item.details == {"n": [None, 1.5, STRANGE]}
    said = [one for one in db.transact(outbox.claim, NOON) if one.lane is Lane.NORMAL]
    assert [one.data for one in said if one.kind is NoticeKind.LINE] == [{STRANGE: n} for n in range(3)]
    assert db.transact(verify).ok


def test_what_is_owed_is_seen_by_the_same_transaction(db: Database) -> None:
    db.transact(opens)

    def look(tx: Tx) -> tuple[str, ...]:
        acknowledges(tx, ITEM)
        tx.seen.clear()
        tx.listed.clear()
        return tuple(item.answered_by or "" for item in items.of_incident(tx, INC))

    assert db.transact(look) == (CARO,)


def test_the_same_item_may_change_twice_in_one_transaction(db: Database) -> None:
    db.transact(opens)
    before = db.transact(items.load, ITEM).version

    def twice(tx: Tx) -> None:
        incident, item = incidents.load(tx, INC), items.load(tx, ITEM)
        for title in ("first", "second"):
            apply(tx, Decision(incident=incident, items=(replace(item, title=title),)), actor=ANA, now=NOON)

    db.transact(twice)
    assert db.transact(items.load, ITEM).title == "second"
    assert db.transact(items.load, ITEM).version == before + 2


def test_of_many_rows_one_that_somebody_changed_undoes_all(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    tries: list[int] = []

    def over_an_old_version(tx: Tx) -> None:
        tries.append(1)
        fresh, old = items.of_incident(tx, INC)
        changed = (replace(fresh, title="new"), replace(old, title="new", version=old.version + 7))
        apply(tx, Decision(incident=incidents.load(tx, INC), items=changed), actor=ANA, now=NOON)

    with pytest.raises(Conflict, match="somebody else"):
        db.transact(over_an_old_version)
    assert len(tries) > 1, "a lost race is run again"
    assert {item.title for item in db.transact(items.of_incident, INC)} == {"Answer for L2"}


def test_looking_ahead_changes_no_answer(db: Database) -> None:
    for number in (1, 2):
        db.transact(opens, number, ("l2", "l3"))

    def look(tx: Tx, *, ahead: bool) -> list[tuple[Incident, list[ItemId]]]:
        if ahead:
            scene.prepare(tx, [INC, "inc-2", "inc-9"])  # type: ignore[list-item]
        found = [incidents.load(tx, one) for one in (INC, "inc-2")]  # type: ignore[arg-type]
        return [(one, [item.id for item in items.of_incident(tx, one.id)]) for one in found]

    assert db.transact(look, ahead=True) == db.transact(look, ahead=False)


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_batch_of_a_storm_takes_the_same_few_journeys_however_large(db: Database) -> None:
    for number in range(1, 13):
        db.transact(opens, number)

    def fire(tx: Tx, limit: int) -> int:
        dues = timers.take_due(tx, NOON + minutes(5), limit)
        scene.prepare(tx, [due.incident_id for due in dues])
        for due in dues:
            assert timers.is_taken(tx, due)
            incident = incidents.load(tx, due.incident_id)
            (item,) = items.of_incident(tx, incident.id)
            told = Notice(kind=NoticeKind.NAG, to="user:U0ANA", key=f"{item.id}/nag", item_id=item.id)
            fact = Fact(kind="ladder.nagged", item_id=item.id)
            nagged = replace(item, details={"nagged": 1})
            apply(
                tx,
                Decision(incident=incident, items=(nagged,), notices=(told,), facts=(fact,)),
                actor="tocsin",
                now=NOON,
            )
        return len(dues)

    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *of: statements.append(of[2]))
    journeys = []
    for limit in (2, 10):
        statements.clear()
        assert db.transact(fire, limit) == limit
        journeys.append(len(statements))
    assert journeys[0] == journeys[1] <= 9
    assert db.transact(verify, ACME).ok
