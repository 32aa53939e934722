"""The form that settles what was unknown when the incident was opened, or scores it anew."""

from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, words
from blocks.forms import fields, score
from bot.domain.incident import Incident
from bot.domain.policy import Policy


def draw(incident: Incident, policy: Policy) -> dict[str, Any]:
    """Draw the questions that apply to this incident with the answers so far."""
    asked = [(d, row) for d, row in policy.dimensions.items() if d in incident.scores]
    blocks: list[Block] = [
        kit.context(words.name(incident)),
        *[score.question(d, row, incident.scores[d]) for d, row in asked],
        kit.context(
            "A worse result raises the severity at once. A milder one is shown beside it; lowering takes an approval."
        ),
    ]
    return fields.form(
        ids.SETTLE_FORM, "What is known now", blocks, submit="Save", carried={"incident": incident.id}
    )
