"""When an agent must ask a person, whom, and what holds until they answer: the agent matrix (domain section 5.6)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Role
from bot.domain.policy.base import Level, Model, Reviewed, Span

Interim = Literal["hold_draft", "park_item", "safe_mode", "deny", "block"]
Timeout = Literal["keep_holding", "fallback_approver", "pause_workflow", "disable_credential", "expire"]


class Metric(Model):
    """A measured value that trigger expressions may use: its type, its unit, what it means."""

    type: Literal["number", "yes_no", "text", "duration"]
    unit: str = ""
    meaning: str


class Trigger(Model):
    """An observable condition, as an expression over the metrics: ``confidence < 0.72 and customer_facing``."""

    when: str
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    counterexamples: tuple[str, ...] = ()


class Lane(Reviewed):
    """One row of the agent matrix, with its eight fields, and whether the rest may go on meanwhile.

    The eight: triggers, examples (of each trigger), owner, urgency, agent action, operator action, evidence, timeout.
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
    after_timeout: str
    irreversible: bool = False
    safe_to_continue: Literal["yes", "this_item_no", "safe_path_only", "no"]


class AutoTrigger(Reviewed):
    """Something measured that opens an incident by itself (domain section 2.8).

    ``acknowledge`` may shorten the severity's target, never lengthen it. ``notify_first`` are asked before anybody else.
    """

    label: str
    when: str
    example: str = ""
    opens: Level
    tier1_opens: Level | None = None
    kind: str = ""
    conditions: tuple[str, ...] = ()
    notify_first: tuple[Role, ...] = ()
    acknowledge: Span | None = None


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
    """Whether the bot may touch a credential by itself; off unless an approved rule says so (domain row S3-14)."""

    touches_credentials: bool = False
    approved_rule: str = ""
    approved_by: Role | None = None
