"""Slack's limits, checked by Slack's own models and by what those models do not check."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks.post import Post


def check_post(post: Post) -> None:
    """Fail when Slack would refuse a message or show it wrongly."""
    assert post.text.strip()
    assert len(post.text) <= 4000
    assert 1 <= len(post.blocks) <= 50
    check_blocks(list(post.blocks))


def check_view(view: dict[str, Any]) -> None:
    """Fail when Slack would refuse a form or a Home."""
    View(**view).validate_json()
    assert len(view["blocks"]) <= 100
    assert len(view.get("private_metadata", "")) <= 3000
    if any(block["type"] == "input" for block in view["blocks"]):
        assert view.get("submit")
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids)), "Slack refuses a form with the same block id twice"
    check_blocks(view["blocks"])


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    for block in blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None, f"Slack does not know {block['type']}"
        parsed.validate_json()
        for text in _texts(block):
            assert 1 <= len(text) <= 3000
        if block["type"] == "actions":
            actions = [element["action_id"] for element in block["elements"]]
            assert len(actions) == len(set(actions)), "two buttons of a row share an action id"
        for element in _elements(block):
            assert len(element.get("value") or "") <= 2000
            for option in element.get("options", ()):
                assert len(option["text"]["text"]) <= 75
                assert len(option.get("description", {}).get("text", "")) <= 75


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text"):
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def _elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from block.get("elements", ())
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]
