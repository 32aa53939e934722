"""Chasing whoever owes something other than an answer: halfway, when it is due, and again until it is done."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import hours, quorum, repeats
from bot.domain.decision import INCIDENT, Decision, Fact, Lane, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item
from bot.domain.policy import Policy, Span
from bot.domain.roles import Directory


def start(item: Item, due: datetime, nag: datetime, **details: Any) -> tuple[Item, tuple[Timer, ...]]:
    """Return an item that is owed by ``due`` with its two timers; whatever was chased before is forgotten."""
    kept = {k: v for k, v in repeats.forgotten(item.details).items() if k not in ("nagged", "chase_at")}
    owed = replace(item, due_at=due, details={**kept, **details, "nag_at": nag.isoformat()})
    timers = tuple(
        Timer(kind=kind, incident_id=item.incident_id, item_id=item.id, at=at)
        for kind, at in ((TimerKind.NAG, nag), (TimerKind.RUNG, due))
    )
    return owed, timers


def hasten(incident: Incident, item: Item, due: datetime, now: datetime) -> Decision:
    """Bring an open duty forward to ``due``; one that is due sooner anyway stays as it is."""
    if not item.is_open or item.due_at is None or item.due_at <= due:
        return Decision(incident=incident)
    sooner, timers = start(item, due, now + (due - now) / 2)
    return Decision(incident=incident, items=(sooner,), timers=timers)


def fell_due(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    every: Span,
    name: str,
) -> Decision:
    """Remind the owner halfway; when due, tell the owner and those above, and the channel, again and again.

    ``every`` is how often it is told; ``name`` begins the audit kinds (``nextstep``) and the moments. Safe late and
    repeated: what has been said for a moment is not said again. Without an owner the lead is chased.
    """
    if not item.is_open or incident.is_closed or item.due_at is None:
        return Decision(incident=incident)
    owner = item.holders or incident.leads
    if kind is TimerKind.NAG:
        return _nag(incident, item, owner, now, name)
    chase_at = datetime.fromisoformat(item.details.get("chase_at", item.due_at.isoformat()))
    if kind is not TimerKind.RUNG or now < chase_at:
        return Decision(incident=incident)
    again = hours.after(now, every, policy.support_hours)
    said, number = repeats.once_more(item)
    chased = replace(said, details={**said.details, "chase_at": again.isoformat()})
    told = (*owner, *above(incident, policy, directory))
    data = {
        "owner": list(owner),
        "told": list(dict.fromkeys(told)),
        "number": number,
        "late_seconds": hours.late_seconds(now - chase_at),
    }
    return Decision(
        incident=incident,
        items=(chased,),
        facts=(Fact(kind=f"{name}.overdue", data=data, item_id=item.id, rule=f"{name}.due"),),
        notices=reminders(item, told, f"{name}_overdue", chase_at, aloud=True, number=number),
        timers=(Timer(kind=TimerKind.RUNG, incident_id=incident.id, item_id=item.id, at=again),),
    )


def reminders(
    item: Item,
    users: Iterable[UserId],
    moment: str,
    which: datetime | int,
    *,
    kind: NoticeKind = NoticeKind.REMINDER,
    aloud: bool = False,
    number: int | None = None,
) -> tuple[Notice, ...]:
    """Return one direct message for each person and, ``aloud``, one in the incident's channel.

    ``moment`` says what it is about and ``which`` of them is part of the key: the same one is never told twice. ``number``
    counts what is told again and again (see `repeats`).
    """
    people = tuple(dict.fromkeys(users))
    addresses = [direct(user) for user in people] + ([INCIDENT] if aloud or not people else [])
    distinct = which if isinstance(which, int) else f"{which:%Y%m%dT%H%M%S.%f}"
    data = {"moment": moment, "users": list(people)} | ({"number": number} if number else {})
    return tuple(
        Notice(
            kind=kind,
            to=to,
            key=f"{item.id}/{moment}/{distinct}/{to}",
            lane=Lane.NORMAL,
            item_id=item.id,
            data=data,
        )
        for to in addresses
    )


def is_overdue(item: Item) -> bool:
    """Tell whether people were told that an open duty is overdue; it is overdue since its ``due_at``."""
    return item.is_open and bool(repeats.times(item) or item.details.get(TimerKind.OVERDUE.value))


def above(incident: Incident, policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return who is told when something is overdue: the incident's lead, and the role that leads its severity."""
    managers = quorum.asked_for(policy, directory, incident, (policy.row(incident.severity).lead,))
    return tuple(dict.fromkeys((*incident.leads, *managers)))


def _nag(incident: Incident, item: Item, owner: tuple[UserId, ...], now: datetime, name: str) -> Decision:
    nag_at = datetime.fromisoformat(item.details["nag_at"])
    # At the due time the louder message comes anyway.
    is_due = nag_at <= now and item.due_at is not None and now < item.due_at
    if not is_due or item.details.get("nagged"):
        return Decision(incident=incident)
    data = {"owner": list(owner), "late_seconds": hours.late_seconds(now - nag_at)}
    return Decision(
        incident=incident,
        items=(replace(item, details={**item.details, "nagged": True}),),
        facts=(Fact(kind=f"{name}.nagged", data=data, item_id=item.id, rule=f"{name}.nag"),),
        notices=reminders(item, owner, f"{name}_nag", nag_at, kind=NoticeKind.NAG),
    )
