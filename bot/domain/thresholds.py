"""Numbers that, once crossed, bring an incident before a named decision-maker (S1-07)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain import hours, progress, quorum
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import Incident, Role, UserId
from bot.domain.policy import Policy, Threshold
from bot.domain.roles import Directory


def timers(incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """Return the timer of the next threshold that time alone will cross; at most one, and none once closed."""
    if incident.is_closed:
        return ()
    moments = [at for _, _, at in _by_time(incident, policy)]
    return (
        (Timer(kind=TimerKind.THRESHOLD, incident_id=incident.id, at=max(min(moments), now)),)
        if moments
        else ()
    )


def fell_due(incident: Incident, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Cross every threshold of age and dwell whose time has come, and watch for the next. Safe late and repeated."""
    decision = Decision(incident=incident)
    if incident.is_closed:
        return decision
    for name, threshold, at in _by_time(incident, policy):
        if at <= now:
            late = hours.late_seconds(now - at)
            said = {"since": _mark(incident, threshold), "value": _minutes(incident, threshold, now)}
            decision = decision.then(
                _cross(decision.incident, name, threshold, policy, directory, now, late_seconds=late, **said)
            )
    after = decision.incident
    return decision.then(Decision(incident=after, timers=timers(after, policy, now)))


def scored(incident: Incident, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Cross every threshold of impact that the incident's scores reach; each is said once."""
    decision = Decision(incident=incident)
    for name, threshold in policy.thresholds.items():
        is_news = _applies(incident, threshold) and not progress.has(incident, progress.threshold(name))
        if threshold.dimension is not None and is_news and _is_reached(incident, threshold):
            value = incident.scores[threshold.dimension]
            crossed = _cross(decision.incident, name, threshold, policy, directory, now, value=value)
            decision = decision.then(crossed)
    return decision


def repeated(
    incident: Incident, earlier: Sequence[Incident], policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Cross every threshold of repetition: ``earlier`` are other incidents of the same fingerprint."""
    decision = Decision(incident=incident)
    for name, threshold in policy.thresholds.items():
        if threshold.measure != "repeats" or not _applies(incident, threshold):
            continue
        alike = of_window(incident, earlier, threshold)
        if threshold.count is not None and len(alike) + 1 >= threshold.count:
            said = {"value": len(alike) + 1, "earlier": [other.key for other in alike]}
            decision = decision.then(
                _cross(decision.incident, name, threshold, policy, directory, now, **said)
            )
    return decision


def standing(incident: Incident, policy: Policy) -> tuple[tuple[str, Threshold], ...]:
    """Return, by name, what was crossed without any time having passed and is still so: repetition and impact."""
    return tuple(
        (name, threshold)
        for name, threshold in policy.thresholds.items()
        if threshold.span is None
        and progress.has(incident, progress.threshold(name))
        and (threshold.dimension is None or _is_reached(incident, threshold))
    )


def deciders(
    incident: Incident, threshold: Threshold, policy: Policy, directory: Directory
) -> tuple[UserId, ...]:
    """Return who decides when a threshold is crossed; where its role has nobody, whoever leads."""
    return quorum.asked_for(policy, directory, incident, (Role(threshold.owner),)) or incident.leads


def of_window(incident: Incident, earlier: Sequence[Incident], threshold: Threshold) -> list[Incident]:
    """Return the earlier incidents that a threshold of repetition counts."""
    days = threshold.within_days or 0
    return [
        other
        for other in earlier
        if other.id != incident.id and 0 <= (incident.opened_at - other.opened_at).days < days
    ]


def _by_time(incident: Incident, policy: Policy) -> Iterator[tuple[str, Threshold, datetime]]:
    """Yield what time will cross and has not crossed yet: its name, itself, and when."""
    for name, threshold in policy.thresholds.items():
        if threshold.span is None or not _applies(incident, threshold):
            continue
        begins = _begins(incident, threshold)
        kept = incident.ticked.get(progress.threshold(name), {})
        if begins is not None and kept.get("since") != _mark(incident, threshold):
            yield name, threshold, hours.after(begins, threshold.span, policy.support_hours)


def _begins(incident: Incident, threshold: Threshold) -> datetime | None:
    if threshold.measure == "age":
        return incident.opened_at
    return incident.stage_since if threshold.measure == "stage_dwell" else None


def _mark(incident: Incident, threshold: Threshold) -> str:
    """Return what tells one stay in a stage from another; an age is counted once in each life of the incident."""
    if threshold.measure == "age":
        return f"life {incident.reopened}"
    return f"{incident.stage} {incident.stage_since.isoformat() if incident.stage_since else ''}"


def _minutes(incident: Incident, threshold: Threshold, now: datetime) -> int:
    return int((now - (_begins(incident, threshold) or now)).total_seconds() // 60)


def _applies(incident: Incident, threshold: Threshold) -> bool:
    if incident.severity not in threshold.severities:
        return False
    return not threshold.stages or incident.stage in threshold.stages


def _is_reached(incident: Incident, threshold: Threshold) -> bool:
    dimension, count = threshold.dimension, threshold.count
    if threshold.measure != "impact" or dimension is None or count is None:
        return False
    return quorum.reaches(incident, dimension, count)


def _cross(
    incident: Incident,
    name: str,
    threshold: Threshold,
    policy: Policy,
    directory: Directory,
    now: datetime,
    **said: object,
) -> Decision:
    owner, people = Role(threshold.owner), deciders(incident, threshold, policy, directory)
    marked = progress.kept(incident, now, progress.threshold(name), since=said.get("since", ""))
    data = {"threshold": name, "measure": threshold.measure, "owner": owner, "told": list(people), **said}
    text = {
        "line": "threshold_crossed",
        "threshold": name,
        "says": threshold.says,
        "owner": owner,
        "users": list(people),
        "text": threshold.says,
    }
    distinct = f"{incident.id}/threshold/{name}/{now:%Y%m%dT%H%M%S}"
    # A channel that is still to be made begins with the card, which says it.
    on_card = incident.channel_id is None and threshold.span is None
    return Decision(
        incident=marked,
        facts=(Fact(kind="threshold.crossed", data=data, rule=f"threshold.{name}"),),
        notices=tuple(
            Notice(kind=NoticeKind.LINE, to=to, key=f"{distinct}/{to}", data=text)
            for to in (*(() if on_card else (INCIDENT,)), *map(direct, people))
        ),
    )
