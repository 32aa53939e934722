"""What activity in an incident's channel means for those who answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.decision import Decision
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.policy import Policy

# A lease lasts many minutes: writing down every message of a lively channel would only cost.
PRECISION = timedelta(minutes=1)


def heard(incident: Incident, items: Iterable[Item], policy: Policy, by: UserId, now: datetime) -> Decision:
    """Renew the acknowledgements of an incident on which people are at work.

    Only the moment is written down, at most once a minute; `ladder.fell_due` reads it when a lease would run out.
    Nothing that is said decides anything.
    """
    at_work = any(i.kind is ItemKind.ACKNOWLEDGE and i.state is ItemState.ACKNOWLEDGED for i in items)
    last = incident.last_activity_at
    if incident.is_closed or not at_work or (last is not None and now - last < PRECISION):
        return Decision(incident=incident)
    return Decision(incident=replace(incident, last_activity_at=now))
