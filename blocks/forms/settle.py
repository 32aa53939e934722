"""The form that settles what was unknown when the incident was opened, or scores it anew."""

from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, words
from blocks.forms import fields, score
from bot.domain.incident import Dimension, Incident
from bot.domain.policy import Policy


def draw(incident: Incident, policy: Policy) -> dict[str, Any]:
    """Draw every question with the answers so far; what does not apply may come to apply."""
    blocks: list[Block] = [
        kit.context(words.name(incident)),
        *_questions(incident, policy),
        kit.context(
            "A worse result raises the severity at once. A milder one is shown beside it; lowering takes an approval."
        ),
    ]
    return fields.form(
        ids.SETTLE_FORM, "What is known now", blocks, submit="Save", carried={"incident": incident.id}
    )


def _questions(incident: Incident, policy: Policy) -> list[Block]:
    asked: list[Block] = []
    for dimension in (d for d in Dimension if d in policy.dimensions):
        row, applies = policy.dimensions[dimension], dimension in incident.scores
        asked.append(score.question(dimension, row, incident.scores.get(dimension), applies=applies))
        if dimension is Dimension.USERS:
            asked.append(score.users_said())
    return asked
