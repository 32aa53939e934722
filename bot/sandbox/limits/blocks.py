"""Whether a list of blocks may be shown on a surface."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from bot.sandbox.blocks import elements, objects
from bot.sandbox.limits.block_kinds import BLOCKS
from bot.sandbox.limits.rules import by_type, wrong
from bot.sandbox.refused import Refused

Surface = Literal["message", "modal", "home"]

MOST: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
LONGEST_MARKDOWN = 12_000
MOST_CHARTS = 2

_EVERYWHERE = (
    "actions",
    "card",
    "context",
    "divider",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "video",
)
_WIDE = ("carousel", "container", "data_table", "data_visualization", "table")
SURFACES: Mapping[Surface, tuple[str, ...]] = {
    "message": (*_EVERYWHERE, *_WIDE, "context_actions", "file", "markdown", "plan", "task_card"),
    "modal": (*_EVERYWHERE, "alert"),
    "home": (*_EVERYWHERE, *_WIDE),
}


def problems(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """Everything that is wrong with these blocks on this surface, in readable lines."""
    if not isinstance(blocks, list):
        return [wrong("must be an array", pointer)]
    found = list(_each_block(blocks, surface, pointer))
    if len(blocks) > MOST[surface]:
        found.append(wrong(f"no more than {MOST[surface]} items allowed", pointer))
    sound = objects(blocks)
    return [*found, *_twins(sound, pointer), *_totals(sound, pointer), *_focus(sound, pointer)]


def checked(blocks: Any, surface: Surface) -> None:
    """Do nothing with good blocks; refuse bad ones as Slack does, naming every problem."""
    if found := problems(blocks, surface):
        raise Refused.invalid("invalid_blocks", *found)


def _each_block(blocks: list[Any], surface: Surface, pointer: str) -> Iterator[str]:
    for index, block in enumerate(blocks):
        spot = f"{pointer}/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        if isinstance(kind, str) and kind in BLOCKS and kind not in SURFACES[surface]:
            yield wrong(f"{kind} is not allowed in a {surface}", spot)
        else:
            yield from by_type(BLOCKS)(block, spot)


def _twins(blocks: Iterable[dict[str, Any]], pointer: str) -> Iterator[str]:
    """Blocks, and the elements inside one block, have ids of their own."""
    seen: set[str] = set()
    for block in blocks:
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            yield wrong(f"block_id {block_id} already exists", pointer)
        seen.add(str(block_id))
        actions = [e.get("action_id") for e in elements(block) if e.get("action_id")]
        for twin in sorted({str(a) for a in actions if actions.count(a) > 1}):
            yield wrong(f"action_id {twin} already exists", pointer)


def _totals(blocks: Iterable[dict[str, Any]], pointer: str) -> Iterator[str]:
    texts = [block.get("text") for block in blocks if block.get("type") == "markdown"]
    if sum(len(text) for text in texts if isinstance(text, str)) > LONGEST_MARKDOWN:
        yield wrong(f"markdown must be less than {LONGEST_MARKDOWN + 1} characters in total", pointer)
    if sum(block.get("type") == "data_visualization" for block in blocks) > MOST_CHARTS:
        yield wrong(f"no more than {MOST_CHARTS} data_visualization blocks allowed", pointer)


def _focus(blocks: Iterable[dict[str, Any]], pointer: str) -> Iterator[str]:
    """At most one element asks for the focus."""
    if sum(bool(e.get("focus_on_load")) for block in blocks for e in elements(block)) > 1:
        yield wrong("only one element may have focus_on_load", pointer)


def size(value: Any) -> int:
    """The bytes a value takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())
