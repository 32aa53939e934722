"""The next step that every open incident owes: what, who, by when (S0-03)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import acting, chasing, hours, rights
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind, TimerKind
from bot.domain.errors import IllegalMove, InvalidInput, NotNow
from bot.domain.incident import Incident, Status, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST_TEXT = 300
FARTHEST = timedelta(days=366)


def owe_next_step(incident: Incident, policy: Policy, now: datetime, *, number: int = 1) -> Decision:
    """Begin to owe a next step that nobody has named yet; the lead is nagged until it is.

    It must exist within the severity's time of the acknowledgement. Until the lead has answered, the time to answer
    comes on top; `lead_answered` starts the clock anew. ``number`` counts the steps of one life of the incident.
    """
    row = policy.row(incident.severity)
    begins = now
    if incident.status is Status.OPEN:
        begins = hours.after(now, row.acknowledge, policy.support_hours)
    due = hours.after(begins, row.next_step_within, policy.support_hours)
    item = Item(
        id=ItemId(f"{incident.id}/next_step/{incident.reopened}.{number}"),
        incident_id=incident.id,
        kind=ItemKind.NEXT_STEP,
        role=row.lead,
        title="Say what the next step is",
        holders=incident.leads,
        asked=incident.leads,
        opened_at=now,
        asked_at=now,
        details={"number": number},
    )
    nag = hours.halfway(begins, row.next_step_within, policy.support_hours)
    owed, timers = chasing.start(item, due, nag)
    fact = Fact(
        kind="nextstep.owed",
        data={"owner": list(incident.leads), "due_at": due.isoformat()},
        item_id=item.id,
        rule="nextstep.owe",
    )
    return Decision(incident=incident, items=(owed,), facts=(fact,), timers=timers)


def current(items: Iterable[Item]) -> Item | None:
    """Return the next step that is owed now."""
    return next((item for item in items if item.kind is ItemKind.NEXT_STEP and item.is_open), None)


def lead_answered(incident: Incident, items: Iterable[Item], policy: Policy, now: datetime) -> Decision:
    """Somebody leads now: an unnamed next step is theirs, and its time starts here."""
    item = current(items)
    if item is None or item.details.get("text") or incident.lead is None:
        return Decision(incident=incident)
    within = policy.row(incident.severity).next_step_within
    due = hours.after(now, within, policy.support_hours)
    lead = incident.lead
    given = replace(item, holders=(lead,), asked=tuple(dict.fromkeys((*item.asked, lead))), asked_at=now)
    owed, timers = chasing.start(given, due, hours.halfway(now, within, policy.support_hours))
    return Decision(incident=incident, items=(owed,), timers=timers)


def given_to(incident: Incident, items: Iterable[Item], user: UserId) -> Decision:
    """Hand an unnamed next step to a new lead; its time goes on."""
    item = current(items)
    if item is None or item.details.get("text"):
        return Decision(incident=incident)
    given = replace(item, holders=(user,), asked=tuple(dict.fromkeys((*item.asked, user))))
    return Decision(incident=incident, items=(given,))


def set_step(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    *,
    text: str,
    owner: UserId | None,
    due: datetime | None,
    by: UserId,
    now: datetime,
) -> Decision:
    """Name the next step, its owner and its due time, or change them; the owner is told unless it is whoever set it.

    Without an owner it is the lead's, or else theirs who set it; without a time it is due when the severity asks for a
    next step. Raises `InvalidInput` for all that is wrong at once, by field: ``text``, ``owner``, ``due``.
    """
    acting.require(directory, by)
    rights.require(policy, directory, incident, by, "set_next_step")
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed, so it needs no next step. Reopen it first.")
    words = " ".join(text.split())
    owner = owner or incident.lead or by
    within = policy.row(incident.severity).next_step_within
    due = due or hours.after(now, within, policy.support_hours)
    problems = _problems(words, owner, due, directory, now)
    if problems:
        raise InvalidInput(problems)
    items = tuple(items)
    item = current(items)
    before = Decision(incident=incident)
    if item is None:
        number = 1 + sum(i.kind is ItemKind.NEXT_STEP for i in items)
        before = owe_next_step(incident, policy, now, number=number)
        item = before.items[0]
    named = replace(
        item,
        title=words,
        holders=(owner,),
        asked=tuple(dict.fromkeys((*item.asked, owner))),
        asked_at=now,
    )
    turn = int(item.details.get("turn", 0)) + 1
    owed, timers = chasing.start(named, due, now + (due - now) / 2, text=words, set_by=by, turn=turn)
    data = {"text": words, "owner": owner, "due_at": due.isoformat(), "by": by}
    decided = Decision(
        incident=incident,
        items=(owed,),
        facts=(Fact(kind="nextstep.set", data=data, item_id=item.id, rule="nextstep.set"),),
        notices=chasing.reminders(owed, (owner,), "nextstep_assigned", turn) if owner != by else (),
        timers=timers,
        quiet=(item.id,),
    )
    return before.then(decided)


def finish_step(
    incident: Incident,
    item: Item,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Mark a step done; the incident owes the next one at once."""
    acting.require(directory, by)
    if item.kind is not ItemKind.NEXT_STEP or not item.is_open or incident.is_closed:
        raise IllegalMove("This step is done or no longer needed.")
    if not item.details.get("text"):
        raise NotNow("Nobody has said yet what the next step is. Press *Next step* and name it first.")
    done = replace(item, state=ItemState.DONE, answered_by=by, answered_at=now)
    late = item.due_at is not None and now > item.due_at
    data = {"text": item.details["text"], "by": by, "late": late}
    finished = Decision(
        incident=incident,
        items=(done,),
        facts=(Fact(kind="nextstep.done", data=data, item_id=item.id, rule="nextstep.done"),),
        notices=(_done(item, by, now),),
        quiet=(item.id,),
    )
    number = int(item.details.get("number", 1)) + 1
    return finished.then(owe_next_step(incident, policy, now, number=number))


def fell_due(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Nag the owner halfway; when due, tell the owner and the lead, again and again until it is done or changed."""
    every = policy.row(incident.severity).next_step_within
    return chasing.fell_due(incident, item, kind, policy, directory, now, every=every, name="nextstep")


def _done(item: Item, by: UserId, now: datetime) -> Notice:
    step = item.details["text"]
    said = {"by": by, "at": now.isoformat(), "step": step, "text": f"The next step is done: {step}"}
    return Notice(
        kind=NoticeKind.LINE, to=INCIDENT, key=f"{item.id}/done", data={"line": "step_done", **said}
    )


def _problems(
    words: str, owner: UserId, due: datetime, directory: Directory, now: datetime
) -> dict[str, str]:
    problems = {}
    if not words:
        problems["text"] = "Please say what happens next, for example: Roll back release 41."
    elif len(words) > LONGEST_TEXT:
        problems["text"] = f"The step has {len(words)} characters; please keep it to {LONGEST_TEXT}."
    person = directory.people.get(owner)
    if person is not None and not person.may_act:
        problems["owner"] = (
            f"{person.name} cannot own a step: please choose somebody active in this workspace."
        )
    if due <= now:
        problems["due"] = (
            f"That time has passed. Please choose one after {now:%H:%M} UTC, for example in 30m."
        )
    elif due > now + FARTHEST:
        problems["due"] = "Please choose a time within a year, for example tomorrow 9:00."
    return problems
