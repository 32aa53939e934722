"""A refusal, shown in place of a form."""

from typing import Any

from blocks import ids, kit
from blocks.forms import fields


def draw(sentence: str) -> dict[str, Any]:
    """Draw the sentence that says what was refused and what to do instead."""
    return fields.form(ids.REFUSAL, "That did not work", [kit.section(kit.outside(sentence))], submit=None)
