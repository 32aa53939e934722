"""What is said again and again until somebody answers: only the latest of it counts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.items import Item

_SAID = "repeats"


def once_more(item: Item) -> tuple[Item, int]:
    """Return an item of which something is said once more, and the number that the notice carries as ``number``."""
    number = int(item.details.get(_SAID, 0)) + 1
    return replace(item, details={**item.details, _SAID: number}), number


def forgotten(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's details without what was said of it so far: it begins anew."""
    return {key: value for key, value in details.items() if key != _SAID}


def is_overtaken(item: Item, data: Mapping[str, Any]) -> bool:
    """Tell whether what a notice carries is no longer the latest; always false for what is said only once."""
    return "number" in data and data["number"] != item.details.get(_SAID, 0)


def times(item: Item) -> int:
    """Return how often it has been said."""
    return int(item.details.get(_SAID, 0))
