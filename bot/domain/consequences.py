"""What follows from every decision about an incident, whatever it was about."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import activity, rooms
from bot.domain.decision import Decision
from bot.domain.incident import UserId
from bot.domain.items import Item
from bot.domain.policy import Policy


def whole(items: Iterable[Item], decision: Decision, policy: Policy, by: str, now: datetime) -> Decision:
    """Complete a decision: let in whoever it asks for the first time, and keep alive what its actor holds.

    ``items`` are those of the incident before the decision, ``by`` is who brought it about.
    """
    before = tuple(items)
    decision = rooms.let_in(before, decision, policy.invite_batch)
    after = {item.id: item for item in (*before, *decision.items)}
    return decision.then(activity.renewed(decision.incident, after.values(), policy, UserId(by), now))
