"""The form that opens an incident: it asks what severity is computed from and shows what would follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, words
from blocks.forms import checklist, fields, score, service
from bot.domain import identities, kinds
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
    users_said: str = ""
    kind: str = ""
    service: str = ""
    identity_attached: bool = False
    identity: str = ""
    identity_name: str = ""
    conditions: tuple[str, ...] = ()
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
        *_kind(policy, answers),
        *([service.select(policy, answers.service)] if policy.services else ()),
        *_questions(policy, answers, with_identity=False),
        *_identity(policy, answers),
        *_checklist(policy, answers),
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
    kept = {**carried, "kind": answers.kind or first_kind(policy)}
    return fields.form(ids.OPEN_FORM, "Open an incident", blocks, submit="Open", carried=kept)


def first_kind(policy: Policy) -> str:
    """Return the kind that is chosen until somebody chooses another: the first of the policy; empty without any."""
    return next(iter(policy.kinds), "")


def _kind(policy: Policy, answers: Answers) -> list[Block]:
    choices = [(name, row.label, row.meaning) for name, row in policy.kinds.items()]
    if not choices:
        return []
    return [
        fields.choice(
            ids.KIND,
            "What kind is it?",
            choices,
            initial=answers.kind or first_kind(policy),
            action_id=f"{ids.COMPUTE_PREFIX}{ids.KIND}",
            at_once=True,
        )
    ]


def _identity(policy: Policy, answers: Answers) -> list[Block]:
    """Ask about the identity: always where the kind asks for it, otherwise only once somebody says that one is involved."""
    by_kind = bool(kinds.dimensions(policy, answers.kind or first_kind(policy)))
    asked: list[Block] = []
    if not by_kind:
        asked.append(
            fields.choice(
                ids.IDENTITY_ATTACHED,
                "Is an account, key or token involved?",
                [(NO, "No", ""), (YES, "Yes", "Asks more questions")],
                initial=YES if answers.identity_attached else NO,
                action_id=f"{ids.COMPUTE_PREFIX}{ids.IDENTITY_ATTACHED}",
                at_once=True,
            )
        )
    if not by_kind and not answers.identity_attached:
        return asked
    choices = [(name, row.label, f"Criticality {row.criticality}") for name, row in policy.identities.items()]
    if choices:
        asked.append(
            fields.choice(
                ids.IDENTITY,
                "Which one is it?",
                [*choices, (identities.UNKNOWN, "I do not know", "Identity governance looks for its owner")],
                initial=answers.identity or None,
                optional=True,
                action_id=f"{ids.COMPUTE_PREFIX}{ids.IDENTITY}",
                at_once=True,
            )
        )
    asked.append(
        fields.text(
            ids.IDENTITY_NAME,
            "Its name, if it is not in the list",
            initial=answers.identity_name,
            placeholder="svc-export-7",
            optional=True,
        )
    )
    return [*asked, *_questions(policy, answers, with_identity=True)]


def _checklist(policy: Policy, answers: Answers) -> list[Block]:
    if not policy.stop_the_line.conditions:
        return []
    action = f"{ids.COMPUTE_PREFIX}{ids.CONDITIONS}"
    return [checklist.select(policy, ticked=answers.conditions, action_id=action, at_once=True)]


def _questions(policy: Policy, answers: Answers, *, with_identity: bool) -> list[Block]:
    """Return the questions that always apply, or those that apply only where an identity is involved."""
    rows = [(d, policy.dimensions[d]) for d in Dimension if d in policy.dimensions]
    asked: list[Block] = []
    for d, row in rows:
        if row.only_with_identity is not with_identity:
            continue
        action = f"{ids.COMPUTE_PREFIX}{d.value}"
        asked.append(score.question(d, row, answers.scores.get(d), action_id=action, at_once=True))
        if d is Dimension.USERS:
            asked.append(score.users_said(answers.users_said))
    return asked


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
