"""The questions that severity is computed from, asked in the same words wherever they are asked."""

from slack_sdk.models.blocks import InputBlock

from blocks import ids
from blocks.forms import fields
from bot.domain.incident import Dimension
from bot.domain.policy import DimensionRow


def question(
    dimension: Dimension,
    row: DimensionRow,
    given: int | None,
    *,
    action_id: str = ids.VALUE,
    at_once: bool = False,
) -> InputBlock:
    """Ask for one score, 0 to 4 in the policy's own words, or "unknown"."""
    choices = [(str(score), f"{score} · {meaning}", "") for score, meaning in enumerate(row.scores)]
    return fields.choice(
        ids.dimension(dimension),
        row.label,
        [*choices, (ids.UNKNOWN, "Unknown", f"Counts as {row.unknown_counts} until it is settled")],
        initial=ids.UNKNOWN if given is None else str(given),
        hint=row.question,
        action_id=action_id,
        at_once=at_once,
    )
