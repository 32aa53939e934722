"""What the models cannot see: a pack whose parts do not fit together. One module a topic, each with a ``check``."""

from collections.abc import Callable
from datetime import date

from bot.domain.policy import Policy
from bot.packs.lint import (
    advice,
    age,
    conditions,
    exceptions,
    holidays,
    kinds,
    ladders,
    lanes,
    ownership,
    raci,
    rights,
    schedules,
    services,
    settings,
    severities,
    sharing,
    stages,
    stop_the_line,
    thresholds,
    triggers,
)
from bot.packs.lint.found import Found
from bot.packs.problems import Problem
from bot.packs.reading import Document
from bot.packs.trial import written

CHECKS: tuple[Callable[[Found], None], ...] = (
    settings.check,
    holidays.check,
    schedules.check,
    ownership.check,
    severities.check,
    stages.check,
    stop_the_line.check,
    kinds.check,
    conditions.check,
    advice.check,
    lanes.check,
    triggers.check,
    exceptions.check,
    sharing.check,
    raci.check,
    ladders.check,
    services.check,
    thresholds.check,
    rights.check,
    age.check,
)


def lint(policy: Policy, document: Document, today: date | None = None) -> list[Problem]:
    """Return what does not fit together: names that lead nowhere, empty ladders, texts that cannot be written."""
    found = Found(policy, document, today)
    for check in CHECKS:
        check(found)
    if not any(not problem.warning for problem in found.problems):
        for template, why in written(policy):
            found.problems.append(
                Problem(
                    file=f"templates/{template}.txt.j2",
                    found=why,
                    expected="a text that can be written",
                    rule="text",
                )
            )
    return found.problems
