"""Opening incidents, looking at them, and changing how bad they are."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import change, identities, opening, quorum, severity, stages
from bot.domain.decision import Decision
from bot.domain.errors import InvalidInput, NotNow
from bot.domain.incident import ChannelId, Incident, IncidentId, Severity, UserId, Workspace
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.packs import texts
from bot.usecases import desk, recurrence, scene
from storage import incidents, people, policies
from storage.apply import apply
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the opening form shows before anything is written."""

    policy: Policy
    computed: severity.Computed
    targets: dict[str, datetime]


def open_incident(
    tx: Tx,
    draft: opening.Draft,
    *,
    id: str,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Record a new incident with everybody it asks; Slack is told later, by the courier (promise M-01).

    ``id`` is chosen at the door, so that the same submission delivered twice is the same incident.
    """
    opening.validate(draft)
    policy, directory = policies.active(tx, workspace), people.directory(tx, workspace, now)
    decision = opening.open_incident(
        policy,
        directory,
        draft,
        id=IncidentId(id),
        number=incidents.next_number(tx, workspace),
        by=by,
        workspace=workspace,
        now=now,
    )
    decision = recurrence.noticed(tx, decision, policy, directory, now)
    drafted = _drafts(decision, policy, directory, now)
    apply(tx, drafted, actor=by, now=now)
    _owner_wanted(tx, drafted.incident, policy, directory, now)
    return drafted.incident


def preview(tx: Tx, draft: opening.Draft, *, workspace: Workspace, now: datetime) -> Preview:
    """Compute what the form would open, without opening it; a number of users that cannot be read counts once it is sent."""
    policy = policies.active(tx, workspace)
    try:
        computed = opening.computed(policy, draft)
    except InvalidInput:
        computed = opening.computed(policy, replace(draft, users_said=""))
    chosen = min(computed.severity, draft.severity or computed.severity)
    targets = severity.targets(policy, chosen, now, customer_visible=draft.customer_visible, kind=draft.kind)
    return Preview(policy=policy, computed=computed, targets=targets)


def here(tx: Tx, channel_id: ChannelId, *, workspace: Workspace) -> Incident | None:
    """Return the incident whose channel this is, if any."""
    return incidents.by_channel(tx, workspace, channel_id)


def list_open(tx: Tx, *, workspace: Workspace) -> tuple[Incident, ...]:
    """Return every incident that is not closed, worst first."""
    return tuple(sorted(incidents.open_ones(tx, workspace), key=lambda i: (i.severity, i.number)))


def change_severity(
    tx: Tx,
    incident_id: IncidentId,
    to: Severity,
    reason: str,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Incident:
    """Raise the severity with a reason, or ask for the approvals that lowering it needs (S0-27)."""
    at = scene.of(tx, incident_id, workspace, now)
    if at.incident.is_closed:
        raise NotNow(f"{at.incident.key} is closed. Reopen it first: `/incident reopen`.")
    decision = change.request_severity(
        at.incident, at.items, at.policy, at.directory, to, by=by, reason=reason, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident


def _owner_wanted(tx: Tx, incident: Incident, policy: Policy, directory: Directory, now: datetime) -> None:
    """Open the exception of an identity that nobody owns, on the desk (S3-15)."""
    if not quorum.is_unowned(policy, incident.identity):
        return
    at = desk.of(tx, incident.workspace, now)
    decision = identities.exception(at.incident, at.items, incident, policy, directory, now)
    scene.conclude(tx, at, decision, actor="tocsin", now=now)


def _drafts(decision: Decision, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Add the outside texts that opening owes as drafts; inside, the incident's card says all there is."""
    incident, items = decision.incident, decision.items
    drafts = [t for t in stages.texts_for(policy, incident, incident.stage) if t.approve]
    written = {
        t.template: texts.stage_text(policy, incident, items, incident.stage, t, now=now) for t in drafts
    }
    said = stages.say(incident, items, drafts, policy, directory, now=now, texts=written)
    return decision.then(said)
