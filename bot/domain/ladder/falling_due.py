"""What time does to a page: remind, ask the next rung, ask again, sound the alarm."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.decision import Decision, Fact, Lane, Notice, NoticeKind, TimerKind, direct
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemState, Reason
from bot.domain.ladder import alarms
from bot.domain.ladder.calls import ask, ask_again, fresh, nag_at
from bot.domain.ladder.rungs import following, ladder_of, on_ladder, out_of_reach, still_asked
from bot.domain.policy import Policy
from bot.domain.roles import Directory

ON_TIME = timedelta()


def fell_due(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Run what a page's timer stands for, as far as the state still asks for it.

    Safe at any moment and any number of times: what was answered, moved on or has run already decides nothing. After
    downtime each timer runs once; a late step gives its people their whole time from now and says how late it is.
    """
    if not incident.is_closed:
        match kind:
            case TimerKind.NAG if item.is_open:
                return _nag(incident, item, policy, now)
            case TimerKind.RUNG if item.is_open:
                return _missed(incident, item, policy, directory, now)
            case TimerKind.LEASE if item.state is ItemState.ACKNOWLEDGED:
                return _lease(incident, item, policy, directory, now)
            case TimerKind.ALARM if item.state is ItemState.EXHAUSTED:
                return _alarm(incident, item, policy, directory, now)
    return Decision(incident=incident)


def _nag(incident: Incident, item: Item, policy: Policy, now: datetime) -> Decision:
    at, turn = nag_at(incident, item, policy), item.details.get("turn")
    # Once the next rung is due it speaks for itself; a reminder at the same moment would only be noise.
    is_due = at <= now and (item.due_at is None or now < item.due_at)
    people = still_asked(item)
    if not is_due or item.details.get("nagged") == turn or not people:
        return Decision(incident=incident)
    data = {"users": list(people), "rung": item.rung, "round": item.round}
    notices = tuple(
        Notice(
            kind=NoticeKind.NAG,
            to=direct(user),
            key=f"{item.id}/nag/{turn}/{user}",
            lane=Lane.URGENT,
            item_id=item.id,
            data={**data, "turn": turn, "place": user},
        )
        for user in people
    )
    late = int((now - at).total_seconds())
    record = {**data, "role": item.role, "late_seconds": late}
    return Decision(
        incident=incident,
        items=(replace(item, details={**item.details, "nagged": turn}),),
        facts=(Fact(kind="ladder.nagged", data=record, item_id=item.id, rule="ladder.nag"),),
        notices=notices,
    )


def _missed(incident: Incident, item: Item, policy: Policy, directory: Directory, now: datetime) -> Decision:
    if item.due_at is None or now < item.due_at:
        return Decision(incident=incident)
    start = following(item, ladder_of(incident, policy))
    missed = {"missed": list(still_asked(item))}
    return ask(
        incident,
        item,
        policy,
        directory,
        now,
        start=start,
        reason=Reason.MISSED,
        late=now - item.due_at,
        data=missed,
    )


def _lease(incident: Incident, item: Item, policy: Policy, directory: Directory, now: datetime) -> Decision:
    until, user = item.lease_until, item.answered_by
    if until is None or user is None or now < until:
        return Decision(incident=incident)
    if user == incident.lead and item.role == policy.row(incident.severity).lead:
        # Whoever answers next leads from then on.
        item = replace(item, details={**item.details, "takes_lead": True})
    person = directory.people.get(user)
    if person is not None and person.may_act:
        return ask_again(incident, item, policy, now, user, now - until)
    gone = {"missed": [user]}
    return ask(
        incident,
        fresh(item),
        policy,
        directory,
        now,
        start=(0, 0),
        reason=Reason.LEASE,
        late=now - until,
        data=gone,
    )


def _alarm(incident: Incident, item: Item, policy: Policy, directory: Directory, now: datetime) -> Decision:
    if item.due_at is None or now < item.due_at:
        return Decision(incident=incident)
    late = now - item.due_at
    asked = refilled(incident, item, policy, directory, now, late=late)
    return asked if asked.items else alarms.sound_again(incident, item, policy, now, late)


def refilled(
    incident: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    late: timedelta = ON_TIME,
) -> Decision:
    """Ask again where the ladder was exhausted and somebody stands on it now whom nobody had asked: the roster was filled."""
    known = {*item.asked, *out_of_reach(item)}
    if item.state is not ItemState.EXHAUSTED or incident.is_closed:
        return Decision(incident=incident)
    if all(user in known for user in on_ladder(incident, item, policy, directory)):
        return Decision(incident=incident)
    return ask(incident, fresh(item), policy, directory, now, start=(0, 0), reason=Reason.VACANCY, late=late)
