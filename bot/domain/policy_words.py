"""What differs between two versions of the policy, key by key, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.incident import Severity
from bot.domain.policy import Policy, Span

LONGEST = 100
ARROW = "→"

# Made from the files, or said beside the changes.
_APART = frozenset({"version"})
_SPAN = frozenset(Span.model_fields)


def changes(old: Policy, new: Policy) -> tuple[str, ...]:
    """Return one line for each key that differs: ``severities.SEV2.acknowledge: 15 minutes → 10 minutes``.

    What is wholly new or gone is one line, however much it holds. The order is that of the pack.
    """
    before, after = (policy.model_dump(mode="json", exclude=set(_APART)) for policy in (old, new))
    return tuple(_between("", before, after))


def short(version: str) -> str:
    """Return a version as people say it: the first twelve characters of its hash."""
    return version[:12]


def _between(path: str, old: Any, new: Any) -> Iterator[str]:
    if _is_group(old) and _is_group(new):
        yield from _keys(path, old, new)
        return
    if _is_rows(old) and _is_rows(new):
        for at in range(max(len(old), len(new))):
            yield from _one(f"{path}[{at}]", old[at : at + 1], new[at : at + 1])
        return
    if old != new:
        yield f"{path}: {_said(old)} {ARROW} {_said(new)}"


def _keys(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    names = list(dict.fromkeys((*old, *new)))
    for name in names:
        below = f"{path}.{_named(path, name)}" if path else name
        yield from _one(below, [old[name]] if name in old else [], [new[name]] if name in new else [])
    kept = [name for name in names if name in old and name in new]
    if kept != [name for name in new if name in old]:
        yield f"{path}: in another order ({', '.join(_named(path, name) for name in new)})"


def _one(path: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    if old and new:
        yield from _between(path, old[0], new[0])
    elif new:
        yield f"{path}: added" + (f" ({_said(new[0])})" if not isinstance(new[0], dict) else "")
    elif old:
        yield f"{path}: removed"


def _named(path: str, key: str) -> str:
    """Name a severity as people write it; in JSON it is a number."""
    if path == "severities" and key.isdecimal() and int(key) in set(Severity):
        return Severity(int(key)).name
    return key


def _is_group(value: Any) -> bool:
    return isinstance(value, dict) and not (value and set(value) <= _SPAN)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _said(value: Any) -> str:
    match value:
        case _ if value in (None, "", [], {}):
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case dict() if set(value) <= _SPAN:
            return _span(value)
        case list():
            said = ", ".join(map(_said, value))
        case dict():
            said = ", ".join(
                f"{key} {_said(inner)}" for key, inner in value.items() if inner not in (None, [], {})
            )
        case str() if "\n" in value:
            return f"a text of {len(value)} characters"
        case _:
            said = str(value)
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"


def _span(value: Mapping[str, Any]) -> str:
    number, unit = (value["days"], "day") if value.get("days") else (value.get("minutes"), "minute")
    working = "working " if value.get("working") else ""
    return f"{number} {working}{unit}{'' if number == 1 else 's'}"
