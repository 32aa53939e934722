"""An update for one audience, as it is posted."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from blocks import kit, words
from blocks.post import Post
from blocks.view import View
from bot.domain.mrkdwn import harmless


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Draw an update. Customers read the approved text and nothing else; inside, it says which incident it is about.

    Raises `LookupError` when there is no text: nothing empty is ever posted.
    """
    text = harmless(str(data.get("text", "")))
    if not text.strip():
        raise LookupError("an update without a text is not posted")
    audience = str(data.get("audience", "internal"))
    blocks: list[Block] = [kit.section(piece) for piece in kit.pieces(text)]
    if audience == "customer":
        return kit.post(text, blocks)
    title = f"{words.AUDIENCES.get(audience, 'Update')} · {view.incident.key}"
    by = data.get("by")
    footer = [kit.context(f"Posted by {kit.mention(str(by))}")] if by else []
    return kit.post(f"{title}: {kit.short(text, 3000)}", [kit.header(title), *blocks, *footer])
