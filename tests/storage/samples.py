"""An incident, what it is owed, and the decisions of its life, as small as the tests can use them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.decision import INCIDENT, Decision, Fact, Lane, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import (
    ChannelId,
    ChannelState,
    Dimension,
    Incident,
    IncidentId,
    Role,
    Severity,
    Status,
    UserId,
    Workspace,
)
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from storage import audit, incidents, items
from storage.apply import apply
from storage.transaction import Tx

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ACME = Workspace(team_id="T0ACME", enterprise_id="E0ACME")
ANA, BEN, CARO = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CARO")
CHANNEL = ChannelId("C0INC1")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def an_incident(number: int = 1, **changes: Any) -> Incident:
    plain = Incident(
        id=IncidentId(f"inc-{number}"),
        workspace=ACME,
        number=number,
        title="Checkout is down",
        severity=Severity.SEV2,
        computed_severity=Severity.SEV2,
        severity_reason="Business impact 3 of 4",
        scores={Dimension.BUSINESS: 3, Dimension.USERS: None},
        opened_by=ANA,
        opened_at=NOON,
        targets={"acknowledge": NOON + minutes(10)},
        policy_version="pack-1",
    )
    return replace(plain, **changes)


def an_item(incident: Incident, role: str = "l2", **changes: Any) -> Item:
    plain = Item(
        id=ItemId(f"{incident.id}/acknowledge/{role}/1"),
        incident_id=incident.id,
        kind=ItemKind.ACKNOWLEDGE,
        role=Role(role),
        title="Answer for L2",
        holders=(CARO,),
        asked=(CARO,),
        opened_at=NOON,
        asked_at=NOON,
        due_at=NOON + minutes(10),
    )
    return replace(plain, **changes)


def an_opening(number: int = 1, roles: tuple[str, ...] = ("l2",), **changes: Any) -> Decision:
    incident = an_incident(number, **changes)
    owed = tuple(an_item(incident, role) for role in roles)
    return Decision(
        incident=incident,
        items=owed,
        facts=(Fact(kind="incident.opened", data={"title": incident.title}, rule="opening"),),
        notices=(
            Notice(
                kind=NoticeKind.CREATE_CHANNEL, to=INCIDENT, key=f"{incident.id}/channel", lane=Lane.URGENT
            ),
            Notice(kind=NoticeKind.CARD, to=INCIDENT, key=f"{incident.id}/card"),
            *(a_page(item) for item in owed),
        ),
        timers=tuple(
            Timer(kind=kind, incident_id=incident.id, item_id=item.id, at=NOON + minutes(wait))
            for item in owed
            for kind, wait in ((TimerKind.NAG, 5), (TimerKind.RUNG, 10))
        ),
    )


def a_page(item: Item, rung: int = 0, to: str | None = None) -> Notice:
    user = item.holders[0]
    return Notice(
        kind=NoticeKind.PAGE,
        to=to or direct(user),
        key=f"{item.id}/page/0.{rung}/{user}",
        lane=Lane.URGENT,
        item_id=item.id,
        data={"users": [user], "rung": rung},
    )


def opens(tx: Tx, number: int = 1, roles: tuple[str, ...] = ("l2",), **changes: Any) -> IncidentId:
    decision = an_opening(number, roles, **changes)
    apply(tx, decision, actor=ANA, now=NOON)
    return decision.incident.id


def acknowledges(tx: Tx, item_id: ItemId, *, by: UserId = CARO, now: datetime = NOON) -> Item:
    item = items.load(tx, item_id)
    incident = incidents.load(tx, item.incident_id)
    answered = replace(item, state=ItemState.ACKNOWLEDGED, answered_by=by, answered_at=now)
    decision = Decision(
        incident=replace(incident, status=Status.ACKNOWLEDGED),
        items=(answered,),
        facts=(Fact(kind="ack.received", data={"by": by}, item_id=item_id),),
        notices=(Notice(kind=NoticeKind.LINE, to=INCIDENT, key=f"{item_id}/acknowledged", item_id=item_id),),
        timers=(Timer(kind=TimerKind.LEASE, incident_id=incident.id, item_id=item_id, at=now + minutes(60)),),
        quiet=(item_id,),
    )
    apply(tx, decision, actor=by, now=now)
    return answered


def gets_its_channel(tx: Tx, incident_id: IncidentId, *, now: datetime = NOON) -> None:
    incident = incidents.load(tx, incident_id)
    ready = replace(incident, channel_id=CHANNEL, channel_name="inc-1", channel_state=ChannelState.READY)
    apply(tx, Decision(incident=ready), actor="tocsin", now=now)


def changes(tx: Tx, incident_id: IncidentId, *, now: datetime = NOON, **fields: Any) -> None:
    incident = incidents.load(tx, incident_id)
    apply(tx, Decision(incident=replace(incident, **fields)), actor=ANA, now=now)


def changes_item(tx: Tx, item_id: ItemId, *, now: datetime = NOON, **fields: Any) -> None:
    item = items.load(tx, item_id)
    incident = incidents.load(tx, item.incident_id)
    apply(tx, Decision(incident=incident, items=(replace(item, **fields),)), actor=ANA, now=now)


def decides(tx: Tx, incident_id: IncidentId, *, now: datetime = NOON, **consequences: Any) -> None:
    incident = incidents.load(tx, incident_id)
    apply(tx, Decision(incident=incident, **consequences), actor=ANA, now=now)


def records(tx: Tx, kind: str, data: Mapping[str, Any] | None = None, ws: Workspace = ACME) -> None:
    audit.append(tx, ws, kind, actor=ANA, data=data, now=NOON)


ITEM = ItemId("inc-1/acknowledge/l2/1")
INC = IncidentId("inc-1")
