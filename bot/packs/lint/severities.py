"""The severity table: every level, its roles, spans, ladder and approvals."""

from bot.domain.incident import Role, Severity
from bot.domain.policy import Engagement, Ladder, SeverityRow, Span, Step
from bot.domain.quorum import ASSIGNEE, SERVICE_OWNER
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse a table with a level missing, unknown roles, a ladder that asks nobody, approvals by nobody."""
    for level in Severity:
        if level not in found.policy.severities:
            found.refuse(("severities",), f"no {level.name}", "all of SEV1 to SEV5")
    for level, row in found.policy.severities.items():
        here: Trail = ("severities", level.name)
        found.role((*here, "lead"), row.lead)
        for name in SeverityRow.model_fields:
            if isinstance(span := getattr(row, name), Span):
                found.span((*here, name), span)
        _ladder(found, (*here, "ladder"), row.ladder)
        for at, special in enumerate(row.special_ladders):
            _ladder(found, (*here, "special_ladders", at, "ladder"), special.ladder)
        _engagements(found, here, row.engage, row.lead)
        for name, needs in row.approvals:
            if not needs or not all(needs):
                found.refuse((*here, "approvals", name), "nobody", "at least one role that must agree")
            for at, roles in enumerate(needs):
                found.roles((*here, "approvals", name, at), roles, also=[ASSIGNEE, SERVICE_OWNER])
                _not_alone(found, (*here, "approvals", name, at), roles)


def _ladder(found: Found, here: Trail, ladder: Ladder) -> None:
    for at, step in enumerate(ladder.steps):
        path = (*here, "steps", at)
        _step(found, path, step)
        found.span((*path, "wait"), step.wait)
    if not ladder.steps[0].ask:
        found.refuse((*here, "steps", 0), "nobody to ask", "somebody who owes an answer, such as primary")
    if ladder.alarm is not None:
        found.span((*here, "alarm"), ladder.alarm)


def _step(found: Found, path: Trail, step: Step) -> None:
    if not step.ask and not step.inform:
        found.refuse(path, "a step that asks and informs nobody", "ask or inform with at least one name")
    found.roles((*path, "ask"), step.ask, also=["primary", "backup", SERVICE_OWNER])
    found.roles((*path, "inform"), step.inform, also=["primary", "backup", SERVICE_OWNER])


def _engagements(found: Found, here: Trail, engage: tuple[Engagement, ...], lead: str) -> None:
    for at, engagement in enumerate(engage):
        found.role((*here, "engage", at, "role"), engagement.role, also=[SERVICE_OWNER])
        if engagement.role == lead and engagement.inform_only:
            found.refuse(
                (*here, "engage", at, "inform_only"), "true", "false: the leading role owes an answer"
            )


def _not_alone(found: Found, here: Trail, roles: tuple[Role, ...]) -> None:
    """An incident may be about no service: then somebody else must be able to agree."""
    if set(roles) == {SERVICE_OWNER}:
        expected = "another role beside it: an incident may be about no service"
        found.refuse(here, f"{SERVICE_OWNER} alone", expected, f"[{SERVICE_OWNER}, {found.policy.owner}]")
