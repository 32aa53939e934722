"""Small builders over Slack's models which keep text inside Slack's limits and outside text harmless."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from blocks import checked
from blocks.post import Post

# Slack's limits; a longer text is refused with `invalid_blocks`.
MESSAGE_BLOCKS = 50
SECTION_TEXT = 3000
FIELD_TEXT = 2000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
MESSAGE_TEXT = 3900
ACTIONS = 25
TOPIC = 250

# Within this distance the time of day says enough; further away the day is named too.
SAME_DAY = timedelta(hours=12)


def escape(text: str) -> str:
    """Make outside text harmless in mrkdwn: no mention, broadcast or link can be smuggled in."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: str, limit: int) -> str:
    """Cut a text to a limit with an ellipsis, never inside a mention, a link or an escaped character."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    ampersand = kept.rfind("&")
    if ampersand > kept.rfind(";") and len(kept) - ampersand < len("&amp;"):
        kept = kept[:ampersand]
    return kept.rstrip() + "…"


def outside(text: str, limit: int = SECTION_TEXT) -> str:
    """Return text that somebody else wrote, escaped and cut."""
    return short(escape(text), limit)


def quoted(text: str, limit: int = 2500) -> str:
    """Return outside text as a quotation, line by line."""
    return short(quote(escape(text)), limit)


def quote(text: str) -> str:
    """Return harmless text as a quotation, line by line."""
    return "\n".join(f">{line}" for line in text.splitlines()) or ">"


def pieces(text: str, limit: int = SECTION_TEXT) -> list[str]:
    """Split harmless text at line ends, and long lines at spaces, so that nothing is lost to Slack's limits."""
    found: list[str] = []
    for line in text.splitlines():
        if found and len(found[-1]) + 1 + len(line) <= limit:
            found[-1] += f"\n{line}"
            continue
        rest = line
        while len(rest) > limit:
            kept = short(rest, limit).removesuffix("…")
            cut = kept.rfind(" ") if " " in kept else len(kept)
            cut = cut or len(kept) or limit
            found.append(rest[:cut])
            rest = rest[cut:].lstrip()
        found.append(rest)
    return [piece for piece in found if piece.strip()] or [" "]


def mention(user: str) -> str:
    """Return a person as Slack links them: outside text can write no such thing, see `escape`."""
    return f"<@{user}>"


def mentions(users: Iterable[str]) -> str:
    """Address several people; says so when there is nobody."""
    return ", ".join(mention(user) for user in users) or "nobody"


def channel(channel_id: str) -> str:
    """Link to a channel."""
    return f"<#{channel_id}>"


def when(moment: datetime, near: datetime | None = None) -> str:
    """Show a moment in each reader's own time zone, with UTC where Slack cannot.

    The day is left out when the moment is close to ``near``, the moment that the message is about.
    """
    form, fallback = "{date_short_pretty} at {time}", f"{moment:%Y-%m-%d %H:%M} UTC"
    if near is not None and abs(moment - near) < SAME_DAY:
        form, fallback = "{time}", f"{moment:%H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{form}|{fallback}>"


def plain(text: str, limit: int = SECTION_TEXT) -> PlainTextObject:
    """Return text that Slack shows as it is."""
    return PlainTextObject(text=short(text, limit) or " ")


def header(text: str) -> HeaderBlock:
    """Return a headline; outside text needs no escaping here, since Slack shows it as it is."""
    return HeaderBlock(text=plain(" ".join(text.split()), HEADER_TEXT))


def section(text: str, *, button: ButtonElement | None = None, block_id: str | None = None) -> SectionBlock:
    """Return a paragraph of mrkdwn, with a button beside it if given."""
    shown = MarkdownTextObject(text=short(text, SECTION_TEXT) or " ")
    return SectionBlock(text=shown, accessory=button, block_id=block_id)


def fields(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Return labelled values in two columns."""
    made = [MarkdownTextObject(text=short(f"*{label}*\n{value}", FIELD_TEXT)) for label, value in pairs]
    return [SectionBlock(fields=made[at : at + 10]) for at in range(0, len(made), 10)]


def context(*lines: str) -> ContextBlock:
    """Return small print; at most ten lines, each cut to what Slack takes."""
    return ContextBlock(
        elements=[MarkdownTextObject(text=short(line, FIELD_TEXT) or " ") for line in lines[:10]]
    )


def divider() -> DividerBlock:
    """Return a line between two parts."""
    return DividerBlock()


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """Return a button; ``value`` comes back with the click."""
    return ButtonElement(
        text=plain(label, BUTTON_TEXT),
        action_id=action_id,
        value=value,
        style=style,
        url=url,
        confirm=confirm,
    )


def buttons(elements: Sequence[ButtonElement], block_id: str | None = None) -> list[Block]:
    """Return a row of buttons; nothing when there is none to offer."""
    return [ActionsBlock(elements=list(elements[:ACTIONS]), block_id=block_id)] if elements else []


def confirm(title: str, text: str, yes: str, no: str = "Not now") -> ConfirmObject:
    """Return the question asked before a click counts."""
    return ConfirmObject(
        title=plain(title, 100), text=plain(text, 300), confirm=plain(yes, 30), deny=plain(no, 30)
    )


def post(text: str, blocks: Sequence[Block], *, thread_ts: str | None = None) -> Post:
    """Return a finished message. Raises `SlackObjectFormationError` when a block is not legal."""
    kept = list(blocks)
    if len(kept) > MESSAGE_BLOCKS:
        hidden = len(kept) - MESSAGE_BLOCKS + 1
        kept = [*kept[: MESSAGE_BLOCKS - 1], context(f"… and {hidden} more lines.")]
    return Post(text=short(text, MESSAGE_TEXT), blocks=tuple(to_json(kept)), thread_ts=thread_ts)


def to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as JSON, each checked by Slack's own models."""
    return [checked.to_json(block) for block in blocks]
