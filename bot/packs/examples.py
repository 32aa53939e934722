"""How a field may be written: what the default pack says there, or in a place like it."""

from collections.abc import Mapping
from typing import Any

from bot.packs.explaining import free_keys
from bot.packs.reading import Trail

LONGEST = 100


def example(path: Trail, values: Mapping[str, Any]) -> str:
    """Return a line of YAML with the field as a good pack has it; nothing where the good pack does not have it.

    In the place of a name that the pack chose itself (a role, a service) any other name will do, in the place of an entry of
    a list any other entry.
    """
    found = _like(values, path, ())
    if found is None:
        return ""
    entry = isinstance(path[-1], int)
    text = ("- " if entry else f"{path[-1]}: ") + written(found)
    return text if len(text) <= LONGEST else ""


def written(value: Any) -> str:
    """Write a plain value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    plain = text and text.strip() == text and not set(text) & set(":#{}[],&*!|>'\"%@`")
    return text if plain or not isinstance(value, str) else '"' + text.replace('"', '\\"') + '"'


def _like(value: Any, path: Trail, here: Trail) -> Any:
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(value, list):
        options = [*value[part : part + 1], *value] if isinstance(part, int) else []
    elif isinstance(value, Mapping):
        options = [value[part]] if part in value else []
        if free_keys(here):
            options += value.values()
    else:
        return None
    return next(
        (found for option in options if (found := _like(option, rest, (*here, part))) is not None), None
    )
