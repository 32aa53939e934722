"""Opening an incident: everything that follows from one submitted form, decided at once."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import (
    acting,
    conditions,
    identities,
    kinds,
    ladder,
    promises,
    rights,
    rooms,
    settle,
    severity,
    steps,
    stop_line,
    users,
    watching,
)
from bot.domain.conditions import Ticks
from bot.domain.decision import Decision, Fact
from bot.domain.errors import InvalidInput
from bot.domain.incident import Dimension, Incident, IncidentId, Scores, Severity, UserId, Workspace
from bot.domain.items import Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST_TITLE = 150
LONGEST_SUMMARY = 3000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the opening form asked, as it was filled in.

    ``scores`` maps each dimension that was asked to 0..4 or None (unknown); ``users_said`` is how many users, in words
    (``20%``, ``1500``). ``kind``, ``service`` and ``trigger`` name rows of the policy; ``identity`` does too, or is whatever was
    typed. ``conditions`` are the stop-the-line conditions that were ticked, by id, with whether they are only suspected.
    ``severity`` is what the person chose above the computed one, with ``severity_reason``; None takes what is computed.
    """

    title: str
    summary: str = ""
    scores: Scores = field(default_factory=dict)
    users_said: str = ""
    kind: str = ""
    service: str = ""
    trigger: str = ""
    identity: str = ""
    conditions: Ticks = field(default_factory=dict)
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
    if len(draft.identity) > identities.LONGEST:
        problems["identity"] = (
            f"That name has {len(draft.identity)} characters; please keep it to {identities.LONGEST}."
        )
    try:
        settle.refuse_impossible(draft.scores)
    except InvalidInput as wrong:
        problems |= wrong.problems
    if problems:
        raise InvalidInput(problems)


def computed(policy: Policy, draft: Draft) -> severity.Computed:
    """Compute what a draft would open: its answers, its kind, what is known of its identity, and what was ticked.

    Raises `InvalidInput` for a number of users that cannot be, a kind or a condition that the policy does not have.
    """
    for field_, name, rows in (
        ("kind", draft.kind, policy.kinds),
        ("service", draft.service, policy.services),
    ):
        if name and name not in rows:
            known = ", ".join(rows) or "none"
            raise InvalidInput(
                {field_: f"There is no {field_} {name[:40]!r}. Please choose one of: {known}."}
            )
    scores = dict(draft.scores)
    if draft.users_said.strip():
        scores[Dimension.USERS] = users.worse(policy, scores.get(Dimension.USERS), draft.users_said)
    ticked = {name: {"suspected": unsure} for name, unsure in _ticked(policy, draft).items()}
    with_identity = [d for d, row in policy.dimensions.items() if row.only_with_identity and draft.identity]
    return severity.compute(
        policy,
        identities.scored(policy, draft.identity, scores),
        floors=conditions.floors(policy, ticked),
        also=(*kinds.dimensions(policy, draft.kind), *with_identity),
    )


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
    rights.require(policy, directory, None, by, "open")
    validate(draft)
    found = computed(policy, draft)
    level, why = _chosen(draft, found)
    ticked = _ticked(policy, draft)
    must_hide = any(policy.stop_the_line.conditions[name].private for name in ticked)
    incident = Incident(
        id=id,
        workspace=workspace,
        number=number,
        title=_line(draft.title),
        summary=draft.summary.strip(),
        severity=level,
        computed_severity=found.severity,
        severity_reason=why,
        scores=found.scores,
        kind=draft.kind,
        service=draft.service or identities.service(policy, draft.identity),
        trigger=draft.trigger,
        identity=draft.identity,
        customer_visible=draft.customer_visible,
        private=draft.private or must_hide,
        drill=draft.drill,
        opened_by=by,
        opened_at=now,
        stage=policy.first_stage,
        stage_since=now,
        policy_version=policy.version,
    )
    incident = replace(incident, targets=severity.targets_of(policy, incident))
    incident, fired = conditions.hold(incident, policy, ticked, by=by, reason="", now=now)
    decision = Decision(incident=incident, facts=(*_facts(incident, found, draft), *fired))
    decision = decision.then(rooms.wanted(incident))
    decision = decision.then(ladder.engage_all(incident, (), policy, directory, now, reason=Reason.OPENED))
    decision = decision.then(steps.owe_next_step(decision.incident, policy, now))
    decision = decision.then(settle.owe(decision.incident, policy, found.unknown, now))
    decision = decision.then(promises.recast(decision.incident, (), policy, directory, now))
    decision = decision.then(stop_line.follows(decision.incident, (), policy, directory, ticked, now))
    return decision.then(watching.anew(decision.incident, policy, directory, now))


def _ticked(policy: Policy, draft: Draft) -> Ticks:
    """Return what was ticked, by the ids of the checklist; raises `InvalidInput` for one that is not on it."""
    for name in draft.conditions:
        conditions.row(policy, name)
    return {conditions.named(name): unsure for name, unsure in draft.conditions.items()}


def _chosen(draft: Draft, found: severity.Computed) -> tuple[Severity, str]:
    if draft.severity is None or draft.severity is found.severity:
        return found.severity, found.reason
    if draft.severity > found.severity:
        raise InvalidInput(
            {
                "severity": f"The answers make this {found.severity.name}, so it cannot be opened as "
                f"{draft.severity.name}. Open it as {found.severity.name}; lowering it takes an approval."
            }
        )
    reason = _line(draft.severity_reason)
    if not reason:
        raise InvalidInput(
            {
                "severity_reason": f"Please say why it is {draft.severity.name} although the answers make it "
                f"{found.severity.name}, for example: a strategic customer is down."
            }
        )
    return draft.severity, f"{draft.severity.name} because {reason}"


def _facts(incident: Incident, found: severity.Computed, draft: Draft) -> tuple[Fact, ...]:
    opened = {
        "number": incident.number,
        "title": incident.title,
        "severity": int(incident.severity),
        "customer_visible": incident.customer_visible,
        "private": incident.private,
        "drill": incident.drill,
        "targets": {name: at.isoformat() for name, at in incident.targets.items()},
    }
    named = {name: getattr(incident, name) for name in ("kind", "service", "trigger", "identity")}
    opened |= {name: value for name, value in named.items() if value}
    scored = {
        "severity": int(found.severity),
        "reason": found.reason,
        "scores": {dimension.value: score for dimension, score in found.scores.items()},
        "unknown": [dimension.value for dimension in found.unknown],
    }
    if draft.users_said.strip():
        scored["users_said"] = draft.users_said.strip()[:40]
    facts = (
        Fact(kind="incident.opened", data=opened, rule="incident.open"),
        Fact(kind="severity.computed", data=scored, rule="severity.compute"),
    )
    if incident.severity is found.severity:
        return facts
    raised = {
        "from": int(found.severity),
        "to": int(incident.severity),
        "by": incident.opened_by,
        "reason": _line(draft.severity_reason),
    }
    return (*facts, Fact(kind="severity.changed", data=raised, rule="severity.override"))


def _line(text: str) -> str:
    return " ".join(text.split())
