"""Whether two trigger conditions can hold for the same measured value: then two lanes, or two cards, answer one thing."""

from collections.abc import Iterable
from itertools import product

from bot.domain.observations import All, Compared, Condition, Either, Not, OneOf, Value, Yes

# Beyond this many ways in which a condition can come true it is left alone.
MOST = 32
_CONTRARY = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}

Part = Yes | Compared | OneOf | Not
Way = tuple[Part, ...]


def overlap(one: Condition, other: Condition) -> str:
    """Return a metric that both conditions look at in ranges that meet; empty where they never hold for the same case."""
    ways = list(product(_ways(one), _ways(other)))
    if len(ways) > MOST:
        return ""
    for left, right in ways:
        shared = {_metric(part) for part in left} & {_metric(part) for part in right}
        if shared and not any(_contradict(a, b) for a in left for b in right if _metric(a) == _metric(b)):
            return min(shared)
    return ""


def _ways(condition: Condition, no: bool = False) -> list[Way]:
    """Return the ways in which a condition can come true, each as the single parts that must hold."""
    match condition:
        case Not(part):
            return _ways(part, not no)
        case All(parts) | Either(parts):
            each = [_ways(part, no) for part in parts]
            if isinstance(condition, Either) is not no:
                return [way for ways in each for way in ways]
            return [tuple(part for way in chosen for part in way) for chosen in product(*each)]
        case Compared(metric, sign, value, other) if no:
            return [(Compared(metric, _CONTRARY[sign], value, other),)]
        case _:
            return [(Not(condition),)] if no else [(condition,)]


def _metric(part: Part) -> str:
    inner = part.part if isinstance(part, Not) else part
    return inner.metric if isinstance(inner, Yes | Compared | OneOf) else ""


def _contradict(one: Part, other: Part) -> bool:
    for part, against in ((one, other), (other, one)):
        if (values := _values(part)) is not None:
            return not any(_allows(against, value) for value in values)
    if isinstance(one, Compared) and isinstance(other, Compared):
        return _apart(one, other)
    return False


def _values(part: Part) -> Iterable[Value] | None:
    match part:
        case Yes():
            return (True,)
        case Not(Yes()):
            return (False,)
        case OneOf(_, values):
            return values
        case Compared(_, "==", value) if value is not None:
            return (value,)
    return None


def _allows(part: Part, value: Value) -> bool:
    match part:
        case Yes():
            return value is True
        case OneOf(_, values):
            return value in values
        case Not(inner) if isinstance(inner, Yes | OneOf | Compared):
            return not _allows(inner, value)
        case Compared(_, sign, limit) if limit is not None:
            return _meets(value, sign, limit)
    return True


def _meets(value: Value, sign: str, limit: Value) -> bool:
    if sign in ("==", "!="):
        return (value == limit) is (sign == "==")
    below, same = value < limit, value == limit  # type: ignore[operator]  # both are values of one metric's type
    return {"<": below, "<=": below or same, ">": not (below or same), ">=": not below}[sign]


def _apart(one: Compared, other: Compared) -> bool:
    low, high = (one, other) if one.sign in (">", ">=") else (other, one)
    if low.value is None or high.value is None or low.sign not in (">", ">=") or high.sign not in ("<", "<="):
        return False
    touching = low.sign == ">=" and high.sign == "<="
    return _meets(low.value, ">", high.value) or (low.value == high.value and not touching)
