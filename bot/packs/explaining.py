"""What pydantic refuses, said for the person who writes the pack."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.domain.policy import Policy
from bot.packs.problems import Problem
from bot.packs.reading import Document, Trail

_EXPECTED = {
    "missing": "a value for it",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "mapping_type": "keys with values",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "time_parsing": 'a time such as "08:00"',
    "time_type": 'a time such as "08:00"',
    "date_from_datetime_parsing": "a date such as 2026-11-26",
    "date_parsing": "a date such as 2026-11-26",
    "date_type": "a date such as 2026-11-26",
}
_BOUNDS = {
    "greater_than": "a number greater than {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number less than {lt}",
    "less_than_equal": "a number of at most {le}",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "enum": "{expected}",
    "literal_error": "{expected}",
}


def explain(document: Document, error: ErrorDetails) -> Problem:
    """Turn one validation error into a problem with its place; an unknown key comes with the nearest known one."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    kind, context = error["type"], error.get("ctx", {})
    place = document.place(path)
    found, expected, hint, rule = _short(error["input"]), "", "", "shape"
    if kind == "extra_forbidden":
        known = known_keys(path[:-1])
        found = f"the unknown key {path[-1]!r}"
        expected = "one of " + ", ".join(known)
        hint, rule = did_you_mean(str(path[-1]), known), "unknown-key"
    elif kind == "missing":
        found, expected, rule = "nothing", "a value for it", "missing"
    elif "[key]" in error["loc"]:
        known = known_keys(path[:-1])
        found, expected = (
            f"the key {path[-1]!r}",
            "one of " + (", ".join(known) or str(context.get("expected", ""))),
        )
        hint, rule = did_you_mean(str(path[-1]), known), "unknown-key"
    elif kind in _BOUNDS:
        expected = _BOUNDS[kind].format(**context)
        if kind in ("enum", "literal_error"):
            options = [
                word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")
            ]
            hint = did_you_mean(str(error["input"]), options)
    else:
        expected = _EXPECTED.get(kind, error["msg"])
    return Problem(
        file=place.file if place else "pack",
        line=place.line if place else 0,
        column=place.column if place else 0,
        field=".".join(map(str, path)),
        found=found,
        expected=expected,
        hint=hint,
        rule=rule,
    )


def did_you_mean(word: str, known: list[str]) -> str:
    """Return a hint with the nearest known word, or nothing when none is near."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def known_keys(path: Trail) -> list[str]:
    """Return which keys the pack may have at a path, by walking the models."""
    kind = _at(path)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return sorted(
            name for name in kind.model_fields if kind is not Policy or name not in ("version", "templates")
        )
    if get_origin(kind) is Mapping:
        keys = _plain(get_args(kind)[0])
        if isinstance(keys, type) and issubclass(keys, Enum):
            return [
                str(member.name) if isinstance(member.value, int) else str(member.value) for member in keys
            ]
    return []


def free_keys(path: Trail) -> bool:
    """Say whether the keys at a path are names that the pack chooses itself, or one of several of a kind."""
    return get_origin(_at(path)) is Mapping


def _at(path: Trail) -> Any:
    kind: Any = Policy
    for part in path:
        kind = _inside(_plain(kind), part)
    return _plain(kind)


def _inside(kind: Any, part: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        info = kind.model_fields.get(str(part))
        return info.annotation if info else None
    arguments = get_args(kind)
    if get_origin(kind) is Mapping:
        return arguments[1]
    if get_origin(kind) is tuple and isinstance(part, int):
        return arguments[0]
    return None


def plain_kinds(kind: Any) -> Iterator[Any]:
    """Yield every kind of value that an annotation is made of: in tuples, mappings and what may be left out."""
    arguments = get_args(kind)
    if get_origin(kind) is Annotated:
        arguments = arguments[:1]
    if not arguments or get_origin(kind) is Literal:
        yield kind
        return
    for inner in arguments:
        if inner not in (type(None), Ellipsis):
            yield from plain_kinds(inner)


def _plain(kind: Any) -> Any:
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(a for a in get_args(kind) if a is not type(None))
    return kind


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
