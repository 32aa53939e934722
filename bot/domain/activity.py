"""What it means that somebody is at work on an incident: what they acknowledged goes on holding."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import hours
from bot.domain.decision import Decision, Timer, TimerKind
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.policy import Policy

# A lease lasts many minutes: writing down every message of a lively channel would only cost.
PRECISION = timedelta(minutes=1)


def renewed(incident: Incident, items: Iterable[Item], policy: Policy, by: UserId, now: datetime) -> Decision:
    """Renew what this person has acknowledged, and nobody else's: talk of others does not stand in for the holder.

    Written at most once a minute. Nothing that is said decides anything.
    """
    held = [item for item in items if _is_held(item, by)]
    if incident.is_closed or not held:
        return Decision(incident=incident)
    until = hours.after(now, policy.row(incident.severity).ack_lease, policy.support_hours)
    longer = tuple(
        replace(item, lease_until=until)
        for item in held
        if item.lease_until is not None and until - item.lease_until >= PRECISION
    )
    return Decision(
        incident=incident,
        items=longer,
        timers=tuple(
            Timer(kind=TimerKind.LEASE, incident_id=incident.id, item_id=item.id, at=until) for item in longer
        ),
    )


def _is_held(item: Item, by: UserId) -> bool:
    answered = item.kind is ItemKind.ACKNOWLEDGE and item.state is ItemState.ACKNOWLEDGED
    return answered and item.answered_by == by
