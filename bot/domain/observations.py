"""What was measured, and conditions over it.

A value that was not measured is unknown, never a no: what hangs on it neither holds nor fails.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from bot.domain.policy import Metric

Value = Decimal | timedelta | str | bool
Type = Literal["number", "yes_no", "text", "duration"]

SPAN = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes-or-no metric that must be yes."""

    metric: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric against a value or another metric."""

    metric: str
    sign: str
    value: Value | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A metric that must be one of some values."""

    metric: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a part."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Both parts must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part is enough."""

    parts: tuple["Condition", ...]


Condition = Yes | Compared | OneOf | Not | All | Either


def holds(condition: Condition, values: Mapping[str, Value]) -> bool | None:
    """Tell whether a condition holds; None when that hangs on a value that was not measured."""
    match condition:
        case Yes(metric):
            return None if metric not in values else values[metric] is True
        case Compared(metric, sign, value, other):
            left, right = values.get(metric), values.get(other) if other else value
            return None if left is None or right is None else _compare(left, sign, right)
        case OneOf(metric, among):
            return None if metric not in values else values[metric] in among
        case Not(part):
            known = holds(part, values)
            return None if known is None else not known
        case All(parts):
            found = {holds(part, values) for part in parts}
            return False if False in found else None if None in found else True
        case Either(parts):
            found = {holds(part, values) for part in parts}
            return True if True in found else None if None in found else False


def measured(observed: Mapping[str, object], metrics: Mapping[str, Metric]) -> dict[str, Value]:
    """Return the observations that are values of a metric's type; whatever is not counts as not measured."""
    pairs = (
        (name, value_of(observed[name], metric.type)) for name, metric in metrics.items() if name in observed
    )
    return {name: value for name, value in pairs if value is not None}


def value_of(given: object, type: Type) -> Value | None:
    """Return a value as its metric's type, or None: durations are written ``90s 10m 2h 30d``, numbers may be text."""
    if type == "yes_no":
        return given if isinstance(given, bool) else None
    if type == "text":
        return given if isinstance(given, str) else None
    if type == "duration":
        if isinstance(given, timedelta):
            return given
        written = SPAN.fullmatch(given) if isinstance(given, str) else None
        return span(written.group()) if written else None
    if isinstance(given, bool) or not isinstance(given, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def parts_of(condition: Condition) -> Iterator[Yes | Compared | OneOf]:
    """Yield the single comparisons of a condition."""
    match condition:
        case Not(part):
            yield from parts_of(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from parts_of(part)
        case _:
            yield condition


def metrics_of(condition: Condition) -> frozenset[str]:
    """Return the metrics that a condition looks at."""
    found = {part.metric for part in parts_of(condition)}
    return frozenset(found | {p.other for p in parts_of(condition) if isinstance(p, Compared) and p.other})


def _compare(left: Value, sign: str, right: Value) -> bool | None:
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _ordered(left < right, left == right, sign)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _ordered(left < right, left == right, sign)
    return None


def _ordered(less: bool, same: bool, sign: str) -> bool:
    return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less}[sign]


def span(text: str) -> timedelta:
    """Return the time that a word such as ``10m`` means."""
    return timedelta(seconds=int(text[:-1]) * _SECONDS[text[-1]])
