"""What the team is doing, what each stage needs before it is left, and the texts of entering it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.domain.incident import Dimension, Role, Severity, Stage
from bot.domain.policy.base import Level, Model, Span, When

# What the bot can see for itself; any other criterion is one that a person ticks.
Check = Literal[
    "severity_confirmed", "scope_set", "data_classified", "credible", "collected",
    "acknowledged", "lead_set", "next_step_set", "legal_engaged",
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
    """One thing that must be true before a stage is left: seen by the bot (``check``) or ticked by a person.

    It applies at the ``severities`` given, and where any of the conditions holds. Without it nobody leaves the stage
    unless somebody with that right overrides it; one that is not ``strict`` is asked for, and left open on record.
    """

    id: str
    text: str
    check: Check | None = None
    severities: tuple[Level, ...] = tuple(Severity)
    any_of: tuple[When, ...] = ()
    strict: bool = True


class StageRow(Model):
    """One stage: its label, what it means, which stages it may lead to, what it needs, and the texts of entering it.

    ``moment`` says which customer text fits while the incident is here; without one it is the text of an opening, or of an
    acknowledgement once somebody has it. ``meets`` names the target that is met once this stage is behind the team.
    ``entry`` and ``artifacts`` are shown wherever the stage is explained; ``exit`` is checked before a later stage.
    """

    label: str
    meaning: str
    moment: Literal["contain", "diagnose", "resolve", "close"] | None = None
    meets: Literal["contain", "resolve"] | None = None
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
    """What sort of incident it is: what it asks, what must be collected, and who hears of it first (S1-16, S1-17).

    ``asks`` adds questions that are asked otherwise only where an identity is involved. ``notify_first`` are roles that are
    called in before anybody else. From severity ``by_clock_from`` on, or worse, nothing waits for support hours.
    """

    label: str
    meaning: str = ""
    asks: tuple[Dimension, ...] = ()
    collect: tuple[Question, ...] = ()
    notify_first: tuple[Role, ...] = ()
    by_clock_from: Level | None = None


class Threshold(Model):
    """A number that, once crossed, tells a decision-maker (S1-07).

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
