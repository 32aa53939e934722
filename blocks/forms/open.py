"""The form that opens an incident: it asks what severity is computed from and shows what would follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, words
from blocks.forms import fields, score
from bot.domain.incident import Dimension, Severity
from bot.domain.policy import Policy

YES, NO = "yes", "no"
SHOWN_TARGETS = ("acknowledge", "contain", "resolve", "internal_update")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What has been filled in so far. A dimension that is absent is unanswered and counts as unknown."""

    title: str = ""
    summary: str = ""
    scores: Mapping[Dimension, int | None]
    identity_attached: bool = False
    customer_visible: bool = False
    private: bool = False
    drill: bool = False
    raise_to: Severity | None = None
    severity_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What opening it now would mean: the severity, what is computed and why, and the targets as moments."""

    severity: Severity
    computed: Severity
    reason: str
    targets: Mapping[str, datetime]


def draw(
    answers: Answers, policy: Policy, outcome: Outcome, *, now: datetime, carried: Mapping[str, Any]
) -> dict[str, Any]:
    """Draw the form as filled in so far, with what would follow at its end."""
    blocks: list[Block] = [
        fields.text(ids.TITLE, "What is wrong?", initial=answers.title, placeholder="Checkout is down"),
        fields.text(
            ids.SUMMARY, "What do you know so far?", initial=answers.summary, lines=True, optional=True
        ),
        *_questions(policy, answers, with_identity=False),
        fields.choice(
            ids.IDENTITY_ATTACHED,
            "Is an account, key or token involved?",
            [(NO, "No", ""), (YES, "Yes", "Asks two more questions")],
            initial=YES if answers.identity_attached else NO,
            action_id=f"{ids.COMPUTE_PREFIX}{ids.IDENTITY_ATTACHED}",
            at_once=True,
        ),
        *(_questions(policy, answers, with_identity=True) if answers.identity_attached else ()),
        fields.ticks(
            ids.FLAGS,
            "Which of these hold?",
            [
                (ids.CUSTOMER_VISIBLE, "Customers can see it", "Customer updates are due too"),
                (ids.PRIVATE, "Keep it private", "Only people called in see the title"),
                (ids.DRILL, "This is a drill", "Everything is marked as a drill"),
            ],
            initial=_ticked(answers),
            action_id=f"{ids.COMPUTE_PREFIX}{ids.FLAGS}",
            at_once=True,
        ),
        *_raise(answers, outcome, policy),
        kit.divider(),
        kit.section(_follows(outcome, policy, now), block_id="outcome"),
    ]
    return fields.form(ids.OPEN_FORM, "Open an incident", blocks, submit="Open", carried=carried)


def _questions(policy: Policy, answers: Answers, *, with_identity: bool) -> list[Block]:
    """Return the questions that always apply, or those that apply only where an identity is involved."""
    rows = [(d, policy.dimensions[d]) for d in Dimension if d in policy.dimensions]
    return [
        score.question(
            d, row, answers.scores.get(d), action_id=f"{ids.COMPUTE_PREFIX}{d.value}", at_once=True
        )
        for d, row in rows
        if row.only_with_identity is with_identity
    ]


def _raise(answers: Answers, outcome: Outcome, policy: Policy) -> list[Block]:
    """Offer to raise above what was computed; a reason is asked once a level is chosen."""
    computed = ("", "As computed", "")
    worse = [
        (str(int(level)), f"{level.name} · {policy.row(level).label}", policy.row(level).meaning)
        for level in Severity
        if level in policy.severities and level < outcome.computed
    ]
    raised = answers.raise_to if answers.raise_to and answers.raise_to < outcome.computed else None
    chosen = str(int(raised)) if raised else "computed"
    asked: list[Block] = [
        fields.choice(
            ids.RAISE_TO,
            "Do you know that it is worse?",
            [("computed", *computed[1:]), *worse],
            initial=chosen,
            action_id=f"{ids.COMPUTE_PREFIX}{ids.RAISE_TO}",
            at_once=True,
        )
    ]
    if raised is not None:
        asked.append(fields.text(ids.SEVERITY_REASON, "Why is it worse?", initial=answers.severity_reason))
    return asked


def _follows(outcome: Outcome, policy: Policy, now: datetime) -> str:
    targets = [
        f"{words.TARGETS[key]} {kit.when(outcome.targets[key], now)}"
        for key in SHOWN_TARGETS
        if key in outcome.targets
    ]
    row = policy.row(outcome.severity)
    level = f"*{words.severity(policy, outcome.severity)}* · {kit.outside(row.meaning, 300)}"
    why = kit.outside(outcome.reason, 1000)
    if outcome.severity is not outcome.computed:
        why = f"You raise it; the answers alone make it {why}"
    return "\n".join([level, why, " · ".join(targets)])


def _ticked(answers: Answers) -> list[str]:
    flags = {
        ids.CUSTOMER_VISIBLE: answers.customer_visible,
        ids.PRIVATE: answers.private,
        ids.DRILL: answers.drill,
    }
    return [flag for flag, holds in flags.items() if holds]
