"""What happens when everybody was asked and nobody answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import conditions, hours, repeats
from bot.domain.decision import (
    CATCH_ALL,
    INCIDENT,
    Decision,
    Fact,
    Lane,
    Notice,
    NoticeKind,
    Timer,
    TimerKind,
)
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemState, Reason
from bot.domain.ladder.rungs import ladder_of, still_asked
from bot.domain.policy import Policy


def exhaust(
    incident: Incident, item: Item, policy: Policy, now: datetime, *, cause: Reason, data: Mapping[str, Any]
) -> Decision:
    """Say loudly that nobody is left to ask, and go on saying so until a person acknowledges (S3-01).

    Where the checklist says so, that stops the line.
    """
    record = {
        **data,
        "role": item.role,
        "asked": list(item.asked),
        "rounds": item.round + 1,
        "cause": cause.value,
    }
    gone = replace(
        item,
        state=ItemState.EXHAUSTED,
        holders=still_asked(item),
        answered_by=None,
        answered_at=None,
        lease_until=None,
    )
    fact = Fact(kind="ladder.exhausted", data=record, item_id=item.id, rule="ladder.exhausted")
    incident, stopped = conditions.seen_by_itself(incident, policy, "ladder_exhausted", now)
    loud = _sound(incident, gone, policy, now)
    # A lease belonged to an answer that has been given back.
    return replace(loud, facts=(fact, *stopped), quiet=() if item.is_open else (item.id,))


def sound_again(incident: Incident, item: Item, policy: Policy, now: datetime, late: timedelta) -> Decision:
    """Sound the alarm of an exhausted ladder once more.

    Each time as a new message: one that is only changed, or an answer in a thread, wakes nobody up. The message before it
    loses its buttons and is never touched again.
    """
    loud = _sound(incident, item, policy, now)
    data = {
        "role": item.role,
        "number": repeats.times(loud.items[0]),
        "late_seconds": hours.late_seconds(late),
    }
    return replace(loud, facts=(Fact(kind="ladder.alarm", data=data, item_id=item.id, rule="ladder.alarm"),))


def _sound(incident: Incident, item: Item, policy: Policy, now: datetime) -> Decision:
    every = ladder_of(incident, policy).alarm
    said, number = repeats.once_more(item)
    loud = replace(said, due_at=hours.after(now, every, policy.support_hours) if every else None)
    notices = tuple(
        Notice(
            kind=NoticeKind.ALARM,
            to=to,
            key=f"{item.id}/alarm/{number}/{to}",
            lane=Lane.URGENT,
            item_id=item.id,
            data={"asked": list(item.asked), "number": number, "outside": to == CATCH_ALL},
        )
        for to in (CATCH_ALL, INCIDENT)
    )
    timers = (
        ()
        if loud.due_at is None
        else (Timer(kind=TimerKind.ALARM, incident_id=incident.id, item_id=item.id, at=loud.due_at),)
    )
    return Decision(incident=incident, items=(loud,), notices=notices, timers=timers)
