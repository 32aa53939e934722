"""Asking the people of a rung: their pages, their time, and what is on record about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import hours, quorum, repeats
from bot.domain.decision import (
    HEAD_START,
    INCIDENT,
    Decision,
    Fact,
    Lane,
    Notice,
    NoticeKind,
    Timer,
    TimerKind,
    direct,
)
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemState, Reason
from bot.domain.ladder import alarms
from bot.domain.ladder.rungs import (
    Found,
    Position,
    chosen,
    ladder_of,
    step_of,
    still_asked,
    this_round,
    walk,
    why_empty,
)
from bot.domain.policy import Policy, Span
from bot.domain.roles import Directory

# Below this a step counts as punctual: the ticker's own jitter is not worth telling people about.
LATE = timedelta(minutes=1)
# Something else holds for the incident now, so that its ladders are climbed from their foot.
ANEW = frozenset({Reason.SEVERITY, Reason.RESCORED, Reason.STOPPED, Reason.SERVICE})


def ask(
    incident: Incident,
    item: Item,
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    start: Position | None,
    reason: Reason,
    late: timedelta = timedelta(),
    data: Mapping[str, Any] | None = None,
) -> Decision:
    """Ask the first rung from ``start`` that has somebody, now; at the top the alarm sounds instead.

    Whoever is asked gets the rung's whole time from now, however late the step runs. ``late`` and ``data`` go on
    record.
    """
    found = walk(incident, item, policy, directory, start)
    passed = Decision(incident=incident, facts=_skips(incident, policy, item, found))
    before = passed.then(tell(incident, item, found.tells, policy, directory))
    told = before.items[-1] if before.items else item
    record = {**(data or {}), "late_seconds": hours.late_seconds(late)}
    if found.step is None:
        return before.then(alarms.exhaust(incident, told, policy, now, cause=reason, data=record))

    why = Reason.VACANCY if found.vacancy else reason
    # A decline leaves the others of its rung asked; a rung whose time ran out is replaced by the next.
    remain = () if found.asks and reason is not Reason.DECLINED else still_asked(told)
    round_so_far = this_round(told) if found.round == told.round else ()
    aloud = reason is not Reason.OPENED or incident.channel_id is not None
    asked = replace(
        told,
        state=ItemState.OPEN,
        holders=tuple(dict.fromkeys((*found.asks, *remain))),
        asked=tuple(dict.fromkeys((*told.asked, *found.asks))),
        round=found.round,
        rung=found.rung,
        reason=why if found.asks else told.reason,
        asked_at=now,
        due_at=hours.after(now, found.step.wait, policy.support_hours),
        answered_by=None,
        answered_at=None,
        lease_until=None,
        details=_next_turn(told, found.asks, aloud)
        | {"this_round": list(dict.fromkeys((*round_so_far, *found.asks)))},
    )
    record |= {
        "role": asked.role,
        "round": asked.round,
        "rung": asked.rung,
        "slots": list(found.step.ask),
        "asked": list(found.asks),
        "reason": why.value,
        "cause": reason.value,
        "due_at": _iso(asked.due_at),
    }
    step = Decision(
        incident=incident,
        items=(asked,),
        facts=(
            Fact(kind="ladder.step", data=record, item_id=item.id, rule=rule(incident, policy, asked.rung)),
        ),
        notices=pages(asked, found.asks, late, aloud=aloud),
        timers=clock(incident, asked, found.step.wait, policy),
        # A lease or an alarm belonged to the state that ends here; a new climb makes unsent pages of the old one pointless.
        quiet=(item.id,) if reason in ANEW or not item.is_open else (),
    )
    return before.then(step)


def ask_again(
    incident: Incident, item: Item, policy: Policy, now: datetime, user: UserId, late: timedelta
) -> Decision:
    """Ask the person whose acknowledgement ran out quietly; if they stay silent, the ladder begins at its foot."""
    step = ladder_of(incident, policy).steps[0]
    asked = replace(
        item,
        state=ItemState.OPEN,
        holders=(user,),
        asked=tuple(dict.fromkeys((*item.asked, user))),
        round=0,
        rung=0,
        reason=Reason.LEASE,
        asked_at=now,
        due_at=hours.after(now, step.wait, policy.support_hours),
        answered_by=None,
        answered_at=None,
        lease_until=None,
        details=_next_turn(fresh(item), (user,), aloud=True) | {"this_round": [user], "resume": True},
    )
    data = {
        "role": item.role,
        "by": user,
        "acknowledged_at": _iso(item.answered_at),
        "reason": Reason.LEASE.value,
        "late_seconds": hours.late_seconds(late),
    }
    return Decision(
        incident=incident,
        items=(asked,),
        facts=(Fact(kind="ack.lease_lapsed", data=data, item_id=item.id, rule="ladder.lease"),),
        notices=pages(asked, (user,), late, aloud=True),
        timers=clock(incident, asked, step.wait, policy),
        quiet=(item.id,),
    )


def fresh(item: Item) -> Item:
    """Return an item ready for a new climb: past declines and failed deliveries no longer count."""
    gone = ("declined", "unreachable", "this_round", "resume", "nagged")
    details = {key: value for key, value in item.details.items() if key not in gone}
    return replace(item, round=0, rung=0, holders=(), details=details)


def tell(
    incident: Incident, item: Item, roles: tuple[Role, ...], policy: Policy, directory: Directory
) -> Decision:
    """Tell roles about the incident, once each, without asking for an answer; ``item`` remembers who was told."""
    already = tuple(item.details.get("informed", ()))
    new = {
        user: role
        for role in roles
        for user in quorum.asked_for(policy, directory, incident, (role,))
        if user not in already
    }
    vacant = tuple(
        Fact(
            kind="ladder.skipped",
            data={
                "role": item.role,
                "slot": role,
                "reason": why_empty(role, role, incident, policy, directory),
                "inform": True,
            },
            item_id=item.id,
            rule="ladder.inform",
        )
        for role in roles
        if not quorum.asked_for(policy, directory, incident, (role,))
    )
    if not new:
        return Decision(incident=incident, facts=vacant)
    told = replace(item, details={**item.details, "informed": [*already, *new]})
    notices = tuple(
        Notice(
            kind=NoticeKind.PAGE,
            to=direct(user),
            key=f"{item.id}/inform/{user}",
            data={"inform": True, "users": [user], "role": role},
        )
        for user, role in new.items()
    )
    data = {"role": item.role, "users": list(new)}
    informed = Fact(kind="ladder.informed", data=data, item_id=item.id, rule="ladder.inform")
    return Decision(incident=incident, items=(told,), facts=(*vacant, informed), notices=notices)


def pages(item: Item, users: tuple[UserId, ...], late: timedelta, *, aloud: bool) -> tuple[Notice, ...]:
    """Return a direct message for each person asked and, ``aloud``, one message in the channel that mentions them all.

    At the opening the incident's card does the mentioning, so the channel gets no page of its own; the direct messages go
    as soon as there is a channel to name, or after `HEAD_START`.
    """
    turn = item.details["turn"]
    data: dict[str, Any] = {
        "users": list(users),
        "reason": item.reason.value,
        "rung": item.rung,
        "round": item.round,
        "turn": turn,
    }
    if late >= LATE:
        data["late_seconds"] = hours.late_seconds(late)
    return tuple(
        Notice(
            kind=NoticeKind.PAGE,
            to=INCIDENT if place == repeats.CHANNEL else direct(place),
            key=f"{item.id}/page/{turn}/{place}",
            lane=Lane.URGENT,
            item_id=item.id,
            data={**data, "place": place},
            not_before=None if aloud else item.asked_at + HEAD_START,
        )
        for place in _places(users, aloud)
    )


def clock(incident: Incident, item: Item, wait: Span, policy: Policy) -> tuple[Timer, ...]:
    """Return the nag halfway and the next rung."""
    half = hours.halfway(item.asked_at, wait, policy.support_hours)
    due = hours.after(item.asked_at, wait, policy.support_hours)
    return tuple(
        Timer(kind=kind, incident_id=incident.id, item_id=item.id, at=at)
        for kind, at in ((TimerKind.NAG, half), (TimerKind.RUNG, due))
    )


def nag_at(incident: Incident, item: Item, policy: Policy) -> datetime:
    """Return when the people asked now are reminded."""
    return hours.halfway(item.asked_at, step_of(incident, item, policy).wait, policy.support_hours)


def rule(incident: Incident, policy: Policy, rung: int) -> str:
    """Name the rule behind a step: ``ladder.sev2.step2`` is the second rung of SEV2."""
    name, _ = chosen(incident, policy)
    return f"ladder.{name}.step{rung + 1}"


def _places(users: tuple[UserId, ...], aloud: bool) -> tuple[str, ...]:
    return (*users, *((repeats.CHANNEL,) if users and aloud else ()))


def _next_turn(item: Item, users: tuple[UserId, ...], aloud: bool) -> dict[str, Any]:
    kept = {key: value for key, value in item.details.items() if key not in ("resume", "nagged")}
    turn = int(kept.get("turn", 0)) + 1
    return repeats.paged(kept, turn, _places(users, aloud)) | {"turn": turn}


def _skips(incident: Incident, policy: Policy, item: Item, found: Found) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            kind="ladder.skipped",
            data={
                "role": item.role,
                "round": skip.round,
                "rung": skip.rung,
                "slot": skip.slot,
                "reason": skip.why,
            },
            item_id=item.id,
            rule=rule(incident, policy, skip.rung),
        )
        for skip in found.skipped
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
