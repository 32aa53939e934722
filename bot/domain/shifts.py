"""Handing a shift over: the card that says what is open, the answer to it, and what happens without one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import acting, hours, offers, quorum
from bot.domain.decision import CATCH_ALL, Decision, Fact, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.errors import AlreadyDecided, NotAllowed
from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.oncall import PARTS, handovers, next_change
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of, holders

_MOMENT = timedelta(microseconds=1)
# So much fits on a card; the list of incidents has the rest.
_INCIDENTS, _DUTIES = 10, 6
# So many changes on paper are passed over while the person stays the same.
_PATIENCE = 20

Work = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At ``at`` a slot passes to people who were not in it before; ``until`` is when it passes on (None: not foreseeable)."""

    role: Role
    part: str
    incoming: tuple[UserId, ...]
    outgoing: tuple[UserId, ...]
    at: datetime
    until: datetime | None


def changes(policy: Policy, directory: Directory, since: datetime, until: datetime) -> tuple[Change, ...]:
    """Return who comes on call after ``since``, up to ``until``: of each slot the latest change only."""
    found: dict[tuple[Role, str], Change] = {}
    for handover in handovers(policy, since, until, duty_of(directory)):
        role, part, at = handover.role, handover.part, handover.at
        incoming = _on_call(policy, directory, role, part, at)
        outgoing = _on_call(policy, directory, role, part, at - _MOMENT)
        new = tuple(user for user in incoming if user not in outgoing)
        found.pop((role, part), None)
        if new:
            gone = tuple(user for user in outgoing if user not in incoming)
            ends = next_change_of_people(policy, directory, role, part, at)
            found[role, part] = Change(role=role, part=part, incoming=new, outgoing=gone, at=at, until=ends)
    return tuple(found.values())


def next_change_of_people(
    policy: Policy, directory: Directory, role: Role, part: str, at: datetime
) -> datetime | None:
    """Return when somebody else is on call next: the same person under another name is no change."""
    there, moment = {*_on_call(policy, directory, role, part, at)}, at
    for _ in range(_PATIENCE):
        change = next_change(policy, role, part, moment, duty_of(directory))
        if change is None or {*_on_call(policy, directory, role, part, change)} != there:
            return change
        moment = change
    return None


def open_work(
    change: Change, incidents: Iterable[tuple[Incident, Sequence[Item]]]
) -> tuple[tuple[Work, ...], Severity | None]:
    """Return what the new holder inherits, as the card shows it, and the worst severity of it.

    What is asked of somebody now stays theirs until they answer. Of a private incident only its key and severity are named.
    """
    found = []
    for incident, items in incidents:
        owed = [item for item in items if not item.is_over and _is_inherited(item, change)]
        if owed or incident.lead in change.outgoing:
            found.append((incident, owed))
    found.sort(key=lambda one: (one[0].severity, one[0].number))
    shown = tuple(_work(incident, owed) for incident, owed in found[:_INCIDENTS])
    return shown, min((incident.severity for incident, _ in found), default=None)


def hand_over(
    desk: Incident,
    items: Sequence[Item],
    change: Change,
    work: Sequence[Work],
    worst: Severity | None,
    policy: Policy,
    now: datetime,
) -> Decision:
    """Ask whoever comes on call to say that they have it; whoever goes gets a copy.

    The time to answer is the handoff time of the worst severity that is open for the role, or of the mildest there is; of a
    short shift never more than half.
    """
    item_id = ItemId(f"{desk.id}/handover/{change.role}/{change.part}/{offers.stamp(change.at)}")
    if any(item.id == item_id for item in items):
        return Decision(incident=desk)
    before = tuple(item for item in items if _is_same_slot(item, change) and item.is_open)
    span = policy.row(worst or max(policy.severities)).handoff
    half, due = hours.halfway(now, span, policy.support_hours), hours.after(now, span, policy.support_hours)
    if change.until is not None and change.until > now and due > now + (change.until - now) / 2:
        due = now + (change.until - now) / 2
        half = now + (due - now) / 2
    late = hours.late_seconds(now - change.at)
    item = Item(
        id=item_id,
        incident_id=desk.id,
        kind=ItemKind.HANDOVER,
        role=change.role,
        title=f"Say that you are on call now as {quorum.label(policy, change.role)}",
        holders=change.incoming,
        asked=change.incoming,
        opened_at=now,
        asked_at=now,
        due_at=due,
        details={
            "part": change.part,
            "outgoing": list(change.outgoing),
            "at": change.at.isoformat(),
            "until": change.until.isoformat() if change.until else None,
            "open": [dict(one) for one in work],
        },
    )
    data = {
        "role": change.role,
        "part": change.part,
        "from": list(change.outgoing),
        "to": list(change.incoming),
        "at": change.at.isoformat(),
        "open": [one["key"] for one in work],
        "late_seconds": late,
    }
    moments = (
        (TimerKind.NAG, half),
        (TimerKind.RUNG, due),
    )
    return Decision(
        incident=desk,
        items=(item, *(replace(old, state=ItemState.SUPERSEDED) for old in before)),
        facts=(Fact(kind="oncall.handed_over", data=data, item_id=item_id, rule="oncall.shift"),),
        notices=(*_cards(item, change.incoming, "asked"), *_cards(item, change.outgoing, "copy")),
        timers=tuple(Timer(kind=kind, incident_id=desk.id, item_id=item_id, at=at) for kind, at in moments),
        quiet=tuple(old.id for old in before),
    )


def accept(desk: Incident, item: Item, directory: Directory, *, by: UserId, now: datetime) -> Decision:
    """Take the shift: whoever handed it over is told."""
    acting.require(directory, by)
    if not item.is_open:
        who = acting.name(directory, item.answered_by) if item.answered_by else "Somebody else"
        raise AlreadyDecided(f"{who} has this shift already, or it is over.")
    if by not in item.holders:
        raise NotAllowed(
            f"Only {acting.names(directory, item.holders)}, who is on call now, can take this shift."
        )
    data = {"by": by, "role": item.role, "part": item.details["part"], "from": item.details["outgoing"]}
    return Decision(
        incident=desk,
        items=(replace(item, state=ItemState.DONE, answered_by=by, answered_at=now),),
        facts=(Fact(kind="oncall.accepted", data=data, item_id=item.id, rule="oncall.shift"),),
        notices=offers.lines(f"{item.id}/accepted", item.details["outgoing"], "has_it", data),
        quiet=(item.id,),
    )


def fell_due(
    desk: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Remind whoever comes on call halfway; when due, tell whoever goes and the others of the role, each once.

    Once the shift has passed on, or nobody of those asked may act any more, there is nothing left to confirm.
    """
    if not item.is_open or item.due_at is None or item.details.get(kind.value):
        return Decision(incident=desk)
    role, part = item.role or Role(""), item.details["part"]
    if not {*item.holders} & {*_on_call(policy, directory, role, part, now)}:
        gone = replace(item, state=ItemState.SUPERSEDED)
        fact = Fact(
            kind="oncall.expired", data={"role": role, "part": part}, item_id=item.id, rule="oncall.shift"
        )
        return Decision(incident=desk, items=(gone,), facts=(fact,), quiet=(item.id,))
    noted = replace(item, details={**item.details, kind.value: True})
    data: dict[str, Any] = {"role": role, "part": part, "asked": list(item.holders)}
    if kind is TimerKind.NAG and now < item.due_at:
        fact = Fact(kind="oncall.reminded", data=data, item_id=item.id, rule="oncall.shift")
        return Decision(
            incident=desk, items=(noted,), facts=(fact,), notices=_cards(item, item.holders, "nag")
        )
    if kind is not TimerKind.RUNG or now < item.due_at:
        return Decision(incident=desk)
    people = tuple(user for user in _others(item, policy, directory) if user not in item.holders)
    data |= {"told": list(people), "late_seconds": hours.late_seconds(now - item.due_at)}
    aloud = () if people else (_aloud(item),)
    return Decision(
        incident=desk,
        items=(noted,),
        facts=(Fact(kind="oncall.overdue", data=data, item_id=item.id, rule="oncall.shift"),),
        notices=(*_cards(item, people, "overdue"), *aloud),
    )


def _on_call(policy: Policy, directory: Directory, role: Role, part: str, at: datetime) -> tuple[UserId, ...]:
    return tuple(person.id for person in holders(policy, replace(directory, at=at), role, part))


def _is_inherited(item: Item, change: Change) -> bool:
    """Tell whether a duty is the role's, of whoever goes, or waits for the agreement of the role."""
    needs = item.proposal.needs if item.proposal else ()
    own = item.role == change.role or any(change.role in roles for roles in needs)
    return own or bool({*item.holders} & {*change.outgoing})


def _is_same_slot(item: Item, change: Change) -> bool:
    same = item.role == change.role and item.details.get("part") == change.part
    return item.kind is ItemKind.HANDOVER and same


def _others(item: Item, policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return whoever went off call, and whoever else is on call for the role now."""
    role = item.role or Role("")
    parts = (part for part in PARTS if part != item.details["part"])
    now_there = (person.id for part in parts for person in holders(policy, directory, role, part))
    return tuple(dict.fromkeys((*map(UserId, item.details["outgoing"]), *now_there)))


def _work(incident: Incident, owed: Sequence[Item]) -> Work:
    private = incident.private
    return {
        "key": incident.key,
        "severity": incident.severity.name,
        "title": "" if private else incident.title,
        "channel": None if private else incident.channel_id,
        "lead": None if private else incident.lead,
        "next_update": incident.next_update_at.isoformat() if incident.next_update_at else None,
        "owed": [] if private else [_duty(item) for item in owed[:_DUTIES]],
    }


def _duty(item: Item) -> Work:
    what = str(item.details.get("text") or item.title)
    due = item.due_at.isoformat() if item.due_at and item.state is not ItemState.ACKNOWLEDGED else None
    by = [item.answered_by] if item.answered_by else list(item.holders)
    return {"kind": item.kind.value, "what": what, "due": due, "by": by}


def _cards(item: Item, users: Sequence[UserId], moment: str) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            kind=NoticeKind.SHIFT,
            to=direct(user),
            key=f"{item.id}/{moment}/{user}",
            item_id=item.id,
            data={"user": user, "moment": moment},
        )
        for user in dict.fromkeys(users)
    )


def _aloud(item: Item) -> Notice:
    data = {"moment": "overdue"}
    return Notice(kind=NoticeKind.SHIFT, to=CATCH_ALL, key=f"{item.id}/overdue", item_id=item.id, data=data)
