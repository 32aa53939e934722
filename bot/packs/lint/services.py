"""Services and teams: whose they are, and runbooks that people can open and trust."""

from datetime import date

from bot.domain.policy import Runbook
from bot.domain.quorum import SERVICE_OWNER
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse owners and teams that do not exist and links that are none; warn of runbooks that nobody looks after."""
    policy = found.policy
    if SERVICE_OWNER in policy.roles:
        expected = "another name: this word stands for whichever role owns the service of an incident"
        found.refuse(("roles", SERVICE_OWNER), f"the role {SERVICE_OWNER!r}", expected, rule="role")
    for name, service in policy.services.items():
        here: Trail = ("services", name)
        found.role((*here, "owner"), service.owner)
        if service.team and service.team not in policy.teams:
            hint = did_you_mean(service.team, list(policy.teams))
            known = ", ".join(policy.teams) or "none"
            found.refuse((*here, "team"), repr(service.team), f"a team of this pack: {known}", hint)
        if service.runbook is None:
            expected = "a runbook: {url: https://..., reviewed_on: 2026-10-01}"
            found.warn(here, "no runbook", expected, rule="runbook")
        else:
            _runbook(found, (*here, "runbook"), service.runbook)
    for name, team in policy.teams.items():
        found.role(("teams", name, "role"), team.role)


def _runbook(found: Found, here: Trail, runbook: Runbook) -> None:
    if not runbook.url.startswith(("https://", "http://")):
        found.refuse(
            (*here, "url"), repr(runbook.url), "a link, such as https://runbooks.acme.example/search"
        )
    for name, on in (("reviewed_on", runbook.reviewed_on), ("exercised_on", runbook.exercised_on)):
        _future(found, (*here, name), on)
    if runbook.plan_b is not None:
        _future(found, (*here, "plan_b", "tested_on"), runbook.plan_b.tested_on)


def _future(found: Found, path: Trail, on: date | None) -> None:
    if on is not None and found.today is not None and on > found.today:
        expected = "the day on which it was done"
        found.warn(path, f"{on:%Y-%m-%d}, which is still to come", expected, rule="runbook")
