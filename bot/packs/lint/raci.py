"""The RACI: exactly one role answers for each activity at each severity."""

from bot.domain import raci
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Refuse rows with two accountable roles or none, unknown roles, or two rows for the same activity and severity."""
    seen: dict[tuple[str, int], str] = {}
    for name, row in found.policy.raci.items():
        here: Trail = ("raci", name)
        for role in row.cells:
            found.role((*here, "cells", role), role)
        accountable = [role for role, letters in row.cells.items() if raci.is_accountable(letters)]
        if len(accountable) != 1:
            said = (
                "nobody accountable"
                if not accountable
                else f"{len(accountable)} accountable roles, {' and '.join(accountable)}"
            )
            found.refuse(
                (*here, "cells"), said, "exactly one A, such as {incident_manager: A, l2: R}", rule="raci"
            )
        if not row.severities:
            found.refuse(
                (*here, "severities"), "no severity", "at least one, such as [SEV1, SEV2]", rule="raci"
            )
        for level in row.severities:
            earlier = seen.setdefault((row.activity, level), name)
            if earlier != name:
                said = f"{row.activity!r} at {level.name} again"
                found.refuse(
                    (*here, "severities"), said, f"it once (it stands in raci.{earlier})", rule="raci"
                )
