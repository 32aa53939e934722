"""What measurements open by themselves, and at which severity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain import exceptions, expressions, hours, observations
from bot.domain.incident import Incident, Role, Severity
from bot.domain.policy import AutoTrigger, Policy, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What one trigger says about one measurement.

    ``fires`` None means unknown: something it looks at was not measured. ``waiver`` names the exception that pauses it, and
    then it does not open anything. ``rule`` and ``policy_version`` say why, for the record.
    """

    trigger: str
    fires: bool | None
    waiver: str = ""
    severity: Severity
    kind: str
    conditions: tuple[str, ...]
    notify_first: tuple[Role, ...]
    acknowledge: Span | None
    rule: str
    policy_version: str

    @property
    def opens(self) -> bool:
        """Whether an incident is opened: fired, and no exception pauses it."""
        return self.fires is True and not self.waiver


def opening(
    policy: Policy,
    trigger: str,
    observed: Mapping[str, object],
    *,
    on: date,
    service: str = "",
    asset: str = "",
) -> Opening:
    """Say what a trigger would open for what was measured on a day; a paused one counts again once its exception expires.

    Raises `KeyError` for a trigger that the policy does not have.
    """
    row = policy.triggers[trigger]
    condition = expressions.read(row.when, policy.metrics)
    paused = exceptions.pausing(policy, trigger, asset or service, on)
    return Opening(
        trigger=trigger,
        fires=observations.holds(condition, observations.measured(observed, policy.metrics)),
        waiver=paused,
        severity=severity_of(policy, row, service),
        kind=row.kind,
        conditions=row.conditions,
        notify_first=row.notify_first,
        acknowledge=row.acknowledge,
        rule=f"trigger.{trigger}",
        policy_version=policy.version,
    )


def openings(
    policy: Policy, observed: Mapping[str, object], *, on: date, service: str = "", asset: str = ""
) -> tuple[Opening, ...]:
    """Return what the measurements open, worst first; the first one is what to open, the others are further reasons."""
    said = (opening(policy, name, observed, on=on, service=service, asset=asset) for name in policy.triggers)
    return tuple(sorted((one for one in said if one.opens), key=lambda one: one.severity))


def severity_of(policy: Policy, row: AutoTrigger, service: str) -> Severity:
    """Return what a trigger opens for a service: the worse of its two for a service of tier 1."""
    known = policy.services.get(service)
    if row.tier1_opens is None or known is None or known.tier != 1:
        return row.opens
    return min(row.opens, row.tier1_opens)


def acknowledge_span(policy: Policy, incident: Incident) -> Span | None:
    """Return how soon the trigger of an incident wants it acknowledged; None where it leaves that to the severity."""
    row = policy.triggers.get(incident.trigger)
    return row.acknowledge if row else None


def lengthens(policy: Policy, override: Span, usual: Span) -> bool:
    """Tell whether an override may make somebody wait longer than usual, at whatever hour it begins."""
    lengths = [hours.length(span, policy.support_hours) for span in (override, usual)]
    return lengths[0] > lengths[1] or (override.working and not usual.working)
