"""Handing a shift over: the card that says what is open, the answer to it, and what happens without one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import acting, desk_notices, hours, quorum
from bot.domain.decision import CATCH_ALL, Decision, Fact, Notice, NoticeKind, Timer, TimerKind
from bot.domain.errors import AlreadyDecided, NotAllowed
from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.oncall import PARTS
from bot.domain.policy import Policy
from bot.domain.roles import Directory, holders
from bot.domain.shift_changes import Change, Work, on_call


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
    item_id = ItemId(f"{desk.id}/handover/{change.role}/{change.part}/{desk_notices.stamp(change.at)}")
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
        notices=(
            *desk_notices.cards(NoticeKind.SHIFT, item, change.incoming, "asked"),
            *desk_notices.cards(NoticeKind.SHIFT, item, change.outgoing, "copy"),
        ),
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
        notices=desk_notices.lines(f"{item.id}/accepted", item.details["outgoing"], "has_it", data),
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
    if not {*item.holders} & {*on_call(policy, directory, role, part, now)}:
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
            incident=desk,
            items=(noted,),
            facts=(fact,),
            notices=desk_notices.cards(NoticeKind.SHIFT, item, item.holders, "nag"),
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
        notices=(*desk_notices.cards(NoticeKind.SHIFT, item, people, "overdue"), *aloud),
    )


def _is_same_slot(item: Item, change: Change) -> bool:
    same = item.role == change.role and item.details.get("part") == change.part
    return item.kind is ItemKind.HANDOVER and same


def _others(item: Item, policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return whoever went off call, and whoever else is on call for the role now."""
    role = item.role or Role("")
    parts = (part for part in PARTS if part != item.details["part"])
    now_there = (person.id for part in parts for person in holders(policy, directory, role, part))
    return tuple(dict.fromkeys((*map(UserId, item.details["outgoing"]), *now_there)))


def _aloud(item: Item) -> Notice:
    data = {"moment": "overdue"}
    return Notice(kind=NoticeKind.SHIFT, to=CATCH_ALL, key=f"{item.id}/overdue", item_id=item.id, data=data)
