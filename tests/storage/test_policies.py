from datetime import date, timedelta

import pytest

from bot.domain.decision import Standing
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Policy
from storage import policies
from storage.database import Database
from tests.domain.small_pack import policy
from tests.storage.samples import ACME, NOON, minutes


@pytest.fixture
def old() -> Policy:
    return policy().model_copy(update={"version": "old"})


@pytest.fixture
def new(old: Policy) -> Policy:
    return old.model_copy(update={"version": "new", "organisation": "Acme Cloud Two"})


def test_a_version_that_is_only_proposed_is_not_in_force(db: Database, old: Policy, new: Policy) -> None:
    db.transact(policies.activate, ACME, old, NOON)
    db.transact(policies.keep, ACME, new, "root at the command line", NOON + minutes(1))
    assert db.transact(policies.active, ACME).version == "old"
    assert db.transact(policies.version, "new") == new
    first, second = db.transact(policies.versions, ACME)
    assert (first.version, first.active, first.activated_at, first.approved_by) == ("old", True, NOON, ())
    assert (second.active, second.activated_at, second.proposed_by) == (
        False,
        None,
        "root at the command line",
    )


def test_exactly_one_version_is_in_force_and_the_log_says_who_agreed(
    db: Database, old: Policy, new: Policy
) -> None:
    db.transact(policies.activate, ACME, old, NOON)
    db.transact(policies.keep, ACME, new, "tocsin", NOON)
    db.transact(
        policies.note,
        ACME,
        [Standing(version="new", in_force=True, approved_by=("ivan",))],
        NOON + minutes(5),
    )
    known = db.transact(policies.versions, ACME)
    assert [(one.version, one.active, one.approved_by) for one in known] == [
        ("new", True, ("ivan",)),
        ("old", False, ()),
    ]
    db.transact(policies.note, ACME, [Standing(version="old", in_force=True)], NOON + minutes(9))
    assert db.transact(policies.active, ACME).version == "old"


def test_what_people_add_to_a_version_is_read_with_it_and_no_snapshot_changes(
    db: Database, old: Policy
) -> None:
    db.transact(policies.activate, ACME, old, NOON)
    until = date(2027, 5, 3)
    added = [
        Standing(version="old", endorsed_by="xena"),
        Standing(version="old", reviewed_by="ivan", review_by=until),
    ]
    db.transact(policies.note, ACME, added, NOON + timedelta(days=1))
    active = db.transact(policies.active, ACME)
    assert active.endorsement is not None
    assert (active.endorsement.by, active.endorsement.on) == ("xena", (NOON + timedelta(days=1)).date())
    assert (active.reviewed_by, active.review_by) == ("ivan", until)
    assert db.transact(policies.version, "old") == old


def test_a_version_of_one_workspace_is_not_in_force_in_another(db: Database, old: Policy) -> None:
    db.transact(policies.activate, ACME, old, NOON)
    with pytest.raises(NotFound):
        db.transact(policies.active, Workspace(team_id="T0OTHER"))
    assert db.transact(policies.versions, Workspace(team_id="T0OTHER")) == ()
