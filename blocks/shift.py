"""The card at a change of shift: who comes on call, what is open, what was promised, and one button to take it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, oncall_words
from blocks.post import Post
from blocks.view import View
from bot.domain.items import Item, ItemKind, ItemState

Data = Mapping[str, Any]

DUTIES: Mapping[str, str] = {
    ItemKind.ACKNOWLEDGE: "to answer",
    ItemKind.APPROVAL: "to decide",
    ItemKind.NEXT_STEP: "next step",
    ItemKind.UPDATE: "update promised",
    ItemKind.SETTLE: "to settle",
}


def draw(view: View, data: Data) -> Post:
    """Draw the card for one reader as it stands; once somebody has the shift, it says so and offers nothing."""
    item = view.item
    if item is None:
        raise LookupError("a shift card is about an item")
    what = oncall_words.place(view.policy, str(item.role), str(item.details["part"]))
    if not item.is_open:
        text = _over(item, what)
        return kit.post(text, [kit.section(text)])
    head = _head(item, what, str(data.get("user", "")), str(data.get("moment", "")))
    blocks: list[Block] = [kit.section(head), *_work(item.details["open"])]
    if data.get("user") in item.holders:
        blocks += kit.buttons([kit.button("I have it", ids.SHIFT_TAKEN, item.id, style="primary")])
    return kit.post(head, blocks)


def _head(item: Item, what: str, reader: str, moment: str) -> str:
    holders, began = (
        kit.mentions(item.holders),
        kit.when(datetime.fromisoformat(item.details["at"]), item.asked_at),
    )
    due = kit.when(item.due_at, item.asked_at) if item.due_at else "now"
    match moment:
        case "copy":
            return (
                f"{kit.mention(reader)}, your shift as *{what}* is over: {holders} is on call now. "
                "What you are asked for already stays yours until you answer."
            )
        case "nag":
            return f"{kit.mention(reader)}, you are on call as *{what}* since {began}. Please press *I have it* by {due}."
        case "overdue":
            to = f"{kit.mention(reader)}, " if reader else ""
            take = f"`/incident oncall take {kit.escape(str(item.role))}`"
            late = f"{to}{holders} has not confirmed the shift as *{what}* that began at {began}."
            return f"{late} Please reach them, or take it: {take}."
        case _:
            ends = item.details.get("until")
            until = f" until {kit.when(datetime.fromisoformat(ends))}" if ends else ""
            before = item.details["outgoing"]
            after = f" after {kit.mentions(before)}" if before else ""
            return f"{kit.mention(reader)}, you are on call as *{what}* now{after}{until}. Please press *I have it* by {due}."


def _work(open_ones: Sequence[Data]) -> list[Block]:
    if not open_ones:
        return [kit.section("Nothing is open for this role.")]
    lines = [line for one in open_ones for line in _incident(one)]
    return [kit.section(piece) for piece in kit.pieces("\n".join(["*Open for this role*", *lines]))]


def _incident(one: Data) -> list[str]:
    if not one["title"]:
        return [
            f"• private incident {one['key']} ({one['severity']}): its people let you in when you are asked"
        ]
    lead = f", led by {kit.mention(str(one['lead']))}" if one["lead"] else ""
    place = f" · {kit.channel(str(one['channel']))}" if one["channel"] else ""
    lines = [f"• *{one['key']} ({one['severity']}): {kit.outside(str(one['title']), 200)}*{lead}{place}"]
    if one["next_update"]:
        lines.append(
            f"    next update promised for {kit.when(datetime.fromisoformat(str(one['next_update'])))}"
        )
    return lines + [f"    {_duty(duty)}" for duty in one["owed"]]


def _duty(duty: Data) -> str:
    label, who = DUTIES.get(str(duty["kind"]), "owed"), kit.mentions(duty["by"])
    due = f", due {kit.when(datetime.fromisoformat(str(duty['due'])))}" if duty["due"] else ""
    return f"{label}: {kit.outside(str(duty['what']), 200)} ({who}{due})"


def _over(item: Item, what: str) -> str:
    if item.state is ItemState.DONE and item.answered_by is not None:
        since = f" since {kit.when(item.answered_at, item.asked_at)}" if item.answered_at else ""
        return f":white_check_mark: {kit.mention(item.answered_by)} has the shift as *{what}*{since}."
    return f"The shift as *{what}* has passed on since."
