"""What is heard in an incident's channel: it keeps acknowledgements alive and may bring advice."""

from dataclasses import replace
from datetime import datetime

from bot.advisor.protocol import Advisor, Said
from bot.domain import advice
from bot.domain.decision import Decision
from bot.domain.incident import ChannelId, UserId, Workspace
from bot.usecases import scene
from bot.usecases.advice import put
from storage import evidence, incidents
from storage.database import Tx

EXCERPT = 300
REMEMBERED = 50


def heard(
    tx: Tx,
    channel_id: ChannelId,
    text: str,
    ts: str,
    advisor: Advisor,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Renew what the speaker has acknowledged, and let the advisor read along; it can only suggest.

    Words alone never decide anything: "approve" typed in the channel has no effect (M-03).
    """
    incident = incidents.by_channel(tx, workspace, channel_id)
    if incident is None or incident.is_closed:
        return
    at = scene.of(tx, incident.id, workspace, now)
    person = at.directory.people.get(by)
    if person is not None and person.is_bot:
        return
    scene.conclude(tx, at, Decision(incident=at.incident), actor=by, now=now)
    evidence.add(tx, incident.id, ts, text[:EXCERPT], by, now)
    said = tuple(
        Said(ref=e.ref, excerpt=e.excerpt, by=UserId(e.by), at=e.at)
        for e in evidence.said(tx, incident.id, REMEMBERED)
    )
    at = scene.of(tx, incident.id, workspace, now)
    for suggestion in advisor.advise(at.policy, at.incident, said):
        suggest_if_new(tx, at, replace(suggestion, prompted_by=by), now)
        at = scene.of(tx, incident.id, workspace, now)


def suggest_if_new(tx: Tx, at: scene.Scene, suggestion: advice.Suggestion, now: datetime) -> None:
    """Put a suggestion before people, unless the same one was already made on this incident."""
    if advice.is_new(at.incident, at.items, suggestion):
        put(tx, at, suggestion, by=suggestion.model, actor=f"advisor:{suggestion.model}", now=now)
