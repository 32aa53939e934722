"""What time does to a request that nobody answers: the reminder, the timeout once, and what comes after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain import hours, lanes, quorum
from bot.domain.lanes import Place
from bot.domain.policy import Lane, Policy

What = Literal["asked", "reminded", "backup_told", "timed_out", "told", "said_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that time does: what, to which places of the roster, in words, and by which rule."""

    at: datetime
    what: What
    to: tuple[Place, ...]
    says: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the timeout of a lane does. ``acts`` is False where it only asks people, and touches nothing by itself."""

    acts: bool
    to: tuple[Place, ...]
    says: str
    rule: str


def timeline(policy: Policy, lane: str, since: datetime, hours_long: float = 24) -> tuple[Happening, ...]:
    """Return what happens to a request in a lane as long as nobody decides, for some hours, in order.

    Silence never approves: whatever the lane, the item stays as its interim action left it.
    """
    row = policy.lanes[lane]
    until = since + timedelta(hours=hours_long)
    found = sorted(_happenings(policy, lane, row, since, until), key=lambda happening: happening.at)
    return tuple(happening for happening in found if happening.at <= until)


def timeout_outcome(policy: Policy, lane: str) -> Outcome:
    """Return what the timeout of a lane does, once.

    A credential is touched by itself only where the policy's remediation is on and names this lane as the approved rule;
    everywhere else people are asked to do it (S3-14).
    """
    row = policy.lanes[lane]
    rule = f"lane.{lane}.timeout.{row.timeout}"
    both = (lanes.owner(row), lanes.backup(row))
    match row.timeout:
        case "disable_credential":
            allowed = policy.remediation
            if allowed.touches_credentials and allowed.approved_rule == lane:
                agreed = quorum.label(policy, allowed.approved_by) if allowed.approved_by else "nobody"
                says = (
                    f"{row.timeout_action} (allowed by the approved rule of this lane, agreed to by {agreed})"
                )
                return Outcome(acts=True, to=both, says=says, rule=rule)
            says = f"not done by itself, a person decides: {row.timeout_action}"
            return Outcome(acts=False, to=both, says=says, rule="remediation.off")
        case "fallback_approver":
            return Outcome(acts=True, to=both[1:], says=row.timeout_action, rule=rule)
        case "keep_holding" | "pause_workflow" | "expire":
            return Outcome(acts=row.timeout != "keep_holding", to=both, says=row.timeout_action, rule=rule)


def late_decision_counts(policy: Policy, lane: str) -> bool:
    """Tell whether a decision after the timeout still counts, while the item is held."""
    return policy.lanes[lane].after_timeout.late_decision


def _happenings(
    policy: Policy, lane: str, row: Lane, since: datetime, until: datetime
) -> Iterator[Happening]:
    rule, says, hours_ = f"lane.{lane}", row.operator_action, policy.support_hours
    decide_by, half = hours.after(since, row.urgency, hours_), lanes.remind_at(policy, row, since)
    owner, backup, outcome = (lanes.owner(row),), (lanes.backup(row),), timeout_outcome(policy, lane)
    yield Happening(at=since, what="asked", to=owner, says=says, rule=rule)
    yield Happening(at=half, what="reminded", to=owner, says=says, rule=f"{rule}.reminder")
    yield Happening(at=half, what="backup_told", to=backup, says=says, rule=f"{rule}.reminder")
    yield Happening(at=decide_by, what="timed_out", to=outcome.to, says=outcome.says, rule=outcome.rule)
    after, rule = row.after_timeout, f"{rule}.after_timeout"
    if after.tell:
        at = hours.after(since, after.tell_after, hours_) if after.tell_after else decide_by
        told: tuple[Place, ...] = tuple((role, "primary") for role in after.tell)
        yield Happening(at=max(at, decide_by), what="told", to=told, says=after.says, rule=rule)
    again = hours.after(decide_by, after.repeat, hours_) if after.repeat else None
    while after.repeat and again is not None and again <= until:
        yield Happening(at=again, what="said_again", to=outcome.to, says=after.says, rule=rule)
        again = hours.after(again, after.repeat, hours_)
