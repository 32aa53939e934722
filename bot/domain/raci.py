"""Who is responsible, accountable, consulted and informed: the RACI of the policy."""

from collections.abc import Mapping

from bot.domain import quorum
from bot.domain.incident import Role, Severity
from bot.domain.policy import Letters, Policy

Cells = Mapping[Role, Letters]


def of(policy: Policy, severity: Severity) -> dict[str, Cells]:
    """Return who does what at a severity, activity by activity, in the order of the pack."""
    return {row.activity: row.cells for row in policy.raci.values() if severity in row.severities}


def accountable(policy: Policy, activity: str, severity: Severity) -> Role | None:
    """Return the one role that answers for an activity; None where the policy does not list it at that severity."""
    cells = of(policy, severity).get(activity, {})
    return next((role for role, letters in cells.items() if is_accountable(letters)), None)


def answering(policy: Policy, severity: Severity) -> str:
    """Return who answers for an incident: whoever does for most of it, then the others with what is theirs.

    Empty where the policy has no RACI for this severity.
    """
    by: dict[Role, list[str]] = {}
    for activity in of(policy, severity):
        if (role := accountable(policy, activity, severity)) is not None:
            by.setdefault(role, []).append(activity)
    if not by:
        return ""
    usual = max(by, key=lambda role: len(by[role]))
    others = [f"{quorum.label(policy, role)} for {', '.join(by[role])}" for role in by if role != usual]
    return "; ".join([quorum.label(policy, usual), *others])


def is_accountable(letters: Letters) -> bool:
    """Tell whether a cell holds the A."""
    return "A" in letters
