"""Chasing what was promised: the next step, the next update, what is still unknown."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, page, words
from blocks.post import Post
from blocks.view import View
from bot.domain import repeats
from bot.domain.items import Item, ItemKind


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Remind whoever owes something; once it is done, the same copy says so and offers nothing."""
    item, name = view.item, words.name(view.incident)
    if item is None:
        raise LookupError("a reminder is about an item")
    if not item.is_open:
        text = words.settled(view.policy, item, name)
        return kit.post(text, [kit.section(text)])
    if repeats.is_overtaken(item, data):
        due = f", due {kit.when(item.due_at, item.asked_at)}" if item.due_at else ""
        duty = words.duty(view.policy, item)
        text = (
            f"*{name}*: a newer message or a change has taken the place of this one. Owed now: {duty}{due}."
        )
        return kit.post(text, [kit.section(text)])
    who = kit.mentions([str(user) for user in data.get("users", ())] or item.holders)
    text = f"{who}: on *{name}*, {_said(view, item, str(data.get('moment', '')))}"
    return kit.post(text, [kit.section(text), *kit.buttons(page.offers(view, item))])


def _said(view: View, item: Item, moment: str) -> str:
    due = kit.when(item.due_at, item.asked_at) if item.due_at else "now"
    owner, duty = kit.mentions(item.holders), words.duty(view.policy, item)
    update = words.AUDIENCES.get(str(item.details.get("audience", "")), "Update").lower()
    match moment:
        case "due_soon":
            return (
                f"the next {update} is promised for {due}. Please post it, or post why there is nothing new."
            )
        case "overdue":
            return f"the {update} promised for {due} has not been posted. It is owed by {owner}."
        case "backup":
            return f"the {update} promised for {due} is still missing. Please post it in their place."
        case "nextstep_assigned":
            by = item.details.get("set_by")
            giver = f"{kit.mention(str(by))} gave you the" if by else "you own the"
            return f"{giver} {duty}, due {due}."
        case "nextstep_overdue" if not item.details.get("text"):
            return f"nobody has said what the next step is. It was due {due}. Please name it."
        case "task_assigned":
            return f"as {words.role(view.policy, item.role)}, please do this by {due}: {duty}."
        case "nextstep_overdue":
            step = kit.outside(str(item.details["text"]), 300)
            return f"the next step is overdue since {due}: {step}. It is owed by {owner}."
        case _ if moment.endswith("_overdue"):
            return f"this is overdue since {due}: {duty}. It is owed by {owner}."
        case _ if item.kind is ItemKind.UPDATE:
            return f"please post the promised {update} by {due}."
        case _:
            return f"please {duty if item.kind is not ItemKind.NEXT_STEP else f'finish this: {duty}'}, due {due}."
