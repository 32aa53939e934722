"""What the models cannot see: a pack whose parts do not fit together."""

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.incident import Severity, Stage
from bot.domain.policy import Engagement, Policy, SeverityRow, Span, Step
from bot.domain.quorum import ASSIGNEE
from bot.packs.explaining import did_you_mean
from bot.packs.problems import Problem
from bot.packs.reading import Document, Place, Trail
from bot.packs.trial import written

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}|[CG][A-Z0-9]{6,}")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
_PERSON = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[UWS][A-Z0-9]{6,}|@[\w.-]+")
_DELIVERED = ("internal", "customer", "executive")


class _Lint:
    """Collects problems at the places where they stand."""

    def __init__(self, policy: Policy, document: Document) -> None:
        self.policy = policy
        self.document = document
        self.problems: list[Problem] = []

    def refuse(self, path: Trail, found: str, expected: str, hint: str = "") -> None:
        place = self.document.place(path) or Place(file="pack", line=0, column=0)
        self.problems.append(
            Problem(
                file=place.file, line=place.line, column=place.column, field=".".join(map(str, path)),
                found=found, expected=expected, hint=hint,
            )
        )  # fmt: skip

    def role(self, path: Trail, name: str, *, also: Iterable[str] = ()) -> None:
        """The name must be a role of the pack, or one of the words that mean something there."""
        known = [*self.policy.roles, *also]
        if name not in known:
            hint = did_you_mean(name, known)
            self.refuse(path, f"the role {name!r}", "one of " + ", ".join(known), hint)

    def roles(self, path: Trail, names: Iterable[str], *, also: Iterable[str] = ()) -> None:
        """Every name of a list must be a role."""
        for at, name in enumerate(names):
            self.role((*path, at), name, also=also)


def lint(policy: Policy, document: Document) -> list[Problem]:
    """Return what does not fit together: names that lead nowhere, empty ladders, texts that cannot be written."""
    found = _Lint(policy, document)
    _settings(found)
    _severities(found)
    _stages(found)
    _advice(found)
    for name, slot in policy.roster.items():
        found.role(("roster", name), name)
        for part in ("primary", "backup"):
            for at, reference in enumerate(getattr(slot, part)):
                if not _PERSON.fullmatch(reference):
                    expected = "an e-mail address, a Slack user id (U...) or a user group (@handle or S...)"
                    found.refuse(("roster", name, part, at), repr(reference), expected)
    if not found.problems:
        for template, why in written(policy):
            found.problems.append(
                Problem(file=f"templates/{template}.txt.j2", found=why, expected="a text that can be written")
            )
    return found.problems


def _settings(found: _Lint) -> None:
    policy, hours = found.policy, found.policy.support_hours
    if not _PREFIX.fullmatch(policy.channel_prefix):
        found.refuse(
            ("channel_prefix",), repr(policy.channel_prefix), "up to 20 small letters, digits, - and _"
        )
    for name, channel in policy.channels.model_dump().items():
        if not _CHANNEL.fullmatch(channel):
            found.refuse(("channels", name), repr(channel), "a channel name without #, or a channel id")
    try:
        ZoneInfo(hours.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found.refuse(("support_hours", "timezone"), repr(hours.timezone), "a time zone such as Europe/Berlin")
    if hours.opens >= hours.closes:
        found.refuse(
            ("support_hours", "closes"), f"{hours.closes:%H:%M}", f"a time after {hours.opens:%H:%M}"
        )
    if not hours.weekdays:
        found.refuse(("support_hours", "weekdays"), "no day", "at least one of mon to sun")
    _span(found, ("archive_after",), policy.archive_after)


def _severities(found: _Lint) -> None:
    for level in Severity:
        if level not in found.policy.severities:
            found.refuse(("severities",), f"no {level.name}", "all of SEV1 to SEV5")
    for level, row in found.policy.severities.items():
        here: Trail = ("severities", level.name)
        found.role((*here, "lead"), row.lead)
        for name in SeverityRow.model_fields:
            if isinstance(span := getattr(row, name), Span):
                _span(found, (*here, name), span)
        _ladder(found, here, row)
        _engagements(found, here, row.engage, row.lead)
        for name, needs in row.approvals:
            if name == "external_text_also":
                for at, extra in enumerate(needs):
                    found.roles((*here, "approvals", name, at, "roles"), extra.roles)
                continue
            if not needs or not all(needs):
                found.refuse((*here, "approvals", name), "nobody", "at least one role that must agree")
            for at, roles in enumerate(needs):
                found.roles((*here, "approvals", name, at), roles, also=[ASSIGNEE])


def _ladder(found: _Lint, here: Trail, row: SeverityRow) -> None:
    for at, step in enumerate(row.ladder.steps):
        path = (*here, "ladder", "steps", at)
        _step(found, path, step)
        _span(found, (*path, "wait"), step.wait)
    if not row.ladder.steps[0].ask:
        found.refuse(
            (*here, "ladder", "steps", 0), "nobody to ask", "somebody who owes an answer, such as primary"
        )
    if row.ladder.alarm is not None:
        _span(found, (*here, "ladder", "alarm"), row.ladder.alarm)


def _step(found: _Lint, path: Trail, step: Step) -> None:
    if not step.ask and not step.inform:
        found.refuse(path, "a step that asks and informs nobody", "ask or inform with at least one name")
    found.roles((*path, "ask"), step.ask, also=["primary", "backup"])
    found.roles((*path, "inform"), step.inform, also=["primary", "backup"])


def _engagements(found: _Lint, here: Trail, engage: tuple[Engagement, ...], lead: str) -> None:
    for at, engagement in enumerate(engage):
        found.role((*here, "engage", at, "role"), engagement.role)
        if engagement.role == lead and engagement.inform_only:
            found.refuse(
                (*here, "engage", at, "inform_only"), "true", "false: the leading role owes an answer"
            )


def _stages(found: _Lint) -> None:
    policy = found.policy
    if Stage.TRIAGE not in policy.stages:
        found.refuse(("stages",), "no triage", "the stage that every incident begins in")
    for stage, row in policy.stages.items():
        here: Trail = ("stages", stage.value)
        for at, to in enumerate(row.leads_to):
            if to not in policy.stages or to is stage:
                found.refuse((*here, "leads_to", at), repr(to.value), "another stage of this pack")
        for at, text in enumerate(row.texts):
            if text.audience not in _DELIVERED:
                found.refuse(
                    (*here, "texts", at, "audience"), repr(text.audience), "one of " + ", ".join(_DELIVERED)
                )
            if text.audience != "internal" and not text.approve:
                found.refuse(
                    (*here, "texts", at, "approve"),
                    "false",
                    "true: what goes outside is agreed to by a person",
                )
            if text.template not in policy.templates:
                hint = did_you_mean(text.template, list(policy.templates))
                found.refuse(
                    (*here, "texts", at, "template"), repr(text.template),
                    f"the name of a file templates/{text.template}.txt.j2", hint,
                )  # fmt: skip


def _advice(found: _Lint) -> None:
    seen: set[str] = set()
    for at, rule in enumerate(found.policy.advice):
        if rule.id in seen:
            found.refuse(("advice", at, "id"), repr(rule.id), "an id that no other rule has")
        seen.add(rule.id)
        if rule.dimension not in found.policy.dimensions:
            found.refuse(("advice", at, "dimension"), repr(rule.dimension.value), "a dimension of this pack")
        if not all(phrase.strip() for phrase in rule.any_of):
            found.refuse(("advice", at, "any_of"), "an empty phrase", "words that somebody might say")


def _span(found: _Lint, path: Trail, span: Span) -> None:
    if (span.minutes is None) == (span.days is None):
        said = "neither minutes nor days" if span.minutes is None else "both minutes and days"
        found.refuse(path, said, "one of them, such as {minutes: 30} or {days: 1, working: true}")
