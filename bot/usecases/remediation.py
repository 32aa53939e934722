"""Actions that wait for a person's agreement before they are done."""

from datetime import datetime

from bot.domain import requesting
from bot.domain.incident import IncidentId, UserId, Workspace
from bot.domain.items import Item, ProposalKind
from bot.usecases import scene
from storage.database import Tx


def request(
    tx: Tx,
    incident_id: IncidentId,
    kind: ProposalKind,
    what: str,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Item:
    """Ask for an action's approvals; returns what was asked, decided already where asking was enough."""
    at = scene.of(tx, incident_id, workspace, now)
    decision = requesting.request(at.incident, at.items, at.policy, at.directory, kind, what, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return next(i for i in decision.items if i.proposal is not None and i.proposal.kind is kind)
