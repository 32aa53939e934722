"""Routing what an agent must ask a person: the lane, whose it is, and what holds until they answer.

Presence never matters here: the same measurements take the same route whoever is online (S2-05).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain import expressions, hours, observations
from bot.domain.incident import Role
from bot.domain.policy import Continue, Interim, Lane, Policy, Span

# From the mildest to the strictest: what an agent does while it waits.
STRICTNESS: tuple[Interim, ...] = ("hold_draft", "park_item", "safe_mode", "block", "deny")
# Whom to ask: a role, and whether it is its primary people or its backup.
Place = tuple[Role, Literal["primary", "backup"]]

_NARROWNESS: tuple[Continue, ...] = ("yes", "this_item_no", "safe_path_only", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where a request goes. ``lane`` leads; ``secondary`` lanes applied too, and their owners (``informed``) are told.

    ``interim`` and ``safe_to_continue`` are the strictest, and ``decide_by`` the soonest, of all lanes that apply. ``fired`` and
    ``unknown`` name triggers by ``lane/trigger``; ``satisfied`` is False where only the agent named the lane. ``rule`` and
    ``policy_version`` say why, for the record.
    """

    lane: str
    secondary: tuple[str, ...]
    fired: tuple[str, ...]
    unknown: tuple[str, ...]
    satisfied: bool
    owner: Place
    backup: Place
    informed: tuple[Place, ...]
    interim: Interim
    safe_to_continue: Continue
    remind_at: datetime
    decide_by: datetime
    rule: str
    policy_version: str


def route(policy: Policy, observed: Mapping[str, object], at: datetime, *, named: str = "") -> Routed | None:
    """Route what was measured at a moment; None when no trigger fires and no lane of the policy was ``named``.

    A stricter lane than the named one wins; a named lane holds the item even where its triggers did not fire.
    """
    values = observations.measured(observed, policy.metrics)
    verdicts = {
        f"{lane}/{name}": observations.holds(expressions.read(trigger.when, policy.metrics), values)
        for lane, row in policy.lanes.items()
        for name, trigger in row.triggers.items()
    }
    fired = tuple(name for name, verdict in verdicts.items() if verdict)
    met = {name.split("/")[0] for name in fired}
    applies = sorted(
        met | ({named} & policy.lanes.keys()), key=lambda lane: (policy.lanes[lane].precedence, lane)
    )
    if not applies:
        return None
    rows = [policy.lanes[lane] for lane in applies]
    soonest = min(rows, key=lambda row: hours.after(at, row.urgency, policy.support_hours))
    first = next((name for name in fired if name.startswith(f"{applies[0]}/")), applies[0])
    return Routed(
        lane=applies[0],
        secondary=tuple(applies[1:]),
        fired=fired,
        unknown=tuple(name for name, verdict in verdicts.items() if verdict is None),
        satisfied=applies[0] in met,
        owner=owner(rows[0]),
        backup=backup(rows[0]),
        informed=tuple(dict.fromkeys(owner(row) for row in rows[1:] if row.owner != rows[0].owner)),
        interim=max((row.interim for row in rows), key=STRICTNESS.index),
        safe_to_continue=max((row.safe_to_continue for row in rows), key=_NARROWNESS.index),
        remind_at=remind_at(policy, soonest, at),
        decide_by=hours.after(at, soonest.urgency, policy.support_hours),
        rule=f"lane.{first}",
        policy_version=policy.version,
    )


def owner(lane: Lane) -> Place:
    """Return who is asked first."""
    return lane.owner, "primary"


def backup(lane: Lane) -> Place:
    """Return who is warmed up halfway, and asked after the owner."""
    return (lane.backup, "primary") if lane.backup else (lane.owner, "backup")


def remind_at(policy: Policy, lane: Lane, since: datetime) -> datetime:
    """Return when the owner is reminded and the backup told."""
    return hours.part(since, lane.urgency, policy.lane_rules.remind_at, policy.support_hours)


def defer_until(policy: Policy, lane: Lane, since: datetime, deferred: int) -> datetime | None:
    """Return until when a decision may be put off at most: one period of its lane; None when it was put off too often."""
    if deferred >= policy.lane_rules.defers:
        return None
    return hours.after(since, lane.urgency, policy.support_hours)


def grouped(policy: Policy, asked: tuple[datetime, ...], now: datetime) -> bool:
    """Tell whether so many requests by one trigger came lately that they are shown as one question."""
    rules = policy.lane_rules
    return _lately(policy, asked, rules.group_within, now) >= rules.group_count


def heard_too_often(policy: Policy, asked: tuple[datetime, ...], now: datetime) -> bool:
    """Tell whether an agent asked so often lately that what it asks now is held until later; never dropped."""
    rules = policy.lane_rules
    return _lately(policy, asked, rules.rate_within, now) >= rules.rate_count


def approvers(policy: Policy, amount: float, limit: float) -> int:
    """Return how many people must agree to an amount over a limit."""
    return 2 if limit > 0 and amount >= limit * policy.lane_rules.two_approvers_at else 1


def _lately(policy: Policy, asked: tuple[datetime, ...], within: Span, now: datetime) -> int:
    return sum(now - at < hours.length(within, policy.support_hours) for at in asked if at <= now)
