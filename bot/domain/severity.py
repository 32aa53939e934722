"""How bad an incident is, why, and what that asks for by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.domain import conditions, hours, kinds, triggers
from bot.domain.incident import Dimension, Incident, Scores, Severity
from bot.domain.policy import Policy, Span

NO_FLOORS: Mapping[str, Severity] = MappingProxyType({})
WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A severity, the sentence that explains it, and what it was computed from.

    ``scores`` holds every dimension that was asked, with None for unknown; ``unknown`` lists those to be settled.
    """

    severity: Severity
    reason: str
    scores: Scores
    floor: Severity | None
    unknown: tuple[Dimension, ...]


def asked(policy: Policy, scores: Scores, *, also: Iterable[Dimension] = ()) -> dict[Dimension, int | None]:
    """Return a score for every dimension that applies; one that was passed over is unknown, never zero.

    The identity dimensions apply only when at least one of them was answered, or where the incident's kind asks them
    (``also``). Raises `ValueError` for a score outside 0 to 4.
    """
    for dimension, score in scores.items():
        if score is not None and not 0 <= score <= 4:
            raise ValueError(f"{dimension.value} is scored 0 to 4, not {score}")
    wanted = frozenset(also)
    identity = any(row.only_with_identity and d in scores for d, row in policy.dimensions.items())
    return {
        dimension: scores.get(dimension)
        for dimension, row in policy.dimensions.items()
        if identity or dimension in wanted or not row.only_with_identity
    }


def counted(policy: Policy, scores: Scores) -> dict[Dimension, int]:
    """Return what each dimension that was asked counts as: its score, or the policy's reading of unknown."""
    return {
        dimension: policy.dimensions[dimension].unknown_counts if score is None else score
        for dimension, score in scores.items()
    }


def rated(policy: Policy, incident: Incident) -> Computed:
    """Compute the severity of an incident as it stands: its scores, its kind, and the conditions that hold."""
    floors = conditions.floors(policy, incident.conditions)
    also = kinds.dimensions(policy, incident.kind)
    return compute(policy, incident.scores, floor=incident.floor, floors=floors, also=also)


def compute(
    policy: Policy,
    scores: Scores,
    *,
    floor: Severity | None = None,
    floors: Mapping[str, Severity] = NO_FLOORS,
    also: Iterable[Dimension] = (),
) -> Computed:
    """Compute the severity from the worst dimension, compounding and floors, with one sentence why.

    ``floors`` are those of stop-the-line conditions, by id. Raising a score never makes the severity milder. Unknowns alone
    never make SEV1: that takes a floor or known scores.
    """
    applies = asked(policy, scores, also=also)
    count = counted(policy, applies)
    floor = conditions.worst((*floors.values(), *([floor] if floor else [])))
    known = {dimension: score for dimension, score in applies.items() if score is not None}
    unknown = tuple(dimension for dimension, score in applies.items() if score is None)
    level = _level(policy, count)
    capped = level is Severity.SEV1 and _level(policy, known) is not Severity.SEV1
    if capped:
        level = Severity.SEV2
    final = level if floor is None else min(level, floor)
    parts = [f"{final.name} because {_because(policy, count, unknown)}"]
    if capped:
        parts.append("what is unknown cannot make it SEV1 by itself")
    if floor is not None:
        names = [condition for condition, level in floors.items() if level is floor]
        kept = f"a stop-the-line condition keeps it at {floor.name} or worse"
        parts.append(f"floor {floor.name} from {_listed(names)}" if names else kept)
    return Computed(
        severity=final, reason="; ".join(parts) + ".", scores=applies, floor=floor, unknown=unknown
    )


def targets(
    policy: Policy,
    severity: Severity,
    opened_at: datetime,
    *,
    changed_at: datetime | None = None,
    customer_visible: bool = False,
    kind: str = "",
) -> dict[str, datetime]:
    """Return when each target of a severity falls due, counted from the opening.

    Keys: ``acknowledge contain resolve internal_update external_update executive_brief``; a target the severity does
    not have is absent, ``external_update`` also when customers see nothing. For a ``kind`` that runs by the clock nothing
    waits for support hours. After a change at ``changed_at`` nothing is due sooner than the policy's computation allows
    (S3-16).
    """
    row = policy.row(severity)
    spans = {
        "acknowledge": row.acknowledge,
        "contain": row.contain,
        "resolve": row.resolve,
        "internal_update": row.internal_update,
        "external_update": row.external_update if customer_visible else None,
        "executive_brief": row.executive_brief,
    }
    due = {
        name: hours.after(opened_at, kinds.span(policy, kind, severity, span), policy.support_hours)
        for name, span in spans.items()
        if span is not None
    }
    if changed_at is None:
        return due
    return {
        name: max(at, soonest(policy, changed_at, acknowledgement=name == "acknowledge"))
        for name, at in due.items()
    }


def targets_of(
    policy: Policy, incident: Incident, *, changed_at: datetime | None = None
) -> dict[str, datetime]:
    """Return when each target of an incident falls due as it is now; its trigger may bring the acknowledgement forward."""
    due = targets(
        policy,
        incident.severity,
        incident.opened_at,
        changed_at=changed_at,
        customer_visible=incident.customer_visible,
        kind=incident.kind,
    )
    sooner = triggers.acknowledge_span(policy, incident)
    if sooner is None:
        return due
    at = hours.after(incident.opened_at, sooner, policy.support_hours)
    earliest = soonest(policy, changed_at, acknowledgement=True) if changed_at else at
    return {**due, "acknowledge": min(due["acknowledge"], max(at, earliest))}


def soonest(policy: Policy, changed_at: datetime, *, acknowledgement: bool = False) -> datetime:
    """Return the earliest moment for which a change may ask anything, so that nobody is late at once (S3-16)."""
    rules = policy.computation
    span: Span = rules.soonest_acknowledgement if acknowledgement else rules.soonest
    return hours.after(changed_at, span, policy.support_hours)


def _level(policy: Policy, count: Mapping[Dimension, int]) -> Severity:
    worst = max(count.values(), default=0)
    compounds = (
        worst in policy.computation.compound_scores and _ties(count) >= policy.computation.compound_count
    )
    return Severity(max(1, 5 - worst - compounds))


def _ties(count: Mapping[Dimension, int]) -> int:
    return sum(score == max(count.values()) for score in count.values())


def _because(policy: Policy, count: Mapping[Dimension, int], unknown: tuple[Dimension, ...]) -> str:
    worst = max(count.values(), default=0)
    if worst == 0:
        return "nothing is harmed"
    reasons = [
        f"{policy.dimensions[d].label} is unknown and counts as {worst} until it is settled"
        if d in unknown
        else f"{policy.dimensions[d].label} is {worst} ({policy.dimensions[d].scores[worst]})"
        for d, score in count.items()
        if score == worst
    ]
    listed = _listed(reasons)
    if worst in policy.computation.compound_scores and len(reasons) >= policy.computation.compound_count:
        return f"{listed}; {WORDS.get(len(reasons), str(len(reasons)))} at the same score make it one level worse"
    return listed


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
