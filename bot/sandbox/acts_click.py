"""Clicking and choosing: buttons, menus and boxes in messages, in forms and on the Home tab."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.acts import Outcome, failed
from bot.sandbox.blocks import elements
from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.payloads_inputs import INPUTS, holding
from bot.sandbox.state import Message, User, View

_ALWAYS = ("action_id", "type", "text", "style", "url", "placeholder", "confirm", "accessibility_label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One element on a person's screen, in a message or in a view, as it was drawn when the person saw it."""

    block: Mapping[str, Any]
    element: Mapping[str, Any]
    message: Message | None = None
    view: View | None = None


def targets(place: Message | View) -> list[Target]:
    """Return every element of a message or of a view which a person can use, top to bottom."""
    where: dict[str, Any] = {"message": place} if isinstance(place, Message) else {"view": place}
    return [
        Target(block=block, element=element, **where) for block in place.blocks for element in elements(block)
    ]


async def click(delivery: Delivery, user: User, target: Target, value: Any = None) -> Outcome:
    """Use an element and wait for the app's acknowledgement.

    A button needs no ``value``; an overflow menu takes the option; an input takes what `choose` describes. The
    target may be older than the message: a window that was not redrawn yet sends what it shows.
    """
    element = target.element
    if element["type"] in INPUTS:
        _remember(delivery, user, target, value)
    action = _action(delivery, target, value)
    trigger_id = delivery.triggers.issue(user.id, view_id=target.view.id if target.view else None)
    if target.view is not None:
        payload = payloads.view_click(
            delivery.workspace, user, target.view, action=action, trigger_id=trigger_id
        )
    else:
        payload = _message_click(delivery, user, _message(target), action, trigger_id)
    answer = await delivery.ask(Parcel(kind="interactive", payload=payload))
    if answer.acknowledged:
        return Outcome()
    return failed(delivery, user, answer, "The app did not answer in time ({error}). Try again.")


async def choose(delivery: Delivery, user: User, target: Target, value: Any) -> Outcome:
    """Enter a value into an input: text, an option, a list of options or ids, a date (``2026-05-01``), a time.

    The app hears of it at once where Slack tells it: outside input blocks, or where ``dispatch_action`` is set.
    """
    if target.block["type"] != "input" or target.block.get("dispatch_action"):
        return await click(delivery, user, target, value)
    _remember(delivery, user, target, value)
    return Outcome()


async def suggest(delivery: Delivery, user: User, target: Target, words: str) -> list[dict[str, Any]]:
    """Ask the app for the options of an external select while a person types; groups are flattened."""
    payload = payloads.block_suggestion(
        delivery.workspace,
        user,
        block_id=target.block["block_id"],
        action_id=target.element["action_id"],
        value=words,
        view=target.view,
        message=target.message,
    )
    answer = await delivery.ask(Parcel(kind="interactive", payload=payload, takes_answer=True))
    body = answer.body or {}
    grouped = [option for group in body.get("option_groups", ()) for option in group["options"]]
    return list(body.get("options", ())) or grouped


def _message(target: Target) -> Message:
    if target.message is None:
        raise ValueError("an element stands in a message or in a view")
    return target.message


def _message_click(
    delivery: Delivery, user: User, message: Message, action: Mapping[str, Any], trigger_id: str
) -> dict[str, Any]:
    return payloads.message_click(
        delivery.workspace,
        user,
        delivery.workspace.channels[message.channel],
        message,
        action=action,
        entered=delivery.screens.chosen(user.id, message),
        trigger_id=trigger_id,
        response_url=delivery.response_urls.issue(
            user=user.id, channel=message.channel, message_ts=message.ts
        ),
    )


def _remember(delivery: Delivery, user: User, target: Target, value: Any) -> None:
    view = target.view
    entered = delivery.screens.chosen(user.id, _message(target)) if view is None else view.state
    entry = holding(target.element, value)
    entered.setdefault(target.block["block_id"], {})[target.element["action_id"]] = entry


def _action(delivery: Delivery, target: Target, value: Any) -> dict[str, Any]:
    element = target.element
    action = {name: element[name] for name in _ALWAYS if name in element}
    action |= {name: element[name] for name in element if name.startswith("initial_")}
    if element["type"] in INPUTS:
        action |= holding(element, value)
    elif element["type"] == "overflow":
        action["selected_option"] = value
    elif "value" in element:
        action["value"] = element["value"]
    return action | {"block_id": target.block["block_id"], "action_ts": delivery.workspace.stamp()}
