"""Everything a rule may need to know of one incident, loaded in one go."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import consequences
from bot.domain.decision import Decision
from bot.domain.errors import NotFound
from bot.domain.incident import ChannelId, Incident, IncidentId, Workspace
from bot.domain.items import Item, ItemId
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from storage import incidents, items, people, policies
from storage.apply import apply
from storage.database import Tx

# So long the desk keeps offers and shifts that are over at hand.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An incident, what is owed on it, the policy it began with and the people of its workspace."""

    incident: Incident
    items: tuple[Item, ...]
    policy: Policy
    directory: Directory

    def item(self, item_id: ItemId) -> Item:
        """Return one of the incident's items, or raise `NotFound`."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise NotFound("That item no longer exists. Use the newest card of the incident.")


def of(
    tx: Tx, incident_id: IncidentId, workspace: Workspace, now: datetime, *, for_update: bool = True
) -> Scene:
    """Load an incident's scene; with `for_update` nobody else changes it until this transaction ends.

    An incident of another workspace is `NotFound`, whatever its id was got from.
    """
    incident = incidents.load(tx, incident_id, for_update=for_update)
    if incident.workspace.team_id != workspace.team_id:
        raise NotFound("That incident does not exist here.")
    if incident.is_desk:
        policy = policies.active(tx, workspace)
        incident = replace(incident, policy_version=policy.version)
    else:
        policy = policies.version(tx, incident.policy_version)
    return Scene(
        incident=incident,
        items=items.of_desk(tx, incident_id, now - REMEMBERED)
        if incident.is_desk
        else items.of_incident(tx, incident_id),
        policy=policy,
        directory=people.directory(tx, incident.workspace, now),
    )


def prepare(tx: Tx, ids: Iterable[IncidentId]) -> None:
    """Load ahead what `of` will be asked for, in a few questions instead of some for each incident; it changes no answer."""
    items.load_ahead(tx, incidents.load_ahead(tx, ids))


def of_item(tx: Tx, item_id: ItemId, workspace: Workspace, now: datetime) -> tuple[Scene, Item]:
    """Load the scene around an item, and the item as it stands once the incident is locked."""
    scene = of(tx, items.load(tx, item_id).incident_id, workspace, now)
    return scene, item_of(tx, scene, item_id)


def item_of(tx: Tx, at: Scene, item_id: ItemId) -> Item:
    """Return an item of a scene, be it one of the desk's that were over long ago; raises `NotFound`."""
    if at.incident.is_desk and all(item.id != item_id for item in at.items):
        item = items.load(tx, item_id, for_update=False)
        if item.incident_id == at.incident.id:
            return item
    return at.item(item_id)


def here(
    tx: Tx, channel_id: ChannelId, workspace: Workspace, now: datetime, *, for_update: bool = True
) -> Scene:
    """Load the scene of the incident whose channel this is, or say kindly that this is no incident's channel."""
    incident = incidents.by_channel(tx, workspace, channel_id)
    if incident is None:
        raise NotFound(
            "This channel belongs to no incident. Run the command in an incident's channel, or `/incident list` to find one."
        )
    return of(tx, incident.id, workspace, now, for_update=for_update)


def conclude(tx: Tx, at: Scene, decision: Decision, *, actor: str, now: datetime) -> None:
    """Apply a decision about a scene, with what follows from every decision (see `consequences`)."""
    apply(tx, consequences.whole(at.items, decision, at.policy, actor, now), actor=actor, now=now)
