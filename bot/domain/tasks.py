"""A task: something that a role owes until a person says that it is done; late, it goes to the backup too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import acting, chasing, hours, quorum, repeats
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind, Timer, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.policy import Policy
from bot.domain.roles import Directory, holders

# What is owed at the desk is late by days rather than minutes: once a day is often enough.
DAILY = timedelta(days=1)


def owe(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    role: Role,
    text: str,
    *,
    about: str,
    due: datetime,
    now: datetime,
    rule: str,
    data: Mapping[str, Any] | None = None,
) -> Decision:
    """Begin to owe a task by ``due``; whoever holds the role is told at once, or the lead where nobody does.

    ``about`` says what it is for (``S-08``) and is part of its id; the same one, while it is still open, is not owed
    twice. On the desk the people are only told directly.
    """
    before = f"{incident.id}/task/{about}/"
    same = [item for item in items if item.id.startswith(before)]
    if any(item.is_open for item in same):
        return Decision(incident=incident)
    people = quorum.asked_for(policy, directory, incident, (role,)) or incident.leads
    item = Item(
        id=ItemId(f"{before}{len(same) + 1}"),
        incident_id=incident.id,
        kind=ItemKind.TASK,
        role=role,
        title=text,
        holders=people,
        asked=people,
        opened_at=now,
        asked_at=now,
        details={**(data or {}), "about": about},
    )
    owed, timers = chasing.start(item, due, now + (due - now) / 2)
    told = chasing.reminders(owed, people, "task_assigned", len(same) + 1, aloud=not incident.is_desk)
    kept = {**(data or {}), "about": about, "text": text, "role": role, "owner": list(people)}
    fact = Fact(kind="task.owed", data={**kept, "due_at": due.isoformat()}, item_id=item.id, rule=rule)
    return Decision(incident=incident, items=(owed,), facts=(fact,), notices=told, timers=timers)


def finish(
    incident: Incident, item: Item, policy: Policy, directory: Directory, *, by: UserId, now: datetime
) -> Decision:
    """Mark a task done. Allowed to whoever owes it, holds its role or leads the incident; late is on record."""
    acting.require(directory, by)
    if item.kind is not ItemKind.TASK:
        raise IllegalMove("This is not a task. Use the newest card of the incident.")
    if item.answered_by is not None:
        raise AlreadyDecided(f"{acting.name(directory, item.answered_by)} has done this already.")
    if not item.is_open:
        raise IllegalMove("This task is over; nobody needs to do it any more.")
    able = quorum.roles_now(policy, directory, incident, by)
    if by not in (*item.holders, incident.lead) and item.role not in able:
        who = quorum.label(policy, item.role) if item.role else "its owner"
        raise NotAllowed(
            f"This is owed by the {who}; only they or the incident's lead can say that it is done."
        )
    late = item.due_at is not None and now > item.due_at
    data = {"by": by, "text": item.title, "about": item.details.get("about", ""), "late": late}
    return Decision(
        incident=incident,
        items=(replace(item, state=ItemState.DONE, answered_by=by, answered_at=now),),
        facts=(Fact(kind="task.done", data=data, item_id=item.id, rule="task.done"),),
        notices=() if incident.is_desk else (_done(item, by, now),),
        quiet=(item.id,),
    )


def fell_due(
    incident: Incident, item: Item, kind: TimerKind, policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Nag the owner halfway; from the due time on the role's backup owes it too, and those above hear of it.

    It is said again after the time in which the severity settles what is unknown. Safe late and repeated.
    """
    every = policy.row(incident.severity).settle_unknown
    if kind is TimerKind.RUNG and item.is_open and item.due_at is not None and now >= item.due_at:
        item = _with_backup(item, policy, directory)
    if not incident.is_desk or kind is TimerKind.NAG:
        return chasing.fell_due(incident, item, kind, policy, directory, now, every=every, name="task")
    return _overdue_at_desk(incident, item, now)


def open_ones(items: Iterable[Item], by: UserId | None = None) -> Sequence[Item]:
    """Return the tasks that are still owed, of one person or of everybody."""
    return [i for i in items if i.kind is ItemKind.TASK and i.is_open and (by is None or by in i.holders)]


def _with_backup(item: Item, policy: Policy, directory: Directory) -> Item:
    backup = tuple(person.id for person in holders(policy, directory, item.role or Role(""), "backup"))
    both = tuple(dict.fromkeys((*item.holders, *backup)))
    return replace(item, holders=both, asked=tuple(dict.fromkeys((*item.asked, *backup))))


def _overdue_at_desk(incident: Incident, item: Item, now: datetime) -> Decision:
    """Tell whoever owes it, directly: the desk has no channel in which those above would read it."""
    if not item.is_open or item.due_at is None:
        return Decision(incident=incident)
    chase_at = datetime.fromisoformat(item.details.get("chase_at", item.due_at.isoformat()))
    if now < chase_at:
        return Decision(incident=incident)
    again = now + DAILY
    said, number = repeats.once_more(item)
    late = hours.late_seconds(now - chase_at)
    data = {"owner": list(item.holders), "number": number, "late_seconds": late}
    return Decision(
        incident=incident,
        items=(replace(said, details={**said.details, "chase_at": again.isoformat()}),),
        facts=(Fact(kind="task.overdue", data=data, item_id=item.id, rule="task.due"),),
        notices=chasing.reminders(said, item.holders, "task_overdue", chase_at, number=number),
        timers=(Timer(kind=TimerKind.RUNG, incident_id=incident.id, item_id=item.id, at=again),),
    )


def _done(item: Item, by: UserId, now: datetime) -> Notice:
    said = {"by": by, "at": now.isoformat(), "step": item.title, "text": f"This is done: {item.title}"}
    return Notice(
        kind=NoticeKind.LINE, to=INCIDENT, key=f"{item.id}/done", data={"line": "step_done", **said}
    )
