"""Reactions to messages."""

import re
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Message
from bot.sandbox.refused import Refused
from bot.sandbox.web_api.desk import Desk

MOST_BY_ONE, MOST_KINDS = 23, 50
NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(desk: Desk, args: Args) -> dict[str, Any]:
    """React to a message; the same reaction twice is `already_reacted`.

    Raises `Refused`: invalid_name, too_many_reactions above 23 by one app, too_many_emoji above 50 kinds.
    """
    _, message, name = _target(desk, args)
    mine = [kind for kind, users in message.reactions.items() if desk.bot.id in users]
    if name in mine:
        raise Refused("already_reacted")
    if len(mine) >= MOST_BY_ONE:
        raise Refused("too_many_reactions")
    if name not in message.reactions and len(message.reactions) >= MOST_KINDS:
        raise Refused("too_many_emoji")
    desk.workspace.react(message, name, user=desk.bot.id)
    return {}


def remove(desk: Desk, args: Args) -> dict[str, Any]:
    """Take the app's own reaction away; `no_reaction` where it has none of that name."""
    _, message, name = _target(desk, args)
    if desk.bot.id not in message.reactions.get(name, []):
        raise Refused("no_reaction")
    desk.workspace.unreact(message, name, user=desk.bot.id)
    return {}


def get(desk: Desk, args: Args) -> dict[str, Any]:
    """A message with its reactions and its permalink; a message without reactions has no such field."""
    channel, message = _message(desk, args)
    return {
        "type": "message",
        "channel": channel.id,
        "message": shapes.message(desk.workspace, message)
        | {"permalink": desk.address() + desk.workspace.permalink(message)},
    }


def _target(desk: Desk, args: Args) -> tuple[Channel, Message, str]:
    name = args.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise Refused("invalid_name")
    channel, message = _message(desk, args)
    if channel.is_archived:
        raise Refused("is_archived")
    return channel, message, name


def _message(desk: Desk, args: Args) -> tuple[Channel, Message]:
    if not args.text("channel") or not args.text("timestamp"):
        raise Refused("no_item_specified")
    channel = desk.seen(args.text("channel"))
    return channel, desk.message(channel, args.text("timestamp"))


METHODS = {"reactions.add": add, "reactions.get": get, "reactions.remove": remove}
