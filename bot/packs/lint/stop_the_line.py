"""The stop-the-line checklist: what each condition does, and who may lift it."""

import re

from bot.domain.incident import Severity
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

_ID = re.compile(r"S-\d{2,3}")


def check(found: Found) -> None:
    """Refuse conditions without a consequence, unknown roles, and a checklist that nobody may lift at some severity."""
    line = found.policy.stop_the_line
    if not line.conditions:
        return
    found.roles(("stop_the_line", "engage"), line.engage)
    found.span(("stop_the_line", "owes_within"), line.owes_within)
    for name, of in line.conditions.items():
        here: Trail = ("stop_the_line", "conditions", name)
        if not _ID.fullmatch(name):
            found.refuse(here, repr(name), "an id such as S-03", rule="stop_the_line")
        found.roles((*here, "engage"), of.engage)
        if of.floor is None and not of.automatic:
            found.refuse(
                here,
                "no floor",
                "the severity that it keeps an incident at",
                "floor: SEV2",
                rule="stop_the_line",
            )
        if of.suspected_floor is not None and (of.floor is None or of.suspected_floor <= of.floor):
            expected = "a milder severity than the floor of the confirmed condition"
            found.refuse((*here, "suspected_floor"), of.suspected_floor.name, expected, rule="stop_the_line")
        if of.automatic_from is not None and not of.automatic:
            expected = "automatic: ladder_exhausted beside it, or to be left out"
            found.refuse((*here, "automatic_from"), of.automatic_from.name, expected, rule="stop_the_line")
        if not line.engage and not of.engage:
            expected = "somebody who is called in, here or in stop_the_line.engage"
            found.refuse(here, "nobody", expected, "engage: [incident_manager]", rule="stop_the_line")
    for level in Severity:
        _lift(found, level)


def _lift(found: Found, level: Severity) -> None:
    here: Trail = ("stop_the_line", "lift", level.name)
    needs = found.policy.stop_the_line.lift.get(level, ())
    if not needs or not all(needs):
        example = f"{level.name}: [[incident_manager]]"
        found.refuse(
            here, f"nobody who may lift at {level.name}", "at least one role", example, rule="stop_the_line"
        )
    for at, roles in enumerate(needs):
        found.roles((*here, at), roles)
