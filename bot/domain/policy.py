"""The policy pack: the escalation matrix as frozen models, read from YAML by `bot.packs`."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.incident import Dimension, Role, Severity, Stage

Minutes = Annotated[int, Field(gt=0, le=60 * 24 * 366)]


def _level(value: object) -> object:
    """Read a severity as people write it (`SEV2`) or as JSON keys carry it (`"2"`)."""
    if isinstance(value, str):
        return Severity.__members__.get(value, int(value) if value.isdecimal() else value)
    return value


Level = Annotated[Severity, BeforeValidator(_level)]


class Model(BaseModel):
    """A typo in the pack is an error at load, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Model):
    """A length of time, by the clock or in support hours (`working: true`; a day is then one support day)."""

    minutes: Minutes | None = None
    days: Annotated[int, Field(gt=0, le=366)] | None = None
    working: bool = False


class Step(Model):
    """One rung: ask these (``primary``, ``backup`` of the engaged role, or another role's name), then wait.

    ``inform`` lists roles that are told without owing an answer.
    """

    ask: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    wait: Span


class Ladder(Model):
    """Who is asked in which order; climbed again ``repeat`` times, then an alarm every ``alarm`` until an answer."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    repeat: Annotated[int, Field(ge=0, le=5)]
    alarm: Span | None = None


class When(Model):
    """When a role is engaged; all that is given must hold. Nothing given means always."""

    customer_visible: bool | None = None
    at_least: Mapping[Dimension, Annotated[int, Field(ge=0, le=4)]] | None = None


class Engagement(Model):
    """A role that a severity calls in, or only informs (``inform_only``). ``any_of``: one condition is enough."""

    role: Role
    any_of: tuple[When, ...] = ()
    inform_only: bool = False


class Also(Model):
    """One more grant that is needed when any of the conditions holds."""

    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    any_of: Annotated[tuple[When, ...], Field(min_length=1)]


class Approvals(Model):
    """Who must agree: one grant by a holder of each inner tuple (any role of it is enough).

    The role ``assignee`` stands for whoever leads the incident at that moment.
    """

    raise_severity: tuple[tuple[Role, ...], ...]
    lower_severity: tuple[tuple[Role, ...], ...]
    owner: tuple[tuple[Role, ...], ...]
    external_text: tuple[tuple[Role, ...], ...]
    external_text_also: tuple[Also, ...] = ()
    close: tuple[tuple[Role, ...], ...]


class SeverityRow(Model):
    """One column of the severity table (domain row S0-18): targets, people, approvals.

    ``approval_expires`` is how long a draft or a closing waits for its approvers; a suggestion waits
    ``suggestion_expires``.
    """

    label: str
    meaning: str
    examples: tuple[str, ...] = ()
    lead: Role
    acknowledge: Span
    contain: Span | None = None
    resolve: Span | None = None
    internal_update: Span | None = None
    external_update: Span | None = None
    executive_brief: Span | None = None
    next_step_within: Span
    handoff: Span
    ack_lease: Span
    settle_unknown: Span
    suggestion_expires: Span
    approval_expires: Span | None = None
    update_backup_after: Span
    engage: tuple[Engagement, ...]
    ladder: Ladder
    approvals: Approvals


class DimensionRow(Model):
    """One question of the opening form: what it asks, what each score 0 to 4 means, what unknown counts as."""

    label: str
    question: str
    scores: Annotated[tuple[str, ...], Field(min_length=5, max_length=5)]
    unknown_counts: Annotated[int, Field(ge=0, le=4)]
    only_with_identity: bool = False


class Slot(Model):
    """Who holds a role: e-mail addresses, Slack user ids (``U...``) or user groups (``@handle`` or ``S...``)."""

    primary: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()


class RoleRow(Model):
    """A role's name as people read it."""

    label: str


class Channels(Model):
    """Where the bot speaks besides the incident's own channel; names without ``#`` or channel ids."""

    announcements: str
    catch_all: str
    customers: str
    executives: str


class SupportHours(Model):
    """When support works: for targets in working time."""

    timezone: str
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    opens: time
    closes: time
    holidays: tuple[date, ...] = ()

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        start = timedelta(hours=self.opens.hour, minutes=self.opens.minute)
        return timedelta(hours=self.closes.hour, minutes=self.closes.minute) - start


class StageText(Model):
    """One text of a stage: for whom, from which template, and whether a person must approve it first."""

    audience: Literal["internal", "customer", "executive", "support", "legal"]
    template: str
    approve: bool
    severities: tuple[Level, ...] = tuple(Severity)
    customer_visible_only: bool = False
    at_least: Mapping[Dimension, int] | None = None


class StageRow(Model):
    """One stage: its label, what it means, which stages it may lead to, and the texts of entering it."""

    label: str
    meaning: str
    leads_to: tuple[Stage, ...]
    texts: tuple[StageText, ...] = ()


class AdviceRule(Model):
    """What, when said in the incident's channel, suggests a score: an explainable rule of the offline advisor."""

    id: str
    any_of: Annotated[tuple[str, ...], Field(min_length=1)]
    dimension: Dimension
    score: Annotated[int, Field(ge=0, le=4)]
    because: str


class Computation(Model):
    """The knobs of the severity computation (high-water mark, then compounding)."""

    compound_scores: tuple[int, ...] = (2, 3)
    compound_count: Annotated[int, Field(ge=2, le=6)] = 3


class Policy(Model):
    """The whole pack. ``version`` is the hash of its content: an incident keeps the version that it began with."""

    version: str = ""
    organisation: str
    owner: str
    channel_prefix: str = "inc"
    archive_after: Span
    reopen_within_days: Annotated[int, Field(gt=0, le=366)]
    invite_batch: Annotated[int, Field(gt=0, le=100)] = 100
    computation: Computation = Computation()
    dimensions: Mapping[Dimension, DimensionRow]
    severities: Mapping[Level, SeverityRow]
    roles: Mapping[Role, RoleRow]
    roster: Mapping[Role, Slot]
    channels: Channels
    support_hours: SupportHours
    stages: Mapping[Stage, StageRow]
    advice: tuple[AdviceRule, ...] = ()
    templates: Mapping[str, str] = Field(default_factory=dict)

    def row(self, severity: Severity) -> SeverityRow:
        return self.severities[severity]
