"""What is said of a threshold that was crossed: what it asks for, and who decides."""

from collections.abc import Iterable

from blocks import kit, words
from blocks.view import View
from bot.domain import thresholds
from bot.domain.incident import Role
from bot.domain.policy import Policy


def on_card(view: View) -> list[str]:
    """Return a line for each threshold of repetition or impact that was crossed; those of time are lines in the channel."""
    incident, policy = view.incident, view.policy
    return [
        ":bell: Threshold "
        + says(policy, name, one.says, one.owner, thresholds.deciders(incident, one, policy, view.directory))
        for name, one in thresholds.standing(incident, policy)
    ]


def says(policy: Policy, name: str, text: str, owner: str, users: Iterable[str]) -> str:
    """Say what a threshold asks for and who decides, after its name."""
    role, people = words.role(policy, Role(owner)), kit.mentions(users)
    return f"{kit.outside(name, 100)}: {kit.outside(text, 800)} Decides: {role} ({people})."
