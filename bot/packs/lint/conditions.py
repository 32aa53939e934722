"""Conditions on an incident, wherever the severity table has one: what they name must exist."""

from itertools import pairwise

from bot.domain.policy import When
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse special ladders with the same id, and conditions that name what the pack does not have."""
    seen: set[str] = set()
    for level, row in found.policy.severities.items():
        here: Trail = ("severities", level.name)
        for at, engagement in enumerate(row.engage):
            _all(found, (*here, "engage", at, "any_of"), engagement.any_of)
        for at, special in enumerate(row.special_ladders):
            path = (*here, "special_ladders", at)
            if special.id in seen:
                found.refuse((*path, "id"), repr(special.id), "an id that no other ladder has", rule="ladder")
            seen.add(special.id)
            _all(found, (*path, "any_of"), special.any_of)
            if any(when == When() for when in special.any_of):
                expected = "a condition that does not always hold; otherwise change the severity's own ladder"
                found.refuse((*path, "any_of"), "an empty condition", expected, rule="ladder")
    _bands(found)


def _all(found: Found, here: Trail, conditions: tuple[When, ...]) -> None:
    policy = found.policy
    known = {
        "kinds": list(policy.kinds),
        "triggers": list(policy.triggers),
        "conditions": list(policy.stop_the_line.conditions),
        "at_least": [dimension.value for dimension in policy.dimensions],
    }
    for at, when in enumerate(conditions):
        for name, there in known.items():
            for number, value in enumerate(getattr(when, name) or ()):
                if str(value) not in there:
                    expected = "one of " + (", ".join(there) or "none: this pack has no such thing")
                    hint = did_you_mean(str(value), there)
                    path = (*here, at, name) if name == "at_least" else (*here, at, name, number)
                    found.refuse(path, repr(str(value)), expected, hint, rule="ladder")


def _bands(found: Found) -> None:
    bands = found.policy.computation.user_bands
    for at, (before, band) in enumerate(pairwise(bands), start=1):
        here: Trail = ("computation", "user_bands", at)
        if band.score <= before.score or band.percent <= before.percent:
            expected = "a higher score from a higher percentage on than the band before"
            found.refuse(here, f"score {band.score} from {band.percent:g}%", expected, rule="users")
        elif band.users is not None and before.users is not None and band.users <= before.users:
            found.refuse(here, f"{band.users} users", f"more than {before.users} users", rule="users")
