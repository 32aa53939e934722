"""The service that an incident is about: how important it is, whose it is, and how it is put right."""

from datetime import date, datetime, timedelta

from blocks import kit, words
from bot.domain.incident import Incident
from bot.domain.policy import Policy, Runbook, Service
from bot.domain.roles import Directory, holders


def lines(incident: Incident, policy: Policy, directory: Directory) -> list[str]:
    """Return what the card says of the service; nothing where none was named.

    A runbook that nobody has looked at for too long, or never tried out, is marked as of the incident's opening.
    """
    service = policy.services.get(incident.service)
    if service is None:
        return []
    on = incident.opened_at
    return [
        _whose(service, policy, directory),
        *([_runbook(service.runbook, policy, on)] if service.runbook else [":warning: *Runbook*: none"]),
        *([_plan_b(service.runbook, policy, on)] if service.runbook and service.runbook.plan_b else []),
    ]


def _whose(service: Service, policy: Policy, directory: Directory) -> str:
    people = kit.mentions(person.id for person in holders(policy, directory, service.owner))
    parts = [f"*Service*: {kit.outside(service.label, 200)}, tier {service.tier}"]
    parts.append(f"owner {words.role(policy, service.owner)} ({people})")
    if (team := policy.teams.get(service.team)) is not None:
        place = f" in #{kit.escape(team.channel)}" if team.channel else ""
        parts.append(f"team {kit.outside(team.label, 100)} ({words.role(policy, team.role)}){place}")
    if service.repositories:
        parts.append(kit.outside(", ".join(service.repositories), 300))
    return " · ".join(parts)


def _runbook(runbook: Runbook, policy: Policy, on: datetime) -> str:
    link = f"<{kit.escape(runbook.url)}|Runbook>"
    seen = [
        _dated("reviewed", runbook.reviewed_on, policy, on),
        _dated("tried out", runbook.exercised_on, policy, on),
    ]
    return f"*{link}*: {', '.join(seen)}"


def _plan_b(runbook: Runbook, policy: Policy, on: datetime) -> str:
    assert runbook.plan_b is not None, "there is a line for it only then"
    text = kit.outside(runbook.plan_b.text, 300)
    return f"*Plan B*: {text} ({_dated('tested', runbook.plan_b.tested_on, policy, on)})"


def _dated(what: str, done: date | None, policy: Policy, on: datetime) -> str:
    if done is None:
        return f":warning: never {what}"
    stale = on.date() - done > timedelta(days=policy.runbook_stale_days)
    said = f"last {what} {done:%Y-%m-%d}"
    return f":warning: {said}, more than {policy.runbook_stale_days} days ago" if stale else said
