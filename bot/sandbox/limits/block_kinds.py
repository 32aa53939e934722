"""Every kind of block and what it may hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.blocks import objects
from bot.sandbox.limits.elements import ACCESSORIES, ACTIONS, ELEMENTS, INPUTS
from bot.sandbox.limits.objects import exactly, name, plain, slack_file, text, url
from bot.sandbox.limits.rich_text import FIELDS as RICH_TEXT_FIELDS
from bot.sandbox.limits.rich_text import rich_text
from bot.sandbox.limits.rules import (
    Rule,
    any_of,
    anything,
    by_type,
    each,
    flag,
    one_of,
    only_one,
    shape,
    string,
    wrong,
)
from bot.sandbox.limits.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE


def _block(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    return shape({"type": anything, **required}, {"block_id": name, **(optional or {})}, *also)


def _elements(*allowed: str) -> Rule:
    return by_type(ELEMENTS, *allowed)


def _in_context(value: Any, pointer: str) -> Iterator[str]:
    kind = value.get("type") if isinstance(value, dict) else None
    yield from (ELEMENTS["image"] if kind == "image" else text(3_000))(value, pointer)


def _one_child_type(value: Any, pointer: str) -> Iterator[str]:
    for child in objects(value.get("child_blocks")):
        if child.get("type") in ("container", "carousel"):
            yield wrong(f"{child['type']} is not allowed here", f"{pointer}/child_blocks")


def _dispatching_file(value: Any, pointer: str) -> Iterator[str]:
    element = value.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input" and value.get("dispatch_action"):
        yield wrong("file_input cannot dispatch actions", f"{pointer}/dispatch_action")


_picture = shape(
    {"type": exactly("image"), "alt_text": string(2_000)},
    {"image_url": url, "slack_file": slack_file},
    only_one("image_url", "slack_file"),
)
CARD = _block(
    {},
    {
        "hero_image": _picture,
        "icon": _picture,
        "slack_icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": each(_elements("button", "workflow_button", "overflow"), least=1, most=3),
    },
    any_of("hero_image", "title", "body", "actions"),
)
_source = shape({"type": exactly("url"), "url": url, "text": string(3_000)})
_TASK = {"task_id": name, "title": string(3_000, least=1)}
_PROGRESS = {
    "status": one_of("pending", "in_progress", "complete", "error"),
    "details": rich_text,
    "output": rich_text,
    "sources": each(_source),
}


def _standing_alone(value: Any, pointer: str) -> Iterator[str]:
    if value.get("status") == "pending":
        yield wrong("a task_card outside a plan may not be pending", f"{pointer}/status")


def _child(value: Any, pointer: str) -> Iterator[str]:
    yield from by_type(BLOCKS)(value, pointer)


BLOCKS: Mapping[str, Rule] = {
    "actions": _block({"elements": each(_elements(*ACTIONS), least=1, most=25)}),
    "alert": _block({"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": CARD,
    "carousel": _block({"elements": each(by_type({"card": CARD}), least=1, most=10)}),
    "container": _block(
        {"child_blocks": each(_child, least=1, most=10)},
        {
            "title": text(150),
            "rich_text_title": rich_text,
            "subtitle": text(150),
            "icon": _picture,
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
            "width": string(30),
        },
        _one_child_type,
    ),
    "context": _block({"elements": each(_in_context, least=1, most=10)}),
    "context_actions": _block(
        {"elements": each(_elements("feedback_buttons", "icon_button"), least=1, most=5)}
    ),
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "divider": _block({}),
    "file": _block({"external_id": string(255, least=1), "source": exactly("remote")}),
    "header": _block({"text": plain(150)}),
    "image": _block(
        {"alt_text": string(2_000)},
        {"image_url": url, "slack_file": slack_file, "title": plain(2_000)},
        only_one("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain(2_000), "element": _elements(*INPUTS)},
        {"hint": plain(2_000), "optional": flag, "dispatch_action": flag},
        _dispatching_file,
    ),
    "markdown": _block({"text": string(12_000, least=1)}),
    "plan": _block(
        {"title": string(3_000, least=1)},
        {"tasks": each(shape(_TASK, {**_PROGRESS, "type": exactly("task_card"), "block_id": name}), most=50)},
    ),
    "rich_text": shape(RICH_TEXT_FIELDS, {"block_id": name}),
    "section": _block(
        {},
        {
            "text": text(3_000),
            "fields": each(text(2_000), least=1, most=10),
            "accessory": _elements(*ACCESSORIES),
            "expand": flag,
        },
        any_of("text", "fields"),
    ),
    "table": TABLE,
    "task_card": _block(_TASK, _PROGRESS, _standing_alone),
    "video": _block(
        {
            "alt_text": string(2_000),
            "title": plain(200),
            "thumbnail_url": url,
            "video_url": url,
        },
        {
            "title_url": string(2_000),
            "author_name": string(50),
            "description": plain(200),
            "provider_name": string(50),
            "provider_icon_url": string(2_000),
        },
    ),
}
