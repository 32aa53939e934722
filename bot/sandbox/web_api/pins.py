"""Pinned messages."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk

MOST = 100


def add(desk: Desk, args: Args) -> dict[str, Any]:
    """Pin a message, which everybody in the channel can see; pinning it twice is `already_pinned`.

    Raises `Refused`: no_item_specified without a timestamp, not_pinnable in an archived channel,
    too_many_pins above 100.
    """
    channel = desk.joined(args.text("channel"))
    message = desk.message(channel, _timestamp(args))
    if channel.is_archived:
        raise Refused("not_pinnable")
    if any(pin.ts == message.ts for pin in channel.pins):
        raise Refused("already_pinned")
    if len(channel.pins) >= MOST:
        raise Refused("too_many_pins")
    desk.workspace.pin(channel, message, user=desk.bot.id)
    return {}


def remove(desk: Desk, args: Args) -> dict[str, Any]:
    """Take a pin away; `not_pinned` where it is gone already, so a repeated call fails."""
    channel = desk.joined(args.text("channel"))
    message = desk.message(channel, _timestamp(args))
    if all(pin.ts != message.ts for pin in channel.pins):
        raise Refused("not_pinned")
    desk.workspace.unpin(channel, message, user=desk.bot.id)
    return {}


def listing(desk: Desk, args: Args) -> dict[str, Any]:
    """Every pin of a channel with its whole message, in the order of pinning and without pages."""
    channel = desk.seen(args.text("channel"))
    return {
        "items": [
            {
                "type": "message",
                "created": pin.created,
                "created_by": pin.created_by,
                "channel": channel.id,
                "message": shapes.message(desk.workspace, channel.messages[pin.ts]),
            }
            for pin in channel.pins
        ]
    }


def _timestamp(args: Args) -> str:
    if not args.text("timestamp"):
        raise Refused("no_item_specified")
    return args.text("timestamp")


METHODS = {"pins.add": add, "pins.list": listing, "pins.remove": remove}
