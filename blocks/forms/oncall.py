"""The forms that change who is on call: taking or offering a place, and swapping two shifts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from blocks import ids, kit
from blocks.forms import fields
from blocks.forms.fields import Choice
from bot.domain import quorum
from bot.domain.incident import Role, UserId
from bot.domain.policy import Policy

PARTS = [
    ("primary", "Primary", "asked first"),
    ("backup", "Backup", "asked when the first does not answer"),
]


def take(
    policy: Policy,
    roles: Sequence[Role],
    *,
    user: UserId,
    role: Role | None,
    since: datetime,
    until: datetime,
) -> dict[str, Any]:
    """Draw the form that puts somebody on call; for oneself at once, for somebody else once they accept."""
    choices = [(name, quorum.label(policy, name), "") for name in roles]
    blocks = [
        fields.choice(ids.ON_CALL_ROLE, "On call as what?", choices, initial=role),
        fields.choice(ids.ON_CALL_PART, "In which place?", PARTS, initial="primary"),
        fields.person(
            ids.STEP_OWNER, "Who?", initial=user, hint="Somebody else is asked first and may decline."
        ),
        fields.moment(ids.SINCE, "From when?", initial=since),
        fields.moment(ids.UNTIL, "Until when?", initial=until, hint="Then the rota holds again."),
    ]
    return fields.form(ids.TAKE_FORM, "Take a place", blocks, submit="Take it")


def swap(mine: Sequence[Choice], theirs: Sequence[Choice]) -> dict[str, Any]:
    """Draw the form that offers one of my shifts for one of somebody else's."""
    blocks = [
        fields.choice(ids.MINE, "Which of your shifts?", mine),
        fields.choice(ids.THEIRS, "For which shift of theirs?", theirs),
        kit.context("They are asked and may decline. Nothing changes before they accept."),
    ]
    return fields.form(ids.SWAP_FORM, "Swap shifts", blocks, submit="Ask")
