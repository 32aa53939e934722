"""Observers: what the bot does with a policy (see `observers`)."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.incident import (
    Severity,
)
from bot.domain.policy import Policy
from tests.packs.observers import (
    ANA,
    HERE,
    NOW,
    TODAY,
    drawn,
    incident,
    incidents,
    observer,
    people,
)


@observer
def fetches_calendars(policy: Policy) -> object:
    """Which calendars are fetched."""
    import asyncio
    from unittest.mock import patch

    from bot.engine import feeds

    asked: list[str] = []

    async def fetch(url: str) -> str:
        asked.append(url)
        raise feeds.Unreadable("Nobody is there.")

    class Stored:
        async def read(self, *_: object, **__: object) -> object:
            return policy, {}

        async def run(self, *_: object, **__: object) -> None:
            return None

    with patch.object(feeds, "fetch", fetch):
        asyncio.run(feeds.Feeds(Stored(), lambda: NOW, HERE).refresh())  # type: ignore[arg-type]
    return asked


@observer
def shows_the_matrix(policy: Policy) -> object:
    """The matrix on one page, in Slack."""
    from blocks import matrix

    return [drawn(draw(policy)) for draw in (matrix.draw, matrix.draw_lanes, matrix.draw_raci)]


@observer
def shows_an_incident(policy: Policy) -> object:
    """What is shown of an incident besides its card: how it is handled, its service, its conditions, why this severe."""
    from blocks import procedure, service, severity, stopline

    at = people(policy)
    found: list[object] = []
    for one in incidents(policy):
        found += [drawn(procedure.draw(one, (), policy)), drawn(severity.draw(one, (), policy))]
        found += [service.lines(one, policy, at), stopline.lines(one, policy)]
    return found


@observer
def shows_what_to_tick(policy: Policy) -> object:
    """The forms of the stop-the-line checklist and of leaving a stage."""
    from blocks.forms import checklist, gate

    found: list[object] = []
    for level in (Severity.SEV1, Severity.SEV3, Severity.SEV5):
        for kind in ("", *list(policy.kinds)[:2]):
            one = incident(policy, level, kind=kind)
            found += [gate.draw(replace(one, stage=stage), (), policy) for stage in policy.stages]
    for name in policy.stop_the_line.conditions:
        said = {"by": ANA, "at": NOW.isoformat(), "suspected": False}
        one = incident(policy, Severity.SEV2, conditions={name: said})
        found += [checklist.draw(one, policy), checklist.draw_lift(one, policy)]
    return found


@observer
def shows_who_is_on_call(policy: Policy) -> object:
    """Who is on call, as `/incident oncall` shows it."""
    from blocks import oncall

    at = people(policy)
    found: list[object] = [drawn(oncall.draw(policy, at, (), (), ANA, NOW))]
    for role in policy.roster:
        found.append(drawn(oncall.draw_role(policy, at, role, (), (), ANA, NOW)))
    return found


@observer
def shows_forms(policy: Policy) -> object:
    """The forms that ask: opening, severity, settling, closing."""
    from blocks.forms import open as open_form
    from blocks.forms import settle as settle_form
    from blocks.forms import severity as severity_form

    one = incident(policy, Severity.SEV2)
    unknown = replace(one, scores=dict.fromkeys(policy.dimensions))
    answers = open_form.Answers(scores={})
    outcome = open_form.Outcome(severity=one.severity, computed=one.severity, reason="", targets={})
    opening = open_form.draw(answers, policy, outcome, now=NOW, carried={})
    return [opening, severity_form.draw(one, policy), settle_form.draw(unknown, policy)]


@observer
def is_checked(policy: Policy) -> object:
    """What the check of a pack says of what is old or does not fit; for keys whose whole point is to be checked."""
    from bot.packs.lint import lint
    from bot.packs.reading import Document

    days = (TODAY, TODAY + timedelta(days=90), TODAY + timedelta(days=400))
    return [str(problem) for today in days for problem in lint(policy, Document(), today)]
