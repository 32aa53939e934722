"""What a person sees on the bot's Home tab."""

from dataclasses import dataclass

from bot.domain.incident import Incident, UserId, Workspace
from bot.domain.items import Item
from bot.usecases import incidents, items
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """What I owe, soonest first, and which incidents are open, worst first."""

    owed: tuple[tuple[Incident, Item], ...]
    open_incidents: tuple[Incident, ...]


def owed(tx: Tx, *, by: UserId, workspace: Workspace) -> HomeView:
    """Load a person's Home."""
    return HomeView(
        owed=items.mine(tx, by=by, workspace=workspace),
        open_incidents=incidents.list_open(tx, workspace=workspace),
    )
