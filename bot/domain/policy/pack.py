"""The whole pack, put together from its parts."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Dimension, Role, Severity, Stage
from bot.domain.policy.base import Level, Model, Reviewed, Score, Span
from bot.domain.policy.lanes import AutoTrigger, Lane, LaneRules, Metric, Remediation, Waiver
from bot.domain.policy.people import DataRule, RaciRow, RoleRow, Schedule, Slot, SupportHours, Team
from bot.domain.policy.services import Governance, Identity, Service
from bot.domain.policy.severities import Computation, DimensionRow, SeverityRow, StopTheLine
from bot.domain.policy.stages import Kind, Question, StageRow, Threshold


class Channels(Model):
    """Where the bot speaks besides the incident's own channel; names without ``#`` or channel ids."""

    announcements: str
    catch_all: str
    customers: str
    executives: str


class AdviceRule(Model):
    """What, when said in the incident's channel, suggests a score: an explainable rule of the offline advisor."""

    id: str
    any_of: Annotated[tuple[str, ...], Field(min_length=1)]
    dimension: Dimension
    score: Score
    because: str


class Endorsement(Model):
    """The sponsor stands behind this version of the policy (S1-76)."""

    by: str
    on: date


class Policy(Reviewed):
    """The whole pack. ``version`` is the hash of its content: an incident keeps the version that it began with.

    ``owner`` is the role whose agreement puts a version in force, ``sponsor`` the executive role that stands behind it.
    A proposed version waits ``activation_waits`` for them; one that is found still right is good for ``review_every_days``.
    """

    version: str = ""
    organisation: str
    owner: Role
    sponsor: Role | None = None
    endorsement: Endorsement | None = None
    reviewed_by: str = ""
    profile: Literal["standard", "small_team"] = "standard"
    channel_prefix: str = "inc"
    archive_after: Span
    reopen_within_days: Annotated[int, Field(gt=0, le=366)]
    invite_batch: Annotated[int, Field(gt=0, le=100)] = 100
    runbook_stale_days: Annotated[int, Field(gt=0, le=3660)] = 180
    drill_every_days: Annotated[int, Field(gt=0, le=3660)] = 90
    review_every_days: Annotated[int, Field(gt=0, le=3660)] = 182
    activation_waits: Span = Span(days=7)
    computation: Computation = Computation()
    dimensions: Mapping[Dimension, DimensionRow]
    severities: Mapping[Level, SeverityRow]
    stop_the_line: StopTheLine = StopTheLine()
    kinds: Mapping[str, Kind] = Field(default_factory=dict)
    credible: tuple[Question, ...] = ()
    thresholds: Mapping[str, Threshold] = Field(default_factory=dict)
    roles: Mapping[Role, RoleRow]
    roster: Mapping[Role, Slot]
    schedules: Mapping[str, Schedule] = Field(default_factory=dict)
    teams: Mapping[str, Team] = Field(default_factory=dict)
    services: Mapping[str, Service] = Field(default_factory=dict)
    identities: Mapping[str, Identity] = Field(default_factory=dict)
    governance: Governance = Governance()
    raci: Mapping[str, RaciRow] = Field(default_factory=dict)
    decision_rights: Mapping[str, tuple[Role, ...]] = Field(default_factory=dict)
    data_sharing: Mapping[str, DataRule] = Field(default_factory=dict)
    channels: Channels
    support_hours: SupportHours
    stages: Mapping[Stage, StageRow]
    metrics: Mapping[str, Metric] = Field(default_factory=dict)
    lanes: Mapping[str, Lane] = Field(default_factory=dict)
    lane_rules: LaneRules = LaneRules()
    triggers: Mapping[str, AutoTrigger] = Field(default_factory=dict)
    exceptions: Mapping[str, Waiver] = Field(default_factory=dict)
    remediation: Remediation = Remediation()
    advice: tuple[AdviceRule, ...] = ()
    templates: Mapping[str, str] = Field(default_factory=dict)

    @property
    def first_stage(self) -> Stage:
        """Where incidents begin, and begin again: the first of the stages as the pack lists them."""
        return next(iter(self.stages), Stage(""))

    def row(self, severity: Severity) -> SeverityRow:
        return self.severities[severity]
