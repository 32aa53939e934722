"""The promise of the next update: made, remembered, kept or passed to somebody else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import chasing, hours, quorum
from bot.domain.decision import Decision, Fact, Notice, Timer, TimerKind
from bot.domain.errors import InvalidInput
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory, holders

COMMS_LEAD = Role("comms_lead")
REMIND_BEFORE = timedelta(minutes=5)

CUSTOMER = "customer"
INTERNAL = "internal"
EXECUTIVE = "executive"


def promise(
    incident: Incident,
    policy: Policy,
    directory: Directory,
    at: datetime,
    now: datetime,
    *,
    audience: str = "",
    items: Iterable[Item] = (),
) -> Decision:
    """Promise an update by ``at``: a reminder five minutes before, `comms.overdue` at the time, then the backup's turn.

    ``audience`` is ``internal``, which the lead owes, or ``customer`` or ``executive``, which the comms lead owes; by
    default customers where they see the incident. ``items`` are the incident's. Raises `InvalidInput` for a time that has passed.
    """
    if at <= now:
        problem = "The next update must be promised for a time to come, for example in 30m."
        raise InvalidInput({"next_update_at": problem})
    to = audience or _audience(incident)
    role = policy.row(incident.severity).lead if to == INTERNAL else COMMS_LEAD
    people = _owners(incident, role, policy, directory, items)
    item = Item(
        id=ItemId(f"{incident.id}/update/{to}/{at:%Y%m%dT%H%M%S}.{incident.version}"),
        incident_id=incident.id,
        kind=ItemKind.UPDATE,
        role=role,
        title="Post the promised update",
        holders=people,
        asked=people,
        opened_at=now,
        asked_at=now,
        due_at=at,
        details={"audience": to},
    )
    data = {"at": at.isoformat(), "audience": to, "role": role, "owner": list(people)}
    return Decision(
        incident=replace(incident, next_update_at=min(at, incident.next_update_at or at)),
        items=(item,),
        facts=(Fact(kind="comms.promised", data=data, item_id=item.id, rule="comms.cadence"),),
        timers=_clock(incident, item, at, policy, now),
    )


def given_to(incident: Incident, items: Iterable[Item], user: UserId) -> Decision:
    """Hand the promise of an internal update to a new lead, while nobody was told that it is late; its time goes on."""
    item = current(items, INTERNAL)
    if item is None or user in item.holders or chasing.is_overdue(item):
        return Decision(incident=incident)
    given = replace(item, holders=(user,), asked=tuple(dict.fromkeys((*item.asked, user))))
    return Decision(incident=incident, items=(given,))


def current(items: Iterable[Item], audience: str = "") -> Item | None:
    """Return the open promise that falls due first, to one audience or to any."""
    open_ones = (item for item in items if item.kind is ItemKind.UPDATE and item.is_open)
    mine = (item for item in open_ones if audience in ("", item.details.get("audience")))
    return min(mine, key=lambda item: item.due_at or item.opened_at, default=None)


def kept(
    incident: Incident, item: Item, *, by: UserId, now: datetime, items: Iterable[Item] = ()
) -> Decision:
    """The promised update is out, and how late is on record.

    With the incident's ``items`` a promise to another audience stays the next one that the card shows.
    """
    others = [other for other in items if other.id != item.id]
    left = current(others)
    promised = item.due_at or now
    data = {
        "by": by,
        "audience": item.details.get("audience"),
        "promised": promised.isoformat(),
        "late_seconds": hours.late_seconds(now - promised),
    }
    return Decision(
        incident=replace(incident, next_update_at=left.due_at if left else None),
        items=(replace(item, state=ItemState.DONE, answered_by=by, answered_at=now),),
        facts=(Fact(kind="comms.kept", data=data, item_id=item.id, rule="comms.cadence"),),
        quiet=(item.id,),
    )


def next_brief(incident: Incident, policy: Policy, now: datetime) -> datetime | None:
    """Return when executives hear from us again after a brief of now; None where the severity owes them none."""
    span = policy.row(incident.severity).executive_brief
    return hours.after(now, span, policy.support_hours) if span is not None else None


def recast(
    incident: Incident, items: Iterable[Item], policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Fit the promise to a changed severity: an earlier time where the new cadence asks for one, never a later one.

    ``incident`` carries the new severity and its targets. A promise given to people is not taken back.
    """
    row, items = policy.row(incident.severity), tuple(items)
    to = _audience(incident)
    cadence, target = (
        (row.internal_update, incident.targets.get("internal_update"))
        if to == INTERNAL
        else (row.external_update, incident.targets.get("external_update"))
    )
    if cadence is None or target is None:
        return Decision(incident=incident)
    mine = [i for i in items if i.kind is ItemKind.UPDATE and i.details.get("audience") == to]
    posted = any(item.state is ItemState.DONE for item in mine)
    at = hours.after(now, cadence, policy.support_hours) if posted else target
    item = next((item for item in mine if item.is_open), None)
    if item is None:
        return promise(incident, policy, directory, at, now, audience=to, items=items)
    if item.due_at is None or item.due_at <= at:
        return Decision(incident=incident)
    sooner = replace(item, due_at=at)
    data = {"at": at.isoformat(), "audience": to, "before": item.due_at.isoformat(), "role": item.role}
    return Decision(
        incident=replace(incident, next_update_at=min(at, incident.next_update_at or at)),
        items=(sooner,),
        facts=(Fact(kind="comms.promised", data=data, item_id=item.id, rule="comms.cadence"),),
        timers=_clock(incident, sooner, at, policy, now),
    )


def fell_due(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Remind before the promised time, say when it has passed, then ask the backup; each once, however late."""
    if not item.is_open or incident.is_closed or item.due_at is None or item.details.get(kind.value):
        return Decision(incident=incident)
    at = item.due_at
    match kind:
        case TimerKind.REMIND if at - REMIND_BEFORE <= now < at:
            notices = chasing.reminders(item, item.holders, "due_soon", at)
            return _said(
                incident, item, kind, "comms.reminded", at - REMIND_BEFORE, now, item.holders, notices
            )
        case TimerKind.OVERDUE if at <= now:
            people = (*item.holders, *chasing.above(incident, policy, directory))
            notices = chasing.reminders(item, people, "overdue", at, aloud=True)
            return _said(incident, item, kind, "comms.overdue", at, now, people, notices)
        case TimerKind.BACKUP if _backup_at(incident, at, policy) <= now:
            return _pass_on(incident, item, policy, directory, at, now)
    return Decision(incident=incident)


def _pass_on(
    incident: Incident, item: Item, policy: Policy, directory: Directory, at: datetime, now: datetime
) -> Decision:
    role = item.role or COMMS_LEAD
    slots = (holders(policy, directory, role, part) for part in ("backup", "primary"))
    others = (tuple(person.id for person in slot if person.id not in item.holders) for slot in slots)
    new = next(filter(None, others), ())
    people = new or chasing.above(incident, policy, directory)
    passed = replace(
        item,
        holders=new or item.holders,
        asked=tuple(dict.fromkeys((*item.asked, *new))),
        reason=Reason.MISSED if new else Reason.VACANCY,
        asked_at=now,
    )
    notices = chasing.reminders(passed, people, "backup", at, aloud=not new)
    due = _backup_at(incident, at, policy)
    return _said(incident, passed, TimerKind.BACKUP, "comms.passed_on", due, now, people, notices)


def _said(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    fact: str,
    due: datetime,
    now: datetime,
    told: tuple[UserId, ...],
    notices: tuple[Notice, ...],
) -> Decision:
    data = {
        "told": list(dict.fromkeys(told)),
        "role": item.role,
        "reason": item.reason.value,
        "late_seconds": hours.late_seconds(now - due),
    }
    return Decision(
        incident=incident,
        items=(replace(item, details={**item.details, kind.value: True}),),
        facts=(Fact(kind=fact, data=data, item_id=item.id, rule="comms.cadence"),),
        notices=notices,
    )


def _audience(incident: Incident) -> str:
    return CUSTOMER if incident.customer_visible else INTERNAL


def _owners(
    incident: Incident, role: Role, policy: Policy, directory: Directory, items: Iterable[Item]
) -> tuple[UserId, ...]:
    if role != COMMS_LEAD and incident.lead is not None:
        return (incident.lead,)
    found = quorum.called_on(policy, directory, incident, (role,), items)
    return found or incident.leads


def _backup_at(incident: Incident, at: datetime, policy: Policy) -> datetime:
    return hours.after(at, policy.row(incident.severity).update_backup_after, policy.support_hours)


def _clock(incident: Incident, item: Item, at: datetime, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    moments = {
        TimerKind.REMIND: at - REMIND_BEFORE,
        TimerKind.OVERDUE: at,
        TimerKind.BACKUP: _backup_at(incident, at, policy),
    }
    return tuple(
        Timer(kind=kind, incident_id=incident.id, item_id=item.id, at=when)
        for kind, when in moments.items()
        if when > now
    )
