"""A message and its author as Slack writes them inside events and interactions."""

import re
import uuid
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.state import Channel, Message, Workspace

_TOKEN = re.compile(r"<([^<>]+)>")


def channel_type(channel: Channel) -> str:
    """Return what events call this kind of conversation: channel, group, im or mpim."""
    return {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)


def spoken_name(channel: Channel) -> str:
    """Return the name that commands and clicks carry: Slack does not tell the real one of a private place."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel_type(channel), channel.name)


def message_body(workspace: Workspace, message: Message) -> dict[str, Any]:
    """Return a message as it stands inside a payload: what a person typed comes with an id and rich text."""
    body = shapes.message(workspace, message, with_metadata=True)
    if not message.bot_id and not message.subtype:
        body["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, message.channel + message.ts))
        body["blocks"] = message.blocks or rich_text(message)
    return body


def rich_text(message: Message) -> list[dict[str, Any]]:
    """Return the rich text block that Slack makes of what a person typed (mentions and links kept apart)."""
    elements: list[dict[str, Any]] = []
    for number, part in enumerate(_TOKEN.split(message.text)):
        if part:
            elements.append(_token(part) if number % 2 else {"type": "text", "text": plain(part)})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": f"r{message.ts[-6:]}", "elements": [section]}]


def plain(text: str) -> str:
    """Undo Slack's escaping of ``&``, ``<`` and ``>``."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inside: str) -> dict[str, Any]:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target in ("!here", "!channel", "!everyone"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": plain(target), **({"text": plain(label)} if label else {})}
