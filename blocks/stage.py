"""The internal text of a stage, as it is posted in the incident's channel."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, words
from blocks.post import Post
from blocks.view import View
from bot.domain.incident import Stage
from bot.domain.mrkdwn import harmless


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Draw the text of the stage that was entered; the text was written at that moment and is shown as it was."""
    entered = _stage(view, data)
    title = f"{view.incident.key} · {entered}"
    text = harmless(str(data.get("text", "")))
    return kit.post(
        f"{words.name(view.incident)}: {entered}.\n{kit.short(text, 3000)}",
        [kit.header(title), *[kit.section(piece) for piece in kit.pieces(text)]],
    )


def _stage(view: View, data: Mapping[str, Any]) -> str:
    try:
        return view.policy.stages[Stage(str(data["stage"]))].label
    except KeyError:
        return (
            view.policy.stages[view.incident.stage].label
            if view.incident.stage in view.policy.stages
            else "Update"
        )
