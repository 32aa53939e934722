"""The answer to `/incident who`: who is asked now, who is next and when, who has it."""

from collections.abc import Sequence
from datetime import datetime

from blocks import kit, words
from blocks.post import Post
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ItemState
from bot.domain.policy import Policy

# One open page: the item, who is asked next, and when.
Asked = tuple[Item, tuple[UserId, ...], datetime | None]


def draw(incident: Incident, asked: Sequence[Asked], taken: Sequence[Item], policy: Policy) -> Post:
    """Draw the answer; only the person who asked sees it."""
    lines = [f"*{words.name(incident)}*"]
    for item, then, then_at in asked:
        line = f"Asked now as {words.role(policy, item.role)}: {kit.mentions(item.holders)}"
        if item.state is ItemState.EXHAUSTED:
            line += " (everybody on the ladder was asked; the alarm repeats until somebody answers)"
        elif item.due_at is not None:
            line += f", answer by {kit.when(item.due_at, item.asked_at)}"
        at = f" at {kit.when(then_at, item.asked_at)}" if then_at else ""
        lines.append(f"{line}. {f'Next: {kit.mentions(then)}{at}.' if then else 'Nobody comes after them.'}")
        lines.append(f"_Why: {words.WHY_ASKED[item.reason]}._")
    for item in taken:
        holder = kit.mention(item.answered_by) if item.answered_by else "nobody"
        since = f" since {kit.when(item.answered_at, item.asked_at)}" if item.answered_at else ""
        lines.append(f"{words.role(policy, item.role)}: {holder} has it{since}.")
    if not asked:
        lines.append("Nobody is asked now.")
    blocks = [kit.section(piece) for piece in kit.pieces("\n".join(lines))]
    return kit.post(f"{words.name(incident)}: who is asked", blocks)
