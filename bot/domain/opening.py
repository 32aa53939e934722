"""Opening an incident: everything that follows from one submitted form, decided at once."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import acting, ladder, promises, rooms, settle, severity, steps
from bot.domain.decision import Decision, Fact
from bot.domain.errors import InvalidInput
from bot.domain.incident import Incident, IncidentId, Scores, Severity, UserId, Workspace
from bot.domain.items import Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST_TITLE = 150
LONGEST_SUMMARY = 3000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the opening form asked, as it was filled in.

    ``scores`` maps each dimension that was asked to 0..4 or None (unknown). ``severity`` is what the person chose above
    the computed one, with ``severity_reason``; None takes what is computed.
    """

    title: str
    summary: str = ""
    scores: Scores = field(default_factory=dict)
    customer_visible: bool = False
    private: bool = False
    drill: bool = False
    severity: Severity | None = None
    severity_reason: str = ""


def validate(draft: Draft) -> None:
    """Refuse a draft that says nothing or too much; raises `InvalidInput` with every problem at once, by field.

    Fields: ``title summary severity_reason`` and the name of each dimension that has an impossible score.
    """
    problems = {}
    title = _line(draft.title)
    if not any(character.isalnum() for character in title):
        problems["title"] = "Please give it a title, for example: Checkout is down."
    elif len(title) > LONGEST_TITLE:
        problems["title"] = (
            f"The title has {len(title)} characters; please keep it to {LONGEST_TITLE} and put the rest in the summary."
        )
    if len(draft.summary) > LONGEST_SUMMARY:
        problems["summary"] = (
            f"The summary has {len(draft.summary)} characters; please keep it to {LONGEST_SUMMARY}."
        )
    if len(draft.severity_reason) > LONGEST_REASON:
        problems["severity_reason"] = (
            f"The reason has {len(draft.severity_reason)} characters; please keep it to {LONGEST_REASON}."
        )
    try:
        settle.refuse_impossible(draft.scores)
    except InvalidInput as wrong:
        problems |= wrong.problems
    if problems:
        raise InvalidInput(problems)


def open_incident(
    policy: Policy,
    directory: Directory,
    draft: Draft,
    *,
    id: IncidentId,
    number: int,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Decision:
    """Decide a new incident: its severity and targets, who is asked, what is owed, and its channel.

    The people asked get direct messages at once; in the channel the card mentions them. Raises `InvalidInput` for a bad
    draft or a severity milder than the computed one, `NotAllowed` for apps and outsiders.
    """
    acting.require(directory, by)
    validate(draft)
    computed = severity.compute(policy, draft.scores)
    level, why = _chosen(draft, computed)
    incident = Incident(
        id=id,
        workspace=workspace,
        number=number,
        title=_line(draft.title),
        summary=draft.summary.strip(),
        severity=level,
        computed_severity=computed.severity,
        severity_reason=why,
        scores=computed.scores,
        customer_visible=draft.customer_visible,
        private=draft.private,
        drill=draft.drill,
        opened_by=by,
        opened_at=now,
        targets=severity.targets(policy, level, now, customer_visible=draft.customer_visible),
        policy_version=policy.version,
    )
    decision = Decision(incident=incident, facts=_facts(incident, computed, draft))
    decision = decision.then(rooms.wanted(incident))
    decision = decision.then(ladder.engage_all(incident, (), policy, directory, now, reason=Reason.OPENED))
    decision = decision.then(steps.owe_next_step(decision.incident, policy, now))
    decision = decision.then(settle.owe(decision.incident, policy, computed.unknown, now))
    return decision.then(promises.recast(decision.incident, (), policy, directory, now))


def _chosen(draft: Draft, computed: severity.Computed) -> tuple[Severity, str]:
    if draft.severity is None or draft.severity is computed.severity:
        return computed.severity, computed.reason
    if draft.severity > computed.severity:
        raise InvalidInput(
            {
                "severity": f"The answers make this {computed.severity.name}, so it cannot be opened as "
                f"{draft.severity.name}. Open it as {computed.severity.name}; lowering it takes an approval."
            }
        )
    reason = _line(draft.severity_reason)
    if not reason:
        raise InvalidInput(
            {
                "severity_reason": f"Please say why it is {draft.severity.name} although the answers make it "
                f"{computed.severity.name}, for example: a strategic customer is down."
            }
        )
    return draft.severity, f"{draft.severity.name} because {reason}"


def _facts(incident: Incident, computed: severity.Computed, draft: Draft) -> tuple[Fact, ...]:
    opened = {
        "number": incident.number,
        "title": incident.title,
        "severity": int(incident.severity),
        "customer_visible": incident.customer_visible,
        "private": incident.private,
        "drill": incident.drill,
        "targets": {name: at.isoformat() for name, at in incident.targets.items()},
    }
    scored = {
        "severity": int(computed.severity),
        "reason": computed.reason,
        "scores": {dimension.value: score for dimension, score in computed.scores.items()},
        "unknown": [dimension.value for dimension in computed.unknown],
    }
    facts = (
        Fact(kind="incident.opened", data=opened, rule="incident.open"),
        Fact(kind="severity.computed", data=scored, rule="severity.compute"),
    )
    if incident.severity is computed.severity:
        return facts
    raised = {
        "from": int(computed.severity),
        "to": int(incident.severity),
        "by": incident.opened_by,
        "reason": _line(draft.severity_reason),
    }
    return (*facts, Fact(kind="severity.changed", data=raised, rule="severity.override"))


def _line(text: str) -> str:
    return " ".join(text.split())
