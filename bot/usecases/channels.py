"""The incident's own channel: made, furnished, repaired, archived."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain import rooms
from bot.domain.errors import IllegalMove
from bot.domain.incident import ChannelId, ChannelState, IncidentId, UserId, Workspace
from bot.usecases import scene
from storage import outbox, redraws
from storage.apply import apply
from storage.database import Tx
from storage.outbox import Sending


def created(tx: Tx, sending: Sending, channel_id: ChannelId, name: str, *, now: datetime) -> None:
    """The channel exists: furnish it (topic, purpose, bookmark, card, invitations) and release what waited for it."""
    if not outbox.sent(tx, sending, channel_id, None, now):
        return
    at = scene.of(tx, sending.incident_id, sending.workspace, now)
    decision = rooms.created(at.incident, at.items, at.policy, channel_id, name)
    apply(tx, decision, actor="tocsin", now=now)
    # Pages that could not wait for the channel are drawn again, with the way to it.
    redraws.of_changed(tx, decision.incident, frozenset(item.id for item in at.items), now)


def failed(tx: Tx, sending: Sending, reason: str, fallback: ChannelId | None, *, now: datetime) -> None:
    """The channel cannot be made: the incident goes on in the fallback channel and its card shows the repair (M-01)."""
    if not outbox.aside(tx, sending, reason, now):
        return
    at = scene.of(tx, sending.incident_id, sending.workspace, now)
    apply(tx, rooms.failed(at.incident, reason, fallback), actor="tocsin", now=now)


def invited(tx: Tx, sending: Sending, failures: Mapping[str, str], *, now: datetime) -> None:
    """The invitations went out; whoever could not be invited is named on the record and in the channel."""
    if not outbox.sent(tx, sending, None, None, now):
        return
    at = scene.of(tx, sending.incident_id, sending.workspace, now)
    apply(tx, rooms.invited(at.incident, sending.data.get("users", ()), failures), actor="tocsin", now=now)


def retry(tx: Tx, incident_id: IncidentId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Somebody mended what was in the way: try once more to make the channel, as often as somebody asks."""
    at = scene.of(tx, incident_id, workspace, now)
    if at.incident.channel_state is not ChannelState.FALLBACK:
        raise IllegalMove(f"{at.incident.key} has its channel already.")
    scene.conclude(tx, at, rooms.wanted(at.incident, again=int(now.timestamp())), actor=by, now=now)


def archived(tx: Tx, sending: Sending, *, now: datetime) -> None:
    """The channel of a closed incident is archived."""
    if not outbox.sent(tx, sending, None, None, now):
        return
    at = scene.of(tx, sending.incident_id, sending.workspace, now)
    apply(tx, rooms.archived(at.incident), actor="tocsin", now=now)
