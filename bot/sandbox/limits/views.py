"""Whether a view may be shown as a form or as a Home tab."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.blocks import objects
from bot.sandbox.limits.blocks import problems, size
from bot.sandbox.limits.objects import exactly, plain
from bot.sandbox.limits.rules import Rule, anything, flag, shape, string, wrong
from bot.sandbox.refused import Refused

LARGEST = 250_000
_TAGS: Mapping[str, Rule] = {
    "callback_id": string(255),
    "external_id": string(255),
    "private_metadata": string(3_000),
}
_BUTTONS: Mapping[str, Rule] = {"submit": plain(24), "close": plain(24)}
_SWITCHES: Mapping[str, Rule] = {"clear_on_close": flag, "notify_on_close": flag, "submit_disabled": flag}


def _inputs_need_submit(view: Any, pointer: str) -> Iterator[str]:
    has_input = any(block.get("type") == "input" for block in objects(view.get("blocks")))
    if has_input and not view.get("submit"):
        yield wrong("a view with input blocks needs submit", pointer)


KINDS: Mapping[str, Rule] = {
    "modal": shape(
        {"type": exactly("modal"), "title": plain(24), "blocks": anything},
        {**_TAGS, **_BUTTONS, **_SWITCHES},
        _inputs_need_submit,
    ),
    "home": shape({"type": exactly("home"), "blocks": anything}, _TAGS),
}


def view_problems(view: Any, kind: str) -> list[str]:
    """Everything that is wrong with a view of this kind, in readable lines."""
    found = list(KINDS[kind](view, "/view"))
    if isinstance(view, dict) and "blocks" in view:
        found += problems(view["blocks"], "modal" if kind == "modal" else "home", "/view/blocks")
    return found


def check(view: dict[str, Any], kind: str) -> None:
    """Do nothing with a good view; refuse a bad one as Slack does, naming every problem."""
    if size(view) > LARGEST:
        raise Refused("view_too_large", illegal=True)
    if found := view_problems(view, kind):
        raise Refused.invalid("invalid_arguments", *found)
