"""Settling what was unknown at the opening, and scoring anew when more is known."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import acting, change, chasing, hours, identities, severity, users, watching
from bot.domain.decision import Decision, Fact, TimerKind
from bot.domain.errors import IllegalMove, InvalidInput
from bot.domain.incident import Dimension, Incident, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def owe(incident: Incident, policy: Policy, unknown: Sequence[Dimension], now: datetime) -> Decision:
    """Begin to owe the scores that nobody knew; without any, nothing is owed."""
    if not unknown:
        return Decision(incident=incident)
    row = policy.row(incident.severity)
    item = Item(
        id=ItemId(f"{incident.id}/settle/{incident.reopened}"),
        incident_id=incident.id,
        kind=ItemKind.SETTLE,
        role=row.lead,
        title=_title(policy, unknown),
        holders=incident.leads,
        asked=incident.leads,
        opened_at=now,
        asked_at=now,
        details={"unknown": [dimension.value for dimension in unknown]},
    )
    due = hours.after(now, row.settle_unknown, policy.support_hours)
    owed, timers = chasing.start(item, due, hours.halfway(now, row.settle_unknown, policy.support_hours))
    data = {"unknown": [d.value for d in unknown], "owner": list(incident.leads), "due_at": due.isoformat()}
    fact = Fact(kind="severity.unknown", data=data, item_id=item.id, rule="severity.unknown")
    return Decision(incident=incident, items=(owed,), facts=(fact,), timers=timers)


def rescore(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    scores: Mapping[Dimension, int | None],
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Take new scores: a worse result changes the severity at once, a milder one only shows beside it.

    Lowering needs its approvals (S0-27). The settle task ends once nothing is unknown. Raises `InvalidInput` by
    dimension for a score outside 0 to 4.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first.")
    refuse_impossible(scores)
    given = identities.scored(policy, incident.identity, {**incident.scores, **scores})
    computed = severity.rated(policy, replace(incident, scores=given))
    scored = replace(incident, scores=computed.scores, computed_severity=computed.severity)
    changed = [d for d, score in computed.scores.items() if score != incident.scores.get(d)]
    data = {
        "by": by,
        "severity": int(computed.severity),
        "reason": computed.reason,
        "scores": {dimension.value: score for dimension, score in computed.scores.items()},
        "changed": [dimension.value for dimension in changed],
    }
    decision = Decision(
        incident=scored, facts=(Fact(kind="severity.computed", data=data, rule="severity.compute"),)
    )
    item = next((i for i in items if i.kind is ItemKind.SETTLE and i.is_open), None)
    if item is not None:
        decision = decision.then(_settled(scored, item, policy, computed.unknown, by, now))
    if computed.severity < incident.severity:
        now_items = tuple(({i.id: i for i in items} | {i.id: i for i in decision.items}).values())
        worse = change.change_severity(
            scored, now_items, policy, directory, computed.severity, by=by, reason=computed.reason, now=now
        )
        told = replace(worse.incident, severity_reason=computed.reason)
        return decision.then(replace(worse, incident=told))
    if computed.severity is incident.severity:
        decision = replace(decision, incident=replace(scored, severity_reason=computed.reason))
    known = tuple(({i.id: i for i in items} | {i.id: i for i in decision.items}).values())
    why = ", ".join(f"{policy.dimensions[d].label} is {_said(computed.scores[d])}" for d in changed)
    decision = decision.then(
        change.reached(
            incident, decision.incident, known, policy, directory, now, reason=Reason.RESCORED, why=why
        )
    )
    return decision.then(watching.anew(decision.incident, policy, directory, now))


def with_users(
    policy: Policy, incident: Incident, scores: Mapping[Dimension, int | None], said: str
) -> Mapping[Dimension, int | None]:
    """Return new scores with how many users it is, in words: what was said counts where the choice was left as it was."""
    if not said.strip():
        return scores
    chosen = scores.get(Dimension.USERS)
    if chosen == incident.scores.get(Dimension.USERS):
        chosen = None
    return {**scores, Dimension.USERS: users.worse(policy, chosen, said)}


def _said(score: int | None) -> str:
    return "unknown" if score is None else str(score)


def refuse_impossible(scores: Mapping[Dimension, int | None]) -> None:
    """Raise `InvalidInput` for every score outside 0 to 4, by the dimension's name."""
    problems = {
        dimension.value: f"Please score {dimension.value} from 0 to 4 or choose unknown, for example 2."
        for dimension, score in scores.items()
        if score is not None and not 0 <= score <= 4
    }
    if problems:
        raise InvalidInput(problems)


def fell_due(
    incident: Incident,
    item: Item,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Nag the owner halfway; when it is due tell the owner and the lead, again and again until it is settled."""
    every = policy.row(incident.severity).settle_unknown
    return chasing.fell_due(incident, item, kind, policy, directory, now, every=every, name="settle")


def _settled(
    incident: Incident,
    item: Item,
    policy: Policy,
    unknown: Sequence[Dimension],
    by: UserId,
    now: datetime,
) -> Decision:
    if unknown:
        details = {**item.details, "unknown": [dimension.value for dimension in unknown]}
        return Decision(
            incident=incident, items=(replace(item, title=_title(policy, unknown), details=details),)
        )
    done = replace(item, state=ItemState.DONE, answered_by=by, answered_at=now)
    fact = Fact(kind="severity.settled", data={"by": by}, item_id=item.id, rule="severity.unknown")
    return Decision(incident=incident, items=(done,), facts=(fact,), quiet=(item.id,))


def _title(policy: Policy, unknown: Sequence[Dimension]) -> str:
    return ", ".join(policy.dimensions[dimension].label for dimension in unknown)
