"""What a message may hold."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.blocks import objects
from bot.sandbox.limits.blocks import checked
from bot.sandbox.refused import Refused

MOST_ATTACHMENTS = 100
LONGEST_MARKDOWN = 12_000
# Slack names an error for it but no number; this is what stays safe.
LARGEST_METADATA = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a call wants to say; None stands for what it did not mention."""

    text: str
    blocks: list[dict[str, Any]] | None
    attachments: list[dict[str, Any]] | None
    metadata: dict[str, Any] | None


def check(args: Args) -> Content:
    """The content of a chat call, or `Refused` with Slack's code for what is wrong with it."""
    blocks = args.json("blocks", list, "invalid_blocks_format")
    attachments = args.json("attachments", list, "invalid_attachments")
    markdown = args.text("markdown_text")
    if markdown and (args.text("text") or blocks):
        raise Refused("markdown_text_conflict", illegal=True)
    if not (args.text("text") or blocks or attachments or markdown):
        raise Refused("no_text", illegal=True)
    if len(markdown) > LONGEST_MARKDOWN:
        raise Refused("msg_too_long", illegal=True)
    if attachments and len(attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments", illegal=True)
    if attachments and len(objects(attachments)) < len(attachments):
        raise Refused.invalid("invalid_attachments", "every attachment must be an object")
    checked(blocks or [], "message")
    for attachment in attachments or []:
        checked(attachment.get("blocks", []), "message")
    return Content(
        text=args.text("text") or markdown,
        blocks=blocks,
        attachments=attachments,
        metadata=_metadata(args.json("metadata", dict, "invalid_metadata_format")),
    )


def _metadata(metadata: dict[str, Any] | None) -> dict[str, Any] | None:
    if not metadata or "entities" in metadata:
        return metadata
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refused.invalid("invalid_metadata_format", "metadata needs event_type and event_payload")
    if len(json.dumps(metadata)) > LARGEST_METADATA:
        raise Refused.invalid("metadata_too_large", f"metadata must be below {LARGEST_METADATA} bytes")
    return metadata
