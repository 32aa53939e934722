"""The severity table: what each level means, whom it calls in, by when, and who must agree to what."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.incident import Role, Stage
from bot.domain.policy.base import Level, Model, Needs, Reviewed, Score, Span, When


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


class SpecialLadder(Model):
    """A ladder that replaces the severity's own while any of its conditions holds; the first that holds is taken.

    Made for triggers, kinds, identity criticality and blast radius (S3-10 to S3-12).
    """

    id: str
    any_of: Annotated[tuple[When, ...], Field(min_length=1)]
    ladder: Ladder


class Engagement(Model):
    """A role that a severity calls in, or only informs (``inform_only``). ``any_of``: one condition is enough."""

    role: Role
    any_of: tuple[When, ...] = ()
    inform_only: bool = False


class Approvals(Model):
    """Who must agree: one grant by a holder of each inner tuple (any role of it is enough).

    The role ``assignee`` stands for whoever leads the incident at that moment.
    """

    raise_severity: Needs
    lower_severity: Needs
    owner: Needs
    external_text: Needs
    close: Needs
    remediation: Needs = ()


class SeverityRow(Reviewed):
    """One column of the severity table (S0-18): targets, people, approvals, the stages it must pass.

    ``approval_expires`` is how long a draft or a closing waits for its approvers; a suggestion waits
    ``suggestion_expires``. ``stages`` are those that may not be skipped (S0-31); empty means none.
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
    stages: tuple[Stage, ...] = ()
    engage: tuple[Engagement, ...]
    ladder: Ladder
    special_ladders: tuple[SpecialLadder, ...] = ()
    approvals: Approvals


class DimensionRow(Model):
    """One question of the opening form: what it asks, what each score 0 to 4 means, what unknown counts as."""

    label: str
    question: str
    scores: Annotated[tuple[str, ...], Field(min_length=5, max_length=5)]
    unknown_counts: Score
    only_with_identity: bool = False


class UserBand(Model):
    """From this share (percent) or this many users on, the users dimension scores ``score``; the worse of both counts.

    Anybody at all scores 1, so bands begin at 2.
    """

    score: Annotated[int, Field(ge=2, le=4)]
    percent: Annotated[float, Field(gt=0, le=100)]
    users: Annotated[int, Field(gt=0)] | None = None


class Computation(Model):
    """The knobs of the severity computation: high-water mark, compounding, and how soon a change may ask for anything.

    From ``two_people_from`` on, or worse, nobody decides alone on what they proposed.
    """

    compound_scores: tuple[int, ...] = (2, 3)
    compound_count: Annotated[int, Field(ge=2, le=6)] = 3
    soonest: Span = Span(minutes=10)
    soonest_acknowledgement: Span = Span(minutes=5)
    two_people_from: Level = Field(default=2, validate_default=True)
    user_bands: tuple[UserBand, ...] = ()


class StopCondition(Model):
    """One observable condition of the stop-the-line checklist, and what it does at once (domain section 2.6).

    ``floor`` None keeps the severity as it is. ``suspected_floor`` holds while the condition is suspected, not confirmed;
    only a condition that has one can be suspected. ``engage`` are called in before anybody else. ``private`` opens the
    incident in private; an incident that has its channel already is told to move what is secret. ``owes`` is a task for the
    first of ``engage``, ``says`` is told to the channel, ``refuses_approvals`` stops every approval until it is lifted.
    ``automatic`` names what the bot itself sees that makes it true, at severity ``automatic_from`` or worse: nobody on a
    ladder answered, what must be heard reaches nobody, the audit trail does not verify.
    """

    text: str
    floor: Level | None = None
    suspected_floor: Level | None = None
    engage: tuple[Role, ...] = ()
    private: bool = False
    legal_hold: bool = False
    refuses_approvals: bool = False
    owes: str = ""
    says: str = ""
    automatic: Literal["", "ladder_exhausted", "undeliverable", "audit_broken"] = ""
    automatic_from: Level | None = None


class StopTheLine(Model):
    """The checklist: conditions by id (S-01 ...), who is called in by every one of them, and who may lift one.

    ``owes_within`` is the time for the task of a condition.
    """

    engage: tuple[Role, ...] = ()
    owes_within: Span = Span(minutes=30)
    conditions: Mapping[str, StopCondition] = Field(default_factory=dict)
    lift: Mapping[Level, Needs] = Field(default_factory=dict)
