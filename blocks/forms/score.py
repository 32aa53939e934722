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
    applies: bool = True,
) -> InputBlock:
    """Ask for one score, 0 to 4 in the policy's own words, or "unknown"; what did not apply so far may stay so."""
    choices = [(str(score), f"{score} · {meaning}", "") for score, meaning in enumerate(row.scores)]
    unknown = (ids.UNKNOWN, "Unknown", f"Counts as {row.unknown_counts} until it is settled")
    initial = ids.UNKNOWN if given is None else str(given)
    return fields.choice(
        ids.dimension(dimension),
        row.label,
        [*choices, unknown, *(() if applies else [(ids.NOT_INVOLVED, "Not involved", "")])],
        initial=initial if applies else ids.NOT_INVOLVED,
        hint=row.question,
        action_id=action_id,
        at_once=at_once,
    )


def users_said(given: str = "") -> InputBlock:
    """Ask how many users it is, in words, for those who know it."""
    return fields.text(
        ids.USERS_SAID,
        "How many users, if you know",
        initial=given,
        placeholder="20%, 1500, or unknown",
        optional=True,
    )
