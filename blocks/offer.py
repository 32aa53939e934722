"""The card on which somebody is asked to be on call in another's place, or to swap; the one who asked has a copy."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from blocks import ids, kit, oncall_words
from blocks.post import Post
from blocks.view import View
from bot.domain import offers
from bot.domain.items import Item, ItemState

OUTCOMES: Mapping[ItemState, str] = {
    ItemState.DONE: ":white_check_mark: Accepted",
    ItemState.REJECTED: ":no_entry_sign: Declined, so nothing changes",
    ItemState.EXPIRED: ":hourglass: Expired without an answer, so nothing changes",
    ItemState.CANCELLED: ":white_circle: Withdrawn, so nothing changes",
}


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Draw the offer as it stands; answered, it says what came of it and offers nothing."""
    item = view.item
    if item is None:
        raise LookupError("an offer is about an item")
    reader, giver = str(data.get("user", "")), offers.giver_of(item)
    lines = [_asks(item, reader)]
    would = item.state is not ItemState.DONE
    lines += [
        f"• {oncall_words.takes(view.policy, one, reader, would=would)}" for one in item.details["takes"]
    ]
    if not item.is_open:
        lines.append(f"*{_outcome(item)}.*")
        return _post(lines, [])
    due = kit.when(item.due_at, item.asked_at) if item.due_at else "then"
    lines.append(f"Without an answer by {due} nothing changes.")
    if reader == giver:
        return _post(lines, [kit.button("Withdraw", ids.OFFER_WITHDRAW, item.id)])
    if data.get("moment") == "nag":
        lines.insert(0, f"{kit.mention(reader)}, half the time has gone and this still waits for you:")
    return _post(lines, answers(item))


def answers(item: Item) -> list[ButtonElement]:
    """Return what whoever is asked can press."""
    return [
        kit.button("Accept", ids.OFFER_ACCEPT, item.id, style="primary"),
        kit.button("Decline", ids.OFFER_DECLINE, item.id),
    ]


def _asks(item: Item, reader: str) -> str:
    giver, asked = offers.giver_of(item), kit.mentions(item.holders)
    what = "to swap shifts" if offers.is_swap(item) else "to be on call"
    if reader == giver:
        return f"You asked {asked} {what}:"
    return f"{kit.mention(reader)}, {kit.mention(giver)} asks you {what}:"


def _outcome(item: Item) -> str:
    outcome = OUTCOMES.get(item.state, "Over")
    by = f" (by {kit.mention(item.answered_by)})" if item.answered_by else ""
    return f"{outcome}{by}"


def _post(lines: list[str], buttons: list[ButtonElement]) -> Post:
    return kit.post(" ".join(lines), [kit.section("\n".join(lines)), *kit.buttons(buttons)])
