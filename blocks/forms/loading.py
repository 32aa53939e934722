"""What a form shows while its content is being looked up."""

from typing import Any

from blocks import ids, kit
from blocks.forms import fields


def draw(title: str) -> dict[str, Any]:
    """Draw the form that is opened at once, before its trigger dies, and replaced by the real one."""
    return fields.form(ids.LOADING, title, [kit.section("One moment …")], submit=None)
