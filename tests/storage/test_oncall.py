from collections.abc import Callable
from datetime import datetime

import pytest

from bot.domain.covers import Cover
from bot.domain.incident import Role, UserId, Workspace
from bot.domain.oncall import Duty, Override, Shift
from bot.domain.roles import Person
from storage import oncall, people
from storage.database import Database
from storage.oncall import FeedState
from storage.transaction import Tx
from tests.storage.samples import ACME, ANA, BEN, CARO, NOON, minutes

OTHER = Workspace(team_id="T0OTHER")


def a_cover(user: UserId = BEN, *, since: datetime = NOON, at: datetime = NOON, id: str = "one") -> Cover:
    takes = Override(role=Role("l2"), part="primary", user=user, since=since, until=since + minutes(60))
    return Cover(id=id, takes=takes, arranged_by=ANA, arranged_at=at)


def duty(db: Database) -> Duty:
    return db.transact(people.directory, ACME, NOON).duty


@pytest.fixture
def known(db: Database) -> Database:
    """A workspace whose directory has been read before, so that it is kept in memory."""
    db.transact(people.upsert, ACME, [Person(id=ANA, name="Ana")])
    assert duty(db) == Duty()
    return db


def test_a_place_taken_is_seen_by_every_rule_at_once(known: Database) -> None:
    known.transact(oncall.arrange, ACME, [a_cover()])
    assert duty(known).overrides == (a_cover().takes,)
    assert known.transact(oncall.covers, ACME) == (a_cover(),)
    assert known.transact(oncall.cover, ACME, "one") == a_cover()
    assert known.transact(oncall.covers, OTHER) == ()


def test_another_replica_sees_it_too(known: Database, another: Callable[[], Database]) -> None:
    replica = another()
    assert duty(replica).overrides == ()
    known.transact(oncall.arrange, ACME, [a_cover()])
    assert duty(replica).overrides == (a_cover().takes,)
    replica.transact(oncall.cancel, ACME, "one", NOON)
    assert duty(known).overrides == ()


def test_what_is_rolled_back_is_seen_by_nobody(known: Database) -> None:
    def fails(tx: Tx) -> None:
        oncall.arrange(tx, ACME, [a_cover()])
        assert people.directory(tx, ACME, NOON).duty.overrides
        raise RuntimeError

    with pytest.raises(RuntimeError):
        known.transact(fails)
    assert duty(known).overrides == ()


def test_a_place_is_given_back_once(known: Database) -> None:
    known.transact(oncall.arrange, ACME, [a_cover()])
    assert known.transact(oncall.cancel, ACME, "one", NOON) is True
    assert known.transact(oncall.cancel, ACME, "one", NOON) is False
    assert known.transact(oncall.cover, ACME, "one") is None
    assert duty(known).overrides == ()


def test_the_same_place_kept_twice_is_one(known: Database) -> None:
    known.transact(oncall.arrange, ACME, [a_cover()])
    known.transact(oncall.arrange, ACME, [a_cover(CARO)])
    assert [cover.takes.user for cover in known.transact(oncall.covers, ACME)] == [BEN]


def test_the_latest_arranged_comes_last_and_what_is_over_is_left_out(known: Database) -> None:
    old = a_cover(id="old", since=NOON - minutes(600), at=NOON - minutes(700))
    later = a_cover(CARO, id="a", at=NOON + minutes(1))
    known.transact(oncall.arrange, ACME, [later, a_cover(id="z"), old])
    assert [cover.id for cover in known.transact(oncall.covers, ACME)] == ["old", "z", "a"]
    assert [cover.id for cover in known.transact(oncall.covers, ACME, NOON)] == ["z", "a"]


def test_a_feed_keeps_its_last_good_content_and_shifts(known: Database) -> None:
    shift = Shift(members=("ana@acme.example",), since=NOON, until=NOON + minutes(60))
    good = FeedState(
        schedule="rota", url="https://a.example/x", content="BEGIN:VCALENDAR", shifts=(shift,), fetched_at=NOON, read_at=NOON
    )  # fmt: skip
    known.transact(oncall.keep_feed, ACME, good)
    assert known.transact(oncall.feeds, ACME) == (good,)
    assert duty(known).feeds == {"rota": (shift,)}

    never = FeedState(schedule="new", url="https://a.example/y", failing_since=NOON, problem="It is down.")
    known.transact(oncall.keep_feed, ACME, never)
    assert duty(known).feeds == {"rota": (shift,)}, "what was never read says nothing"

    known.transact(oncall.drop_feed, ACME, "rota")
    assert known.transact(oncall.feeds, ACME) == (never,)
    assert duty(known).feeds == {}


def test_what_was_told_is_remembered_until_it_is_forgotten(db: Database) -> None:
    db.transact(oncall.tell, ACME, ("gap/l2", "gap/l3"), NOON)
    db.transact(oncall.tell, ACME, ("gap/l2",), NOON + minutes(1))
    assert db.transact(oncall.told, ACME) == {"gap/l2": NOON + minutes(1), "gap/l3": NOON}
    db.transact(oncall.forget, ACME, ("gap/l2",))
    assert db.transact(oncall.told, ACME) == {"gap/l3": NOON}
    assert db.transact(oncall.told, OTHER) == {}


def test_what_was_given_back_was_taken_until_then(known: Database) -> None:
    known.transact(oncall.arrange, ACME, [a_cover()])
    known.transact(oncall.cancel, ACME, "one", NOON + minutes(20))
    [was] = duty(known).overrides
    assert (was.since, was.until) == (NOON, NOON + minutes(20))
    assert known.transact(oncall.covers, ACME) == (), "nothing is arranged any more"
