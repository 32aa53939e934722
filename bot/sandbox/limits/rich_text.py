"""The tree of a rich_text block."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.limits.objects import exactly, name, url
from bot.sandbox.limits.rules import Rule, by_type, each, flag, integer, one_of, shape, string

STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
    ),
)


def _leaf(kind: str, required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    return shape({"type": exactly(kind), **required}, {"style": STYLE, **(optional or {})})


LEAVES: Mapping[str, Rule] = {
    "text": _leaf("text", {"text": string(12_000, least=1)}),
    "link": _leaf("link", {"url": url}, {"text": string(12_000), "unsafe": flag}),
    "emoji": _leaf("emoji", {"name": name}, {"unicode": string(100), "skin_tone": integer(1, 6)}),
    "user": _leaf("user", {"user_id": name}),
    "usergroup": _leaf("usergroup", {"usergroup_id": name}),
    "channel": _leaf("channel", {"channel_id": name}),
    "broadcast": _leaf("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "color": _leaf("color", {"value": string(20, least=1)}),
    "date": _leaf(
        "date",
        {"timestamp": integer(0, 4_102_444_800), "format": string(255, least=1)},
        {"url": url, "fallback": string(3_000)},
    ),
}
leaves = each(by_type(LEAVES), most=3_000)
BORDER = integer(0, 1)
section = shape({"type": exactly("rich_text_section"), "elements": leaves})

BRANCHES: Mapping[str, Rule] = {
    "rich_text_section": section,
    "rich_text_list": shape(
        {
            "type": exactly("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": each(section, most=1_000),
        },
        {"indent": integer(0, 8), "offset": integer(0, 1_000_000), "border": BORDER},
    ),
    "rich_text_preformatted": shape(
        {
            "type": exactly("rich_text_preformatted"),
            "elements": each(by_type(LEAVES, "text", "link"), most=3_000),
        },
        {"border": BORDER, "language": string(100)},
    ),
    "rich_text_quote": shape({"type": exactly("rich_text_quote"), "elements": leaves}, {"border": BORDER}),
}

FIELDS: Mapping[str, Rule] = {"type": exactly("rich_text"), "elements": each(by_type(BRANCHES), most=1_000)}


def rich_text(value: Any, pointer: str) -> Iterator[str]:
    """The rule of a whole rich text, as a block or as the value of an input."""
    yield from shape(FIELDS, {"block_id": name})(value, pointer)
