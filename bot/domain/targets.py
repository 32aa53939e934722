"""The contain and resolve targets: once one is missed, the lead and the next level hear of it (S0-29, S3-02)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain import hours, progress, quorum
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind, Timer, TimerKind, direct
from bot.domain.incident import Incident, Role, UserId
from bot.domain.ladder.rungs import ladder_of
from bot.domain.policy import Policy
from bot.domain.roles import Directory

TIMERS: Mapping[TimerKind, str] = MappingProxyType(
    {TimerKind.CONTAIN: "contain", TimerKind.RESOLVE: "resolve"}
)

# What stands in a ladder for the people of the role that is asked; anything else names a role.
_OWN = frozenset({"primary", "backup"})


def timers(incident: Incident, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """Return the timers of the targets that can still be missed; set again, each moves to its present time."""
    return tuple(
        Timer(kind=kind, incident_id=incident.id, at=max(incident.targets[name], now))
        for kind, name in TIMERS.items()
        if name in incident.targets and not is_met(incident, policy, name) and missed(incident, name) is None
    )


def armed(incident: Incident, policy: Policy, now: datetime) -> Decision:
    """Watch the targets as they are now: a new severity has new ones, and may miss them anew."""
    stale = [
        progress.target(name)
        for name in TIMERS.values()
        if missed(incident, name) is not None and incident.targets.get(name, now) > now
    ]
    watched = progress.without(incident, *stale)
    return Decision(incident=watched, timers=timers(watched, policy, now))


def is_met(incident: Incident, policy: Policy, name: str) -> bool:
    """Tell whether a target is met: the incident is in a stage after the one that meets it, or closed."""
    if incident.is_closed:
        return True
    order = list(policy.stages)
    meets = [stage for stage, row in policy.stages.items() if row.meets == name]
    if not meets or incident.stage not in order:
        return False
    return order.index(incident.stage) > order.index(meets[-1])


def missed(incident: Incident, name: str) -> datetime | None:
    """Return when a target was found to be missed, if it was."""
    kept = incident.ticked.get(progress.target(name))
    return datetime.fromisoformat(str(kept["at"])) if kept is not None else None


def fell_due(
    incident: Incident, kind: TimerKind, policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Say once that a target is missed: to the channel, the lead and the next level of the ladder.

    Whoever may raise the severity is asked to reconsider it when the harm is not contained in time. Safe late and
    repeated: a target that is met, moved or missed already says nothing.
    """
    name = TIMERS[kind]
    at = incident.targets.get(name)
    if at is None or now < at or is_met(incident, policy, name) or missed(incident, name) is not None:
        return Decision(incident=incident)
    above = next_level(incident, policy, directory, name)
    asked = reconsider(incident, policy, directory) if name == "contain" else ()
    marked = progress.kept(incident, now, progress.target(name))
    data = {
        "target": name,
        "due_at": at.isoformat(),
        "late_seconds": hours.late_seconds(now - at),
        "severity": int(incident.severity),
        "told": list(dict.fromkeys((*incident.leads, *above, *asked))),
        "reconsider": list(asked),
    }
    return Decision(
        incident=marked,
        facts=(Fact(kind="target.missed", data=data, rule=f"target.{name}"),),
        notices=_said(incident, name, at, above, asked),
    )


def next_level(incident: Incident, policy: Policy, directory: Directory, name: str) -> tuple[UserId, ...]:
    """Return who is above whoever works on it: the next role that the ladder names.

    A missed contain target goes to the first such role, a missed resolve target to the second, where there is one.
    """
    roles = list(
        dict.fromkeys(
            Role(who)
            for step in ladder_of(incident, policy).steps
            for who in (*step.ask, *step.inform)
            if who not in _OWN and who != policy.row(incident.severity).lead
        )
    )
    wanted = roles[:1] if name == "contain" else roles[1:2] or roles[:1]
    return quorum.asked_for(policy, directory, incident, wanted, frozenset(incident.leads))


def reconsider(incident: Incident, policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return who is asked whether it is worse than thought: those who agree to a raise."""
    needs = policy.row(incident.severity).approvals.raise_severity
    found = (user for roles in needs for user in quorum.asked_for(policy, directory, incident, roles))
    return tuple(dict.fromkeys(found))


def _said(
    incident: Incident, name: str, at: datetime, above: tuple[UserId, ...], asked: tuple[UserId, ...]
) -> tuple[Notice, ...]:
    data = {
        "line": "target_missed",
        "target": name,
        "due_at": at.isoformat(),
        "lead": incident.lead,
        "above": list(above),
        "reconsider": list(asked),
        "text": f"{incident.key}: the {name} target is missed.",
    }
    people = dict.fromkeys((*incident.leads, *above, *asked))
    return tuple(
        Notice(
            kind=NoticeKind.LINE,
            to=to,
            key=f"{incident.id}/target/{name}/{at:%Y%m%dT%H%M%S}/{to}",
            data=data,
        )
        for to in (INCIDENT, *map(direct, people))
    )
