import pytest

from bot.domain.errors import NotFound
from bot.domain.incident import ChannelId, UserId, Workspace
from bot.domain.policy import Policy
from bot.domain.roles import Person
from bot.packs import DEFAULT, load
from storage import channels, evidence, people, policies
from storage.database import Database
from tests.storage.samples import ACME, ANA, BEN, INC, NOON, minutes, opens

OTHER = Workspace(team_id="T0OTHER")


def test_people_and_what_the_roster_means_by_them_come_back(db: Database) -> None:
    ana = Person(id=ANA, name="Ana", email="ana@acme.example", tz="Europe/Zurich")
    ben = Person(id=BEN, name="Ben", is_external=True)
    db.transact(people.upsert, ACME, [ana, ben])
    db.transact(people.set_references, ACME, {"Ana@acme.example": [ANA], "@oncall": (ANA, BEN), "@gone": ()})

    directory = db.transact(people.directory, ACME)

    assert directory.people == {ANA: ana, BEN: ben}
    assert directory.resolve("ana@ACME.example") == (ana,)
    assert directory.resolve("@oncall") == (ana,), "an external person holds no role"
    assert directory.references["@gone"] == ()
    assert db.transact(people.person, ACME, BEN) == ben
    assert db.transact(people.person, ACME, UserId("U0NOBODY")) is None
    assert db.transact(people.directory, OTHER).people == {}


def test_a_leaver_holds_no_role_from_then_on(db: Database) -> None:
    db.transact(people.upsert, ACME, [Person(id=ANA, name="Ana")])
    db.transact(people.set_references, ACME, {"@oncall": [ANA]})
    db.transact(people.upsert, ACME, [Person(id=ANA, name="Ana", is_active=False)])
    assert db.transact(people.directory, ACME).resolve("@oncall") == ()


def test_a_person_is_known_as_last_seen(db: Database) -> None:
    db.transact(people.upsert, ACME, [Person(id=ANA, name="Ana")])
    db.transact(people.upsert, ACME, [Person(id=ANA, name="Ana Ruiz", tz="Asia/Tokyo")])
    known = db.transact(people.person, ACME, ANA)
    assert known is not None
    assert (known.name, known.tz) == ("Ana Ruiz", "Asia/Tokyo")


def test_an_incident_can_always_find_the_policy_it_began_with(db: Database, pack: Policy) -> None:
    newer = pack.model_copy(update={"version": "newer", "organisation": "Acme Cloud Two"})
    db.transact(policies.activate, ACME, pack, NOON)
    db.transact(policies.activate, ACME, newer, NOON + minutes(1))

    policies._known.clear()
    assert db.transact(policies.active, ACME) == newer
    assert db.transact(policies.version, pack.version) == pack

    db.transact(policies.activate, ACME, pack, NOON + minutes(2))
    assert db.transact(policies.active, ACME).version == pack.version


def test_a_policy_that_was_never_activated_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        db.transact(policies.active, ACME)
    with pytest.raises(NotFound, match="unheard-of"):
        db.transact(policies.version, "unheard-of")


def test_evidence_is_kept_as_it_was_first_said(db: Database) -> None:
    db.transact(opens)
    assert db.transact(evidence.add, INC, "C1/1.1", "orders fail", ANA, NOON) is True
    assert db.transact(evidence.add, INC, "C1/1.1", "orders are fine", BEN, NOON) is False
    for number in range(2, 6):
        db.transact(evidence.add, INC, f"C1/1.{number}", f"line {number}", BEN, NOON + minutes(number))

    assert db.transact(evidence.known, INC) == frozenset(f"C1/1.{number}" for number in range(1, 6))
    said = db.transact(evidence.said, INC, 2)
    assert [(one.excerpt, one.by) for one in said] == [("line 4", BEN), ("line 5", BEN)]
    assert db.transact(evidence.said, INC, 50)[0].excerpt == "orders fail"


def test_channels_are_known_by_name(db: Database) -> None:
    db.transact(channels.learn, ACME, {"#general": ChannelId("C1"), "esc": ChannelId("C2")})
    db.transact(channels.learn, ACME, {"general": ChannelId("C3")})
    assert db.transact(channels.named, ACME) == {"general": "C3", "esc": "C2"}
    assert db.transact(channels.named, OTHER) == {}


@pytest.fixture(scope="module")
def pack() -> Policy:
    return load(DEFAULT)
