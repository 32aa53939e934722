"""What people and the courier answer to a page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import acting, hours, promises, steps
from bot.domain.decision import Decision, Fact, Timer, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed
from bot.domain.incident import Incident, Role, Status, UserId
from bot.domain.items import Item, ItemKind, ItemState, Reason
from bot.domain.ladder.calls import ask, fresh
from bot.domain.ladder.rungs import following, ladder_of, on_ladder, on_slot, still_asked
from bot.domain.policy import Policy
from bot.domain.roles import Directory

# Two people who press "Escalate now" on the same card mean the same step.
SAME_MOMENT = timedelta(seconds=10)
LONGEST_REASON = 500


def acknowledge(
    incident: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    by: UserId,
    now: datetime,
    *,
    items: Iterable[Item] = (),
) -> Decision:
    """Take a page: nobody else is asked, and the answer holds for the severity's lease.

    Allowed to whoever was asked, may be asked later on this ladder or leads the incident; once everybody was asked in
    vain, to anybody. Taking what one has already changes nothing. Raises `AlreadyDecided` when somebody else was first,
    `NotAllowed` for apps, outsiders and other roles. With the incident's ``items``, a new lead also takes over what
    the lead owes.
    """
    acting.require(directory, by)
    if item.answered_by == by and item.state is ItemState.ACKNOWLEDGED:
        return Decision(incident=incident, items=(item,))
    _refuse_if_taken(incident, item, directory)
    _refuse_if_not_theirs(incident, item, policy, directory, by)
    until = hours.after(now, policy.row(incident.severity).ack_lease, policy.support_hours)
    leads = bool(item.details.get("takes_lead"))
    dropped = ("takes_lead", "resume", "nagged")
    taken = replace(
        item,
        state=ItemState.ACKNOWLEDGED,
        holders=(by,),
        asked=tuple(dict.fromkeys((*item.asked, by))),
        due_at=None,
        answered_by=by,
        answered_at=now,
        lease_until=until,
        details={key: value for key, value in item.details.items() if key not in dropped},
    )
    data = {
        "by": by,
        "role": item.role,
        "rung": item.rung,
        "round": item.round,
        "was_asked": by in item.asked,
        "seconds_after_notice": (now - item.asked_at).total_seconds(),
        "seconds_after_opening": (now - item.opened_at).total_seconds(),
        "after_alarm": item.state is ItemState.EXHAUSTED,
    }
    facts = [Fact(kind="ack.received", data=data, item_id=item.id, rule="ladder.acknowledge")]
    if leads:
        if incident.lead != by:
            assigned = {"role": item.role, "users": [by], "previous": incident.lead, "reason": "acknowledged"}
            facts.append(
                Fact(kind="role.assigned", data=assigned, item_id=item.id, rule="ladder.acknowledge")
            )
        incident = replace(incident, lead=by, status=Status.ACKNOWLEDGED)
    decision = Decision(
        incident=incident,
        items=(taken,),
        facts=tuple(facts),
        timers=(Timer(kind=TimerKind.LEASE, incident_id=incident.id, item_id=item.id, at=until),),
        quiet=(item.id,),
    )
    if not leads:
        return decision
    known = tuple(items)
    decision = decision.then(steps.lead_answered(incident, known, policy, now))
    return decision.then(promises.given_to(incident, known, by))


def decline(
    incident: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    by: UserId,
    now: datetime,
    reason: str = "",
) -> Decision:
    """Pass a page on: the next rung is asked at once, and whoever else is asked now stays asked (S3-27).

    Whoever acknowledged may give it back this way. Who declined is not asked again in this climb. Raises `NotAllowed`
    for people who are not asked now.
    """
    acting.require(directory, by)
    if item.answered_by != by:
        _refuse_if_taken(incident, item, directory)
        if by not in item.holders or item.state is not ItemState.OPEN:
            asked = acting.names(directory, still_asked(item)) or "nobody"
            raise NotAllowed(f"Only whoever is asked now can decline, and that is {asked}.")
    elif item.state is not ItemState.ACKNOWLEDGED or incident.is_closed:
        raise IllegalMove("This page is over; there is nothing left to decline.")
    if by == incident.lead and item.role == policy.row(incident.severity).lead:
        item = replace(item, details={**item.details, "takes_lead": True})
    declined = [*dict.fromkeys((*item.details.get("declined", ()), by))]
    without = replace(item, details={**item.details, "declined": declined})
    data = {
        "by": by,
        "role": item.role,
        "reason": reason.strip()[:LONGEST_REASON],
        "gave_back": item.state is ItemState.ACKNOWLEDGED,
    }
    fact = Fact(kind="ack.declined", data=data, item_id=item.id, rule="ladder.decline")
    start = following(without, ladder_of(incident, policy))
    climbed = ask(incident, without, policy, directory, now, start=start, reason=Reason.DECLINED)
    return replace(climbed, facts=(fact, *climbed.facts))


def undeliverable(
    incident: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    user: UserId,
    now: datetime,
    why: str,
) -> Decision:
    """A page can never reach somebody: the next rung is asked at once, unless another person asked now can be reached.

    The courier's report of it is on record already (``notify.failed``). Repeated, or too late to matter, it decides
    nothing.
    """
    unreachable = item.details.get("unreachable", ())
    if not item.is_open or incident.is_closed or user not in item.asked or user in unreachable:
        return Decision(incident=incident)
    without = replace(item, details={**item.details, "unreachable": [*unreachable, user]})
    if user not in item.holders or still_asked(without):
        return Decision(incident=incident, items=(without,))
    start = following(without, ladder_of(incident, policy))
    data = {"unreachable": user, "why": why}
    return ask(incident, without, policy, directory, now, start=start, reason=Reason.UNDELIVERED, data=data)


def ask_next(
    incident: Incident, item: Item, policy: Policy, directory: Directory, by: UserId, now: datetime
) -> Decision:
    """Ask the next rung without waiting, because a person wants it; after the alarm, climb the ladder once more.

    Raises `AlreadyDecided` when somebody has taken the page, or pressed the same button a moment ago.
    """
    acting.require(directory, by)
    _refuse_if_taken(incident, item, directory)
    turn = int(item.details.get("turn", 0))
    if item.reason is Reason.ASKED_NOW and item.is_open and now - item.asked_at < SAME_MOMENT and turn > 1:
        asked = acting.names(directory, item.holders)
        raise AlreadyDecided(f"{asked} was asked a moment ago. Give them a minute, then press again.")
    data = {"by": by}
    ladder = ladder_of(incident, policy)
    if item.state is ItemState.EXHAUSTED:
        again = replace(fresh(item), round=ladder.repeat)
        start = (ladder.repeat, 0)
        return ask(incident, again, policy, directory, now, start=start, reason=Reason.ASKED_NOW, data=data)
    above = following(item, ladder)
    return ask(incident, item, policy, directory, now, start=above, reason=Reason.ASKED_NOW, data=data)


def _refuse_if_taken(incident: Incident, item: Item, directory: Directory) -> None:
    if item.kind is not ItemKind.ACKNOWLEDGE:
        raise IllegalMove("This is not something to acknowledge. Use the newest card of the incident.")
    if item.state is ItemState.ACKNOWLEDGED and item.answered_at is not None:
        since = f"{item.answered_at:%H:%M} UTC"
        raise AlreadyDecided(f"{acting.name(directory, item.answered_by)} has had this since {since}.")
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed; nobody needs to answer any more.")
    if item.is_over:
        raise IllegalMove("This page is over; nobody needs to answer it any more.")


def _refuse_if_not_theirs(
    incident: Incident, item: Item, policy: Policy, directory: Directory, by: UserId
) -> None:
    if item.state is ItemState.EXHAUSTED or by in item.asked or by == incident.lead:
        return
    own = (
        u
        for part in ("primary", "backup")
        for u in on_slot(part, item.role or Role(""), incident, policy, directory)
    )
    able = tuple(dict.fromkeys((*own, *on_ladder(incident, item, policy, directory))))
    if by not in able:
        raise NotAllowed(
            f"Only {acting.names(directory, able)} can take this page. If nobody answers, press Escalate now."
        )
