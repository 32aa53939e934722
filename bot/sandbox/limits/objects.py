"""The small objects blocks and elements are made of: texts, options, confirmations."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks import objects
from bot.sandbox.limits.rules import Rule, any_of, by_type, each, flag, matching, one_of, shape, string, wrong

LONGEST_ID = 255
LONGEST_URL = 3_000
LONGEST_OPTION_VALUE = 150

name = string(LONGEST_ID, least=1)
url = matching(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+", "a valid URL", most=LONGEST_URL)
exactly = one_of


def plain(most: int, *, least: int = 1) -> Rule:
    """A text without formatting."""
    return by_type(_texts(most, least), "plain_text")


def text(most: int, *, least: int = 1) -> Rule:
    """A text, plain or formatted."""
    return by_type(_texts(most, least))


def _texts(most: int, least: int) -> dict[str, Rule]:
    return {
        "plain_text": shape(
            {"type": exactly("plain_text"), "text": string(most, least=least)}, {"emoji": flag}
        ),
        "mrkdwn": shape({"type": exactly("mrkdwn"), "text": string(most, least=least)}, {"verbatim": flag}),
    }


def option(*, formatted: bool = False, with_url: bool = False) -> Rule:
    """One choice of a menu; `formatted` lets its words be mrkdwn, as checkboxes and radio buttons may be."""
    words = text(75) if formatted else plain(75)
    more = {"description": words} | ({"url": url} if with_url else {})
    return shape({"text": words, "value": string(LONGEST_OPTION_VALUE)}, more)


options = each(option(), least=1, most=100)
option_groups = each(shape({"label": plain(75), "options": options}), least=1, most=100)
confirm = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
placeholder = plain(150)
slack_file = shape({}, {"id": string(LONGEST_ID, least=1), "url": url}, any_of("id", "url"))
conversation_filter = shape(
    {},
    {
        "include": each(one_of("im", "mpim", "private", "public"), least=1, most=4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
dispatch_config = shape(
    {"trigger_actions_on": each(one_of("on_enter_pressed", "on_character_entered"), least=1, most=2)}
)


def initial_among_options(value: Any, pointer: str) -> Iterator[str]:
    """What is chosen at first is, word for word, one of the options."""
    offered = list(every_option(value))
    first = value.get("initial_option")
    for one in objects([first]) + objects(value.get("initial_options")):
        if offered and one not in offered:
            yield wrong("initial value must be one of the options", pointer)


def every_option(element: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The options of an element, those in groups included."""
    yield from objects(element.get("options"))
    for group in objects(element.get("option_groups")):
        yield from objects(group.get("options"))
