"""The ids Slack gives to blocks and elements that came without one."""

import copy
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

INTERACTIVE_SLOTS = ("accessory", "element")

_serial = itertools.count(1)


def with_ids(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A deep copy of the blocks in which every block has a block_id and every element an action_id."""
    done = copy.deepcopy(list(blocks))
    for block in done:
        if not block.get("block_id"):
            block["block_id"] = f"b{next(_serial):05d}"
        for element in elements(block):
            if element.get("type") not in ("image", "plain_text", "mrkdwn") and not element.get("action_id"):
                element["action_id"] = f"a{next(_serial):05d}"
    return done


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements of one block a person can use: its accessory, its input, its actions."""
    for slot in INTERACTIVE_SLOTS:
        if isinstance(block.get(slot), dict):
            yield block[slot]
    if block.get("type") in ("actions", "context_actions"):
        yield from objects(block.get("elements"))
    if block.get("type") == "card":
        yield from objects(block.get("actions"))
    for child in objects(block.get("child_blocks")) if block.get("type") == "container" else ():
        yield from elements(child)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, whatever else may be in it or instead of it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
