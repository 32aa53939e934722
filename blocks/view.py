"""The state that a message is drawn from."""

from dataclasses import dataclass

from bot.domain.incident import Incident
from bot.domain.items import Item
from bot.domain.policy import Policy
from bot.domain.roles import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An incident with what is owed on it, loaded fresh; ``item`` is the one that the message is about, if any."""

    incident: Incident
    items: tuple[Item, ...]
    item: Item | None
    policy: Policy
    directory: Directory
