"""An offer to be on call in somebody's place, or to swap two shifts: asked, then accepted, declined, withdrawn or expired."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import acting, covers, desk_notices, hours, quorum
from bot.domain.covers import Cover
from bot.domain.decision import Decision, Fact, NoticeKind, Timer, TimerKind
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed, NotNow
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.oncall import Override, slot_shifts
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of

OVER = "This is answered or over already; the message shows what came of it."


def offered(
    desk: Incident, policy: Policy, takes: Sequence[Override], sort: str, by: UserId, now: datetime
) -> Decision:
    """Put places before whoever would take them: asked now, reminded halfway, over when the first of them begins."""
    asked = takes[0].user
    begins, ends = min(one.since for one in takes), min(one.until for one in takes)
    # What begins at once waits as long as a handoff of the worst severity may.
    soonest = hours.after(now, policy.row(min(policy.severities)).handoff, policy.support_hours)
    due = min(max(begins, soonest), ends)
    item = Item(
        id=ItemId(f"{desk.id}/offer/{by}/{asked}/{desk_notices.stamp(now)}"),
        incident_id=desk.id,
        kind=ItemKind.OFFER,
        role=takes[0].role,
        title=f"Answer whether you are on call as {quorum.label(policy, takes[0].role)}",
        holders=(asked,),
        asked=(asked,),
        opened_at=now,
        asked_at=now,
        due_at=due,
        details={"sort": sort, "by": by, "takes": [told(one) for one in takes]},
    )
    moments = ((TimerKind.NAG, now + (due - now) / 2), (TimerKind.EXPIRE, due))
    data = {"by": by, "asked": asked, "sort": sort, "takes": item.details["takes"]}
    return Decision(
        incident=desk,
        items=(item,),
        facts=(Fact(kind="oncall.offered", data=data, item_id=item.id, rule="oncall.offer"),),
        notices=desk_notices.cards(NoticeKind.OFFER, item, (asked, by), "asked"),
        timers=tuple(Timer(kind=kind, incident_id=desk.id, item_id=item.id, at=at) for kind, at in moments),
    )


def accept(
    desk: Incident, item: Item, policy: Policy, directory: Directory, *, by: UserId, now: datetime
) -> Decision:
    """Accept an offer: the places change hands in this transaction, and both are told."""
    _answerable(item, directory, by)
    takes = _left(item, now)
    giver, taker = giver_of(item), by
    if is_swap(item):
        for one, gives in zip(takes, (giver, taker), strict=True):
            if not still_has(policy, directory, one, gives):
                raise IllegalMove(
                    "Who is on call has changed since this was offered, so it was left as it is. Please agree anew."
                )
    for one in takes:
        covers.require(policy, directory, one, giver)
    instead = tuple(dict.fromkeys(u for one in takes for u in covers.displaced(policy, directory, one)))
    kind = "oncall.swapped" if is_swap(item) else "oncall.overridden"
    data = {"by": by, "offered_by": giver, "takes": [told(one) for one in takes], "instead": list(instead)}
    others = tuple(user for user in (giver, *instead) if user != by)
    decision = _over(desk, item, ItemState.DONE, kind, data, "accepted", others, by, now)
    return replace(decision, covers=kept(takes, (giver, taker), giver, now))


def decline(desk: Incident, item: Item, directory: Directory, *, by: UserId, now: datetime) -> Decision:
    """Decline an offer: nothing changes, and whoever offered it is told."""
    _answerable(item, directory, by)
    data = {"by": by, "offered_by": giver_of(item), "takes": item.details["takes"]}
    return _over(
        desk, item, ItemState.REJECTED, "oncall.declined", data, "declined", (giver_of(item),), by, now
    )


def withdraw(desk: Incident, item: Item, directory: Directory, *, by: UserId, now: datetime) -> Decision:
    """Take an offer back before it is answered."""
    acting.require(directory, by)
    if not item.is_open:
        raise AlreadyDecided(OVER)
    if by != giver_of(item):
        raise NotAllowed(f"Only {acting.name(directory, giver_of(item))}, who offered it, can withdraw this.")
    data = {"by": by, "offer": True, "takes": item.details["takes"]}
    return _over(
        desk, item, ItemState.CANCELLED, "oncall.cancelled", data, "withdrawn", item.holders, by, now
    )


def fell_due(
    desk: Incident,
    item: Item,
    kind: TimerKind,
    _policy: Policy,
    _directory: Directory,
    now: datetime,
) -> Decision:
    """Remind whoever was asked halfway; what nobody has accepted when it begins expires, and nothing changes."""
    if not item.is_open or item.due_at is None:
        return Decision(incident=desk)
    data: dict[str, Any] = {"offered_by": giver_of(item), "asked": list(item.holders)}
    if kind is TimerKind.EXPIRE and item.due_at <= now:
        people = (giver_of(item), *item.holders)
        data["takes"] = item.details["takes"]
        return _over(desk, item, ItemState.EXPIRED, "oncall.expired", data, "expired", people, None, now)
    if kind is not TimerKind.NAG or item.details.get("nagged") or now >= item.due_at:
        return Decision(incident=desk)
    return Decision(
        incident=desk,
        items=(replace(item, details={**item.details, "nagged": True}),),
        facts=(Fact(kind="oncall.reminded", data=data, item_id=item.id, rule="oncall.offer"),),
        notices=desk_notices.cards(NoticeKind.OFFER, item, item.holders, "nag"),
    )


def require_new(items: Sequence[Item], offer: Item) -> None:
    """Raise `NotNow` when the same was offered already and still waits: a second card would only puzzle people."""
    same = (item for item in items if item.kind is ItemKind.OFFER and item.is_open)
    if any(_what(item) == _what(offer) for item in same):
        raise NotNow("You asked that already, and it still waits for an answer. `/incident oncall` shows it.")


def giver_of(item: Item) -> UserId:
    """Return who made an offer."""
    return UserId(item.details["by"])


def is_swap(item: Item) -> bool:
    """Tell whether an offer is of two shifts, one for the other."""
    return item.details.get("sort") == "swap"


def taken(item: Item) -> tuple[Override, ...]:
    """Return who would be on call when, if an offer is accepted."""
    return tuple(
        Override(
            role=Role(one["role"]),
            part=one["part"],
            user=UserId(one["user"]),
            since=datetime.fromisoformat(one["since"]),
            until=datetime.fromisoformat(one["until"]),
        )
        for one in item.details["takes"]
    )


def told(takes: Override) -> dict[str, str]:
    """Return a place taken as the audit trail and the sentences about it have it."""
    return {
        "role": takes.role,
        "part": takes.part,
        "user": takes.user,
        "since": takes.since.isoformat(),
        "until": takes.until.isoformat(),
    }


def kept(
    takes: Sequence[Override], parties: Sequence[UserId], by: UserId, now: datetime
) -> tuple[Cover, ...]:
    """Return places as they are kept; each names the other party, where there is one, as who arranged it."""
    return tuple(
        Cover(
            id=f"{one.role}/{one.part}/{one.user}/{desk_notices.stamp(one.since)}/{desk_notices.stamp(now)}",
            takes=one,
            arranged_by=next((party for party in parties if party != one.user), by),
            arranged_at=now,
        )
        for one in takes
    )


def still_has(policy: Policy, directory: Directory, takes: Override, user: UserId) -> bool:
    """Tell whether a person alone is on call for the whole time of a place."""
    found = slot_shifts(policy, takes.role, takes.part, takes.since, takes.until, duty_of(directory))
    people = [[person.id for name in shift.members for person in directory.resolve(name)] for shift in found]
    return all(one == [user] for one in people)


def _over(
    desk: Incident,
    item: Item,
    state: ItemState,
    kind: str,
    data: dict[str, Any],
    line: str,
    people: Sequence[UserId],
    by: UserId | None,
    now: datetime,
) -> Decision:
    return Decision(
        incident=desk,
        items=(replace(item, state=state, answered_by=by, answered_at=now),),
        facts=(Fact(kind=kind, data=data, item_id=item.id, rule="oncall.offer"),),
        notices=desk_notices.lines(f"{item.id}/{line}", people, line, {**data, "sort": item.details["sort"]}),
        quiet=(item.id,),
    )


def _answerable(item: Item, directory: Directory, by: UserId) -> None:
    acting.require(directory, by)
    if not item.is_open:
        raise AlreadyDecided(OVER)
    if by not in item.holders:
        raise NotAllowed(f"Only {acting.names(directory, item.holders)}, who is asked, can answer this.")


def _what(item: Item) -> tuple[object, ...]:
    """Return what an offer is; where one begins at once, its beginning is the moment of asking and says nothing."""
    takes = ((one.role, one.part, one.user, one.until) for one in taken(item))
    return giver_of(item), item.holders, item.details["sort"], tuple(takes)


def _left(item: Item, now: datetime) -> tuple[Override, ...]:
    return tuple(covers.from_now(one, now) for one in taken(item))
