"""When a rule of the policy applies, in words. Nothing here is escaped."""

from collections.abc import Iterable

from bot.domain.policy import Policy
from bot.domain.policy.base import When


def any_of(policy: Policy, conditions: Iterable[When]) -> str:
    """Return "when customers see it, or Data at risk is 2 or more"; empty for a rule that always applies."""
    said = [_said(policy, when) for when in conditions]
    return "" if not said or "" in said else "when " + ", or ".join(said)


def _said(policy: Policy, when: When) -> str:
    parts: list[str] = []
    if when.customer_visible is not None:
        parts.append("customers see it" if when.customer_visible else "customers do not see it")
    for name, score in (when.at_least or {}).items():
        row = policy.dimensions.get(name)
        parts.append(f"{row.label if row else name} is {score} or more")
    if when.kinds:
        labels = [policy.kinds[name].label if name in policy.kinds else name for name in when.kinds]
        parts.append(f"it is of the kind {_either(labels)}")
    if when.triggers:
        names = [policy.triggers[name].label if name in policy.triggers else name for name in when.triggers]
        parts.append(f"it was opened by {_either(names)}")
    if when.conditions:
        parts.append(f"{_either(when.conditions)} holds")
    if when.tier is not None:
        parts.append(f"its service is of tier {when.tier}" + (" or more important" if when.tier > 1 else ""))
    if when.unowned_identity is not None:
        parts.append("its identity has no owner" if when.unowned_identity else "its identity has an owner")
    return " and ".join(parts)


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)
