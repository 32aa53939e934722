"""What the kind of an incident asks, whom it tells first, and whether its targets wait for support hours."""

from bot.domain.incident import Dimension, Role, Severity
from bot.domain.policy import Kind, Policy, Question, Span


def of(policy: Policy, kind: str) -> Kind | None:
    """Return the row of a kind; None for an incident that has none."""
    return policy.kinds.get(kind)


def dimensions(policy: Policy, kind: str) -> tuple[Dimension, ...]:
    """Return the questions that this kind is asked besides those that everybody is asked."""
    row = policy.kinds.get(kind)
    return row.asks if row else ()


def asked(policy: Policy, kind: str) -> tuple[Question, ...]:
    """Return what must be collected in an incident of this kind (S1-17)."""
    row = policy.kinds.get(kind)
    return row.collect if row else ()


def first(policy: Policy, kind: str) -> tuple[Role, ...]:
    """Return who hears of an incident of this kind before anybody else (S1-16)."""
    row = policy.kinds.get(kind)
    return row.notify_first if row else ()


def runs_by_clock(policy: Policy, kind: str, severity: Severity) -> bool:
    """Tell whether nothing of such an incident waits for support hours."""
    row = policy.kinds.get(kind)
    return row is not None and row.by_clock_from is not None and severity <= row.by_clock_from


def span(policy: Policy, kind: str, severity: Severity, given: Span) -> Span:
    """Return a span of the severity table as it counts for a kind: in support hours, or by the clock."""
    if not given.working or not runs_by_clock(policy, kind, severity):
        return given
    return given.model_copy(update={"working": False})
