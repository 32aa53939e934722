from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.decision import Decision, Fact
from bot.domain.errors import NotFound
from bot.domain.incident import (
    ChannelState,
    Closure,
    Dimension,
    IncidentId,
    Role,
    Severity,
    Stage,
    Status,
    UserId,
    Workspace,
)
from bot.domain.items import Grant, ItemId, ItemKind, ItemState, Proposal, ProposalKind, Reason
from storage import incidents, items
from storage.apply import apply
from storage.database import Database
from storage.transaction import Tx
from storage.verification import verify
from tests.storage.samples import (
    ACME,
    ANA,
    BEN,
    CHANNEL,
    INC,
    ITEM,
    NOON,
    an_incident,
    an_item,
    minutes,
    opens,
)


def test_every_field_of_an_incident_comes_back(db: Database) -> None:
    incident = an_incident(
        summary="Payments fail",
        severity=Severity.SEV1,
        floor=Severity.SEV2,
        scores={Dimension.BUSINESS: 4, Dimension.DATA: None, Dimension.BLAST: 0},
        stage=Stage("contain"),
        status=Status.CLOSED,
        customer_visible=True,
        private=True,
        drill=True,
        lead=BEN,
        channel_state=ChannelState.FALLBACK,
        channel_id=CHANNEL,
        channel_name="inc-1-checkout",
        channel_problem="restricted_action",
        card_ts="1700000000.000100",
        next_update_at=NOON + timedelta(microseconds=1),
        targets={"acknowledge": NOON + minutes(5), "resolve": NOON + minutes(240)},
        closure=Closure(
            cause="A bad deploy",
            cause_is_suspicion=True,
            actions_taken="Rolled back",
            verification="Orders pass",
            closed_by=ANA,
            asked_at=NOON,
        ),
        closed_at=NOON + minutes(90),
        reopened=2,
    )
    db.transact(apply, Decision(incident=incident), actor=ANA, now=NOON)

    assert db.transact(incidents.load, incident.id) == replace(incident, version=1)


def test_every_field_of_an_item_comes_back(db: Database) -> None:
    incident = an_incident()
    item = an_item(
        incident,
        kind=ItemKind.APPROVAL,
        state=ItemState.CHANGED,
        holders=(ANA, BEN),
        asked=(BEN,),
        rung=2,
        round=1,
        reason=Reason.VACANCY,
        answered_by=BEN,
        answered_at=NOON + minutes(3),
        lease_until=NOON + minutes(63),
        proposal=Proposal(
            kind=ProposalKind.TEXT,
            value={"text": "We are looking into it", "fields": {"impact": "Orders"}},
            current=None,
            rationale="Said twice",
            evidence=("C1/1.1", "C1/1.2"),
            confidence=0.75,
            proposed_by="advisor:offline",
            prompted_by=ANA,
            model="rules",
            model_version="1",
            needs=((Role("comms_lead"),), (Role("legal_liaison"), Role("executive_sponsor"))),
            digest="d" * 64,
        ),
        grants=(
            Grant(by=ANA, role=Role("comms_lead"), verdict="approve", reason="", at=NOON, digest="d" * 64),
        ),
        details={"step": "Roll back", "due": "2026-03-02T13:00:00+00:00"},
    )
    unassigned = replace(item, id=ItemId("inc-1/approval/1"), role=None)
    db.transact(apply, Decision(incident=incident, items=(item, unassigned)), actor=ANA, now=NOON)

    assert db.transact(items.load, item.id) == replace(item, version=1)
    assert db.transact(items.load, unassigned.id) == replace(unassigned, version=1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(alphabet=st.characters(), min_size=1, max_size=80))
def test_no_text_from_outside_can_make_an_incident_unsaveable(db: Database, title: str) -> None:
    number = db.transact(incidents.next_number, ACME)
    incident = an_incident(number, title=title)
    fact = Fact(kind="incident.opened", data={"title": title, title: [title]})

    db.transact(apply, Decision(incident=incident, facts=(fact,)), actor=ANA, now=NOON)

    kept = db.transact(incidents.load, incident.id).title
    assert kept == title or "\0" in title or any("\ud800" <= c <= "\udfff" for c in title)
    assert db.transact(verify).ok


def test_times_are_kept_as_utc_wherever_they_came_from(db: Database) -> None:
    in_zurich = NOON.astimezone(timezone(timedelta(hours=1)))
    db.transact(apply, Decision(incident=an_incident(opened_at=in_zurich)), actor=ANA, now=NOON)

    kept = db.transact(incidents.load, INC).opened_at
    assert (kept, kept.utcoffset()) == (NOON, timedelta(0))


def test_what_does_not_exist_is_refused_kindly(db: Database) -> None:
    with pytest.raises(NotFound):
        db.transact(incidents.load, IncidentId("inc-9"))
    with pytest.raises(NotFound):
        db.transact(items.load, ItemId("inc-9/x"))
    with pytest.raises(NotFound, match="INC-7"):
        db.transact(incidents.by_number, ACME, 7)


def test_incidents_are_found_by_number_channel_and_being_open(db: Database) -> None:
    db.transact(opens, 1, severity=Severity.SEV3)
    db.transact(opens, 2, severity=Severity.SEV1, channel_id=CHANNEL, channel_state=ChannelState.READY)
    db.transact(opens, 3, status=Status.CLOSED, closed_at=NOON)

    def look(tx: Tx) -> None:
        assert incidents.by_number(tx, ACME, 2).id == "inc-2"
        found = incidents.by_channel(tx, ACME, CHANNEL)
        assert found is not None
        assert found.id == "inc-2"
        assert [incident.number for incident in incidents.open_ones(tx, ACME)] == [2, 1]

    db.transact(look)


def test_a_fallback_channel_belongs_to_no_incident(db: Database) -> None:
    db.transact(opens, 1, channel_id=CHANNEL, channel_state=ChannelState.FALLBACK)
    assert db.transact(incidents.by_channel, ACME, CHANNEL) is None


def test_each_workspace_counts_and_sees_its_own(db: Database) -> None:
    other = Workspace(team_id="T0OTHER")
    assert [db.transact(incidents.next_number, ACME) for _ in range(3)] == [1, 2, 3]
    assert db.transact(incidents.next_number, other) == 1
    db.transact(opens, 1)
    assert db.transact(incidents.open_ones, other) == ()
    with pytest.raises(NotFound):
        db.transact(incidents.by_number, other, 1)


def test_what_somebody_owes_is_listed_by_urgency(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    db.transact(_with_holders, ItemId("inc-1/acknowledge/l3/1"), (ANA, BEN), NOON + minutes(1))
    db.transact(_with_holders, ITEM, (ANA,), NOON + minutes(2))

    def owed(tx: Tx, user: UserId) -> list[str]:
        return [item.role or "" for item in items.owed_by(tx, ACME, user)]

    assert db.transact(owed, ANA) == ["l3", "l2"]
    assert db.transact(owed, BEN) == ["l3"]
    assert db.transact(owed, UserId("U0")) == []


def test_items_that_are_over_are_left_out_on_request(db: Database) -> None:
    db.transact(opens, 1, ("l2", "l3"))
    db.transact(_over, ITEM)
    assert len(db.transact(items.of_incident, INC)) == 2
    assert [item.role for item in db.transact(items.of_incident, INC, only_open=True)] == ["l3"]


def _with_holders(tx: Tx, item_id: ItemId, holders: tuple[UserId, ...], due: object) -> None:
    item = items.load(tx, item_id)
    changed = replace(item, holders=holders, due_at=due)  # type: ignore[arg-type]
    apply(tx, Decision(incident=incidents.load(tx, item.incident_id), items=(changed,)), actor=ANA, now=NOON)


def _over(tx: Tx, item_id: ItemId) -> None:
    item = items.load(tx, item_id)
    changed = replace(item, state=ItemState.DONE)
    apply(tx, Decision(incident=incidents.load(tx, item.incident_id), items=(changed,)), actor=ANA, now=NOON)
