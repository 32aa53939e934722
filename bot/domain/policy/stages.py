"""What the team is doing, what each stage needs before it is left, and the texts of entering it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.domain.incident import Dimension, Severity, Stage
from bot.domain.policy.base import Level, Model, Span, When

# What the bot can see for itself; any other criterion is one that a person ticks.
Check = Literal[
    "severity_confirmed", "lead_set", "next_step_set", "scope_set", "data_classified", "legal_engaged",
    "acknowledged", "credible", "identity_asked", "closure_approved",
]  # fmt: skip


class StageText(Model):
    """One text of a stage: for whom, from which template, and whether a person must approve it first."""

    audience: Literal["internal", "customer", "executive", "support", "legal"]
    template: str
    approve: bool
    severities: tuple[Level, ...] = tuple(Severity)
    customer_visible_only: bool = False
    at_least: Mapping[Dimension, int] | None = None


class Criterion(Model):
    """One thing that must be true before a stage is left: seen by the bot (``check``) or ticked by a person."""

    id: str
    text: str
    check: Check | None = None
    severities: tuple[Level, ...] = tuple(Severity)
    any_of: tuple[When, ...] = ()


class StageRow(Model):
    """One stage: its label, what it means, which stages it may lead to, what it needs, and the texts of entering it.

    ``moment`` says which customer text fits while the incident is here (open, contain, diagnose, resolve or close).
    """

    label: str
    meaning: str
    moment: Literal["open", "contain", "diagnose", "resolve", "close"] | None = None
    leads_to: tuple[Stage, ...]
    entry: str = ""
    artifacts: tuple[str, ...] = ()
    exit: tuple[Criterion, ...] = ()
    texts: tuple[StageText, ...] = ()


class Question(Model):
    """One question whose answer is kept with the incident: yes or no, or in words."""

    id: str
    text: str
    answer: Literal["yes_no", "words"] = "words"


class Kind(Model):
    """What sort of incident it is: what it asks, what must be collected, and who hears of it first (S1-16, S1-17)."""

    label: str
    asks: tuple[Dimension, ...] = ()
    collect: tuple[Question, ...] = ()
    notify_first: tuple[str, ...] = ()
    always_on: bool = Field(default=False, description="its targets run by the clock, never in support hours")


class Threshold(Model):
    """A number that, once crossed, tells a decision-maker (domain row S1-07).

    ``measure``: how long since the opening (``age``), in one stage (``stage_dwell``), or how often the same thing came
    back within ``within_days`` (``repeats``), or a dimension's score (``impact``).
    """

    measure: Literal["age", "stage_dwell", "repeats", "impact"]
    severities: tuple[Level, ...] = tuple(Severity)
    stages: tuple[Stage, ...] = ()
    span: Span | None = None
    count: int | None = Field(default=None, gt=0)
    within_days: int | None = Field(default=None, gt=0, le=366)
    dimension: Dimension | None = None
    owner: str
    says: str
