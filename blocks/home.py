"""The Home tab: what I owe, and which incidents are open."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks import ids, kit, lists
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemKind

HOME_BLOCKS = 100


def draw(owed: Sequence[tuple[Incident, Item]], incidents: Sequence[Incident]) -> dict[str, Any]:
    """Draw a person's Home."""
    blocks: list[Block] = [
        *kit.buttons([kit.button("Open an incident", ids.OPEN, "home", style="primary")]),
        kit.header("What you owe"),
    ]
    blocks += _owed(owed)
    blocks += [kit.divider(), kit.header("Open incidents")]
    lines = lists.incident_lines(incidents) or ["No incident is open."]
    blocks += [kit.section(piece) for piece in kit.pieces("\n".join(lines))]
    view: dict[str, Any] = View(type="home", blocks=blocks[:HOME_BLOCKS]).to_dict()
    return view


def _owed(owed: Sequence[tuple[Incident, Item]]) -> list[Block]:
    blocks: list[Block] = []
    for number, pair in enumerate(owed[: lists.MOST]):
        _, item = pair
        (line,) = lists.owed_lines([pair])
        press = None
        if item.kind is ItemKind.ACKNOWLEDGE and item.answered_by is None:
            press = kit.button("Acknowledge", ids.ACKNOWLEDGE, item.id, style="primary")
        elif item.kind is ItemKind.NEXT_STEP and item.details.get("text"):
            press = kit.button("Done", ids.STEP_DONE, item.id)
        elif item.kind is ItemKind.HANDOVER:
            press = kit.button("I have it", ids.SHIFT_TAKEN, item.id, style="primary")
        elif item.kind is ItemKind.OFFER:
            press = kit.button("Accept", ids.OFFER_ACCEPT, item.id)
        blocks.append(kit.section(line, button=press, block_id=f"owed:{number}"))
    if len(owed) > lists.MOST:
        blocks.append(kit.context(f"… and {len(owed) - lists.MOST} more: `/incident mine`."))
    return blocks or [kit.section("Nothing now.")]
