"""When an agent must ask a person, whom, and what holds until they answer: the agent matrix.

Beside it stand what the same measurements open by themselves, and the exceptions from that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Role
from bot.domain.policy.base import Level, Model, Reviewed, Span

Interim = Literal["hold_draft", "park_item", "safe_mode", "block", "deny"]
Timeout = Literal["keep_holding", "fallback_approver", "pause_workflow", "disable_credential", "expire"]
Continue = Literal["yes", "this_item_no", "safe_path_only", "no"]


class Metric(Model):
    """A measured value that trigger expressions may use: its type, its unit, what it means."""

    type: Literal["number", "yes_no", "text", "duration"]
    unit: str = ""
    meaning: str


class Example(Model):
    """One case in words, with what was measured in it; a pack is refused when its triggers judge it otherwise."""

    says: str
    given: Annotated[Mapping[str, bool | int | float | str], Field(min_length=1)]


class Trigger(Model):
    """An observable condition, as an expression over the metrics: ``confidence < 0.72 and customer_facing``."""

    when: str
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    counterexamples: tuple[Example, ...] = ()


class AfterTimeout(Model):
    """What holds once nobody answered in time.

    It is said again every ``repeat``; ``tell`` hear of it ``tell_after`` the request, or at the timeout. ``late_decision``
    says whether a decision still counts then.
    """

    says: str
    repeat: Span | None = None
    tell: tuple[Role, ...] = ()
    tell_after: Span | None = None
    late_decision: bool = True


class Lane(Reviewed):
    """One row of the agent matrix, with its eight fields, and whether the rest may go on meanwhile.

    The eight: triggers, examples (of each trigger), owner, urgency, agent action, operator action, evidence, timeout.
    Where several lanes apply, the one with the smallest ``precedence`` leads. Without a ``backup`` role of its own, a lane has
    the backup of its owner's place on the roster.
    """

    label: str
    precedence: Annotated[int, Field(gt=0, le=100)]
    triggers: Annotated[Mapping[str, Trigger], Field(min_length=1)]
    owner: Role
    backup: Role | None = None
    urgency: Span
    interim: Interim
    agent_action: str
    operator_action: str
    evidence: Annotated[tuple[str, ...], Field(min_length=1)]
    timeout: Timeout
    timeout_action: str
    after_timeout: AfterTimeout
    irreversible: bool = False
    safe_to_continue: Continue


class LaneRules(Model):
    """What holds in every lane.

    ``remind_at`` is the share of the time to decide after which the owner is reminded and the backup told. A decision
    is put off at most ``defers`` times. ``group_count`` requests by one trigger within ``group_within`` are shown as one,
    and an agent is heard ``rate_count`` times within ``rate_within``; more are held. From ``two_approvers_at`` times the limit on,
    two people must agree.
    """

    remind_at: Annotated[float, Field(gt=0, lt=1)] = 0.5
    defers: Annotated[int, Field(ge=0, le=10)] = 2
    group_count: Annotated[int, Field(ge=2, le=100)] = 5
    group_within: Span = Span(minutes=10)
    rate_count: Annotated[int, Field(gt=0, le=10_000)] = 30
    rate_within: Span = Span(minutes=10)
    two_approvers_at: Annotated[float, Field(gt=1)] = 10


class AutoTrigger(Reviewed):
    """Something measured that opens an incident by itself, at a severity that a tier-1 service may make worse.

    ``acknowledge`` may shorten the severity's target, never lengthen it. ``notify_first`` are asked before anybody else. An
    exception from it lasts at most ``exception_days`` and is agreed to by ``exception_by``.
    """

    label: str
    when: str
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    counterexamples: tuple[Example, ...] = ()
    opens: Level
    tier1_opens: Level | None = None
    kind: str = ""
    conditions: tuple[str, ...] = ()
    notify_first: tuple[Role, ...] = ()
    acknowledge: Span | None = None
    exception_days: Annotated[int, Field(gt=0, le=90)] = 90
    exception_by: Role | None = None


class Waiver(Model):
    """An exception: one trigger does not count for one asset, for a while, for a reason, with somebody's agreement."""

    trigger: str
    asset: str
    owner: Role
    reason: str
    approved_by: Role
    granted_on: date
    expires_on: date


class Remediation(Model):
    """Whether the bot may touch a credential by itself: off unless an approved rule says so (S3-14).

    ``approved_rule`` is the lane whose timeout may do it; ``approved_by`` the role that agreed to that.
    """

    touches_credentials: bool = False
    approved_rule: str = ""
    approved_by: Role | None = None
