"""What is said again and again until somebody answers: only the latest of it counts.

Alarms and reminders carry their ``number``. A page or a nag carries the ``turn`` of its item and its ``place``: whose direct
messages, or `CHANNEL`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.incident import UserId
from bot.domain.items import Item

CHANNEL = "channel"

_SAID = "repeats"
_PAGED = "paged"


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


def paged(details: Mapping[str, Any], turn: int, places: Iterable[str]) -> dict[str, Any]:
    """Return an item's details that know in which turn each place was last asked."""
    return {**details, _PAGED: {**details.get(_PAGED, {}), **dict.fromkeys(places, turn)}}


def is_asked_again(item: Item, data: Mapping[str, Any]) -> bool:
    """Tell whether the same place has been asked again since this page or nag: the newer one has the buttons."""
    latest = item.details.get(_PAGED, {}).get(data.get("place"), 0)
    return "turn" in data and int(latest) > int(data["turn"])


def asked_after(item: Item, data: Mapping[str, Any]) -> tuple[UserId, ...]:
    """Return whom the ladder asked first after this page or nag; whoever followed them changes nothing in it."""
    turns: Mapping[str, int] = item.details.get(_PAGED, {})
    turn = int(data.get("turn", item.details.get("turn", 0)))
    later = {user: turns[user] for user in item.asked if turns.get(user, 0) > turn}
    first = min(later.values(), default=0)
    return tuple(user for user, asked in later.items() if asked == first) or item.holders
