"""Walking a policy key by key: where each key stands in a pack that uses all of them, and what else could stand there."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.domain.policy import Policy, Span
from bot.packs.explaining import plain_kinds
from bot.packs.schema import MADE, models

Key = str  # "Model.field"
Trail = tuple[str | int, ...]
MOST_PLACES, MOST_VARIANTS = 12, 14


def keys() -> list[Key]:
    """Return every key of every model that a pack may hold."""
    return [
        f"{model.__name__}.{name}"
        for model in models(Policy)
        for name in model.model_fields
        if not (model is Policy and name in MADE)
    ]


def dumped(policy: Policy) -> dict[str, Any]:
    return dict(json.loads(policy.model_dump_json()))


def places(policy: Policy) -> dict[Key, list[Trail]]:
    """Return where each key stands; those that say something first."""
    found: dict[Key, list[tuple[bool, Trail]]] = {}

    def walk(value: Any, path: Trail) -> None:
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                inner = getattr(value, name)
                found.setdefault(f"{type(value).__name__}.{name}", []).append((not inner, (*path, name)))
                walk(inner, (*path, name))
        elif isinstance(value, dict) or hasattr(value, "items"):
            for key, inner in value.items():
                walk(inner, (*path, str(getattr(key, "value", key))))
        elif isinstance(value, tuple):
            for at, inner in enumerate(value):
                walk(inner, (*path, at))

    walk(policy, ())
    return {key: [path for _, path in sorted(at, key=lambda one: one[0])] for key, at in found.items()}


def altered(policy: Policy, key: Key) -> Iterator[tuple[Trail, Policy]]:
    """Yield the policy with this key saying something else, one place and one way at a time."""
    model, name = key.split(".")
    annotation = next(m for m in models(Policy) if m.__name__ == model).model_fields[name].annotation
    data = dumped(policy)
    for path in _spread(places(policy).get(key, [])):
        *around, last = path
        parent: Any = data
        for part in around:
            parent = parent[part]
        kept = parent[last]
        tried = 0
        for other in _others(kept, annotation, policy):
            if other == kept or tried >= MOST_VARIANTS:
                continue
            tried += 1
            parent[last] = other
            try:
                yield path, Policy.model_validate(data)
            except ValidationError:
                pass
            finally:
                parent[last] = kept


def _spread(paths: list[Trail]) -> list[Trail]:
    """Return some of many places, from all over the pack."""
    step = max(1, len(paths) // MOST_PLACES)
    return [*paths[:3], *paths[3::step]][: MOST_PLACES + 3]


def _others(value: Any, annotation: Any, policy: Policy) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value * 2, value / 2, value + 3, 1, 0, 4)
    elif isinstance(value, str):
        yield from _words(value, annotation, policy)
    elif isinstance(value, list):
        yield from (value[1:], value[:-1], [])
        if not value:
            yield from ([sample] for sample in _samples(annotation, policy))
            yield from ([[sample]] for sample in _samples(annotation, policy) if isinstance(sample, str))
        for at, inner in enumerate(value[:3]):
            for other in _others(inner, annotation, policy):
                yield [*value[:at], other, *value[at + 1 :]]
    elif isinstance(value, dict) and set(value) == set(Span.model_fields):
        yield from ({"minutes": 7}, {"days": 2, "working": True}, {"days": 3})
    elif isinstance(value, dict):
        for name in list(value)[:4]:
            yield {key: inner for key, inner in value.items() if key != name}
        for name in list(value)[:4]:
            for other in _others(value[name], annotation, policy):
                yield {**value, name: other}
    else:
        yield from _samples(annotation, policy)


def _words(value: str, annotation: Any, policy: Policy) -> Iterator[str]:
    options = [
        option for kind in plain_kinds(annotation) if get_origin(kind) is Literal for option in get_args(kind)
    ]
    if options:
        yield from (option for option in options if option != value)
        return
    try:
        on = date.fromisoformat(value)
        yield from (str(on + timedelta(days=days)) for days in (-400, -7, 1, 400))
        return
    except ValueError:
        pass
    if value[:2].isdigit() and value[2:3] == ":":
        yield from ("03:30:00", "17:15:00", "11:00:00")
        return
    names = [
        tuple(policy.roles), tuple(policy.stages), tuple(policy.kinds), tuple(policy.services),
        tuple(policy.dimensions), tuple(policy.triggers), tuple(policy.stop_the_line.conditions), tuple(policy.teams),
        tuple(policy.schedules), ("primary", "backup"), ("Europe/Berlin", "Europe/Oslo", "UTC", "Asia/Tokyo"), ("DE", "US", "NO"),
        tuple(policy.lanes),
        ("sid@acme.example", "ana@acme.example", "judy@acme.example"),
    ]  # fmt: skip
    for group in names:
        if value in map(str, group):
            yield from (str(other) for other in group if str(other) != value)
    yield f"{value} and more"
    if re.search(r"[<>=]", value):
        yield re.sub(r"\d+(\.\d+)?", lambda number: f"{float(number[0]) * 7 + 1:g}", value)
        yield f"not ({value})"
    if value:
        yield ""
    else:
        yield from (str(other) for group in names for other in group[:3])


def _samples(annotation: Any, policy: Policy) -> Iterator[Any]:
    """Yield what could stand where nothing does."""
    for kind in plain_kinds(annotation):
        if kind is bool:
            yield from (True, False)
        elif kind is int or kind is float:
            yield from (1, 2, 3)
        elif kind is date:
            yield "2026-01-01"
        elif kind is Span:
            yield {"minutes": 1}
        elif get_origin(kind) is Literal:
            yield from get_args(kind)
        elif (isinstance(kind, type) and issubclass(kind, str)) or getattr(
            kind, "__supertype__", None
        ) is str:
            yield from (str(role) for role in list(policy.roles)[:4])
            yield from ("sid@acme.example", "something else", *map(str, policy.stages))
            yield from (*policy.kinds, *policy.triggers, *policy.stop_the_line.conditions)
        elif isinstance(kind, type) and issubclass(kind, int):
            yield from (1, 2, 5)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            path = next((p for p in _instances(policy, kind)), None)
            if path is not None:
                yield path


def _instances(value: Any, kind: type[BaseModel]) -> Iterator[Any]:
    if isinstance(value, kind):
        yield json.loads(value.model_dump_json())
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _instances(getattr(value, name), kind)
    elif hasattr(value, "values"):
        for inner in value.values():
            yield from _instances(inner, kind)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _instances(inner, kind)
