"""Outside text made harmless for Slack, so that what is approved is what is shown."""

import re

# An entity Slack understands, a mention of one person as the bot writes it, or a moment in the reader's own zone.
_KEPT = re.compile(r"&(?:amp|lt|gt);|<@[UW][A-Z0-9]{2,20}>|<!date\^\d{1,11}\^[^<>|^]{1,60}\|[^<>|]{1,60}>")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BLANK = re.compile(r"\{([^{}\n]{1,120})\}")


def harmless(text: str) -> str:
    """Escape what Slack would interpret, except people and moments named one by one: no broadcast, no link.

    Safe to apply again: what is escaped stays as it is.
    """
    made, at = [], 0
    for kept in _KEPT.finditer(text):
        made += [escape(text[at : kept.start()]), kept.group()]
        at = kept.end()
    return "".join([*made, escape(text[at:])])


def blanks(text: str) -> tuple[str, ...]:
    """Return what a text still leaves open, written ``{like this}`` by the templates."""
    return tuple(found.group(1).strip() for found in _BLANK.finditer(_KEPT.sub("", text)))


def escape(text: str) -> str:
    """Make every character mean only itself: nothing in the text can mention, link or broadcast."""
    return "".join(_ESCAPED.get(character, character) for character in text)
