"""The words in which the shape of Block Kit is written down: small rules that find what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

# A rule gets a value and its JSON pointer, and yields each problem as a readable line.
Rule = Callable[[Any, str], Iterator[str]]


def wrong(what: str, pointer: str) -> str:
    """A problem in the words and the form Slack uses."""
    return f"{what} [json-pointer:{pointer}]"


def string(most: int, *, least: int = 0) -> Rule:
    """A text of at most `most` characters; Slack says the limit as "less than" one more."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", pointer)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", pointer)

    return rule


def matching(pattern: str, what: str, *, most: int) -> Rule:
    """A text of at most `most` characters that follows a pattern from its beginning to its end."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        yield from string(most)(value, pointer)
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            yield wrong(f"must be {what}", pointer)

    return rule


def integer(least: int, most: int) -> Rule:
    """A whole number from `least` to `most`, both included; true and false are none, though Python counts them."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong("must be an integer", pointer)
        elif not least <= value <= most:
            yield wrong(f"must be from {least} to {most}", pointer)

    return rule


def flag(value: Any, pointer: str) -> Iterator[str]:
    """Exactly true or false; 0, 1 and the word "true" are refused."""
    if not isinstance(value, bool):
        yield wrong("must be a boolean", pointer)


def anything(value: Any, pointer: str) -> Iterator[str]:
    """Any value at all: the field may be there, and what it holds is checked elsewhere or nowhere."""
    return iter(())


def one_of(*choices: str) -> Rule:
    """Exactly one of these words, in this spelling."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if value not in choices:
            yield wrong(f"must be one of {', '.join(choices)}", pointer)

    return rule


def each(rule: Rule, *, least: int = 0, most: int = 100) -> Rule:
    """A list of things that all follow one rule."""

    def of_list(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", pointer)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield wrong(f"must have at least {least} item{'s' if least > 1 else ''}", pointer)
        for index, item in enumerate(value):
            yield from rule(item, f"{pointer}/{index}")

    return of_list


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """An object with these fields and no others; `also` are rules about the object as a whole."""
    fields = {**required, **(optional or {})}

    def of_object(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                yield wrong(f"missing required field: {name}", pointer)
        for name, inner in value.items():
            if name not in fields:
                yield wrong(f"invalid additional property: {name}", pointer)
            elif inner is not None:
                yield from fields[name](inner, f"{pointer}/{name}")
        for rule in also:
            yield from rule(value, pointer)

    return of_object


def by_type(kinds: Mapping[str, Rule], *allowed: str) -> Rule:
    """An object whose `type` says which rule it follows; with `allowed`, only those types fit here."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield wrong(f"unsupported type: {kind}", pointer)
        elif allowed and kind not in allowed:
            yield wrong(f"{kind} is not allowed here", pointer)
        else:
            yield from kinds[kind](value, pointer)

    return rule


def only_one(*names: str) -> Rule:
    """Exactly one of these fields is there."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        there = [name for name in names if value.get(name) is not None]
        if len(there) != 1:
            yield wrong(f"exactly one of {', '.join(names)} is required", pointer)

    return rule


def any_of(*names: str) -> Rule:
    """At least one of these fields is there."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if all(value.get(name) is None for name in names):
            yield wrong(f"one of {', '.join(names)} is required", pointer)

    return rule
