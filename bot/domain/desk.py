"""The desk: the workspace's own record, which holds what is owed but belongs to no incident.

A shift to be handed over, a policy to be approved, a weekly report: each is an item with timers and notices like any other,
so the one engine nags, escalates and redraws it. The desk is never listed, has no channel and is never closed; it always
works by the policy in force.
"""

from datetime import datetime

from bot.domain.decision import Decision, Fact
from bot.domain.incident import ChannelState, Incident, IncidentId, Severity, UserId, Workspace
from bot.domain.policy import Policy

NUMBER = 0


def id_of(workspace: Workspace) -> IncidentId:
    """Return the id of a workspace's desk."""
    return IncidentId(f"desk/{workspace.team_id}")


def open_desk(workspace: Workspace, policy: Policy, now: datetime) -> Decision:
    """Return the decision that sets the desk up, once per workspace."""
    desk = Incident(
        id=id_of(workspace),
        workspace=workspace,
        number=NUMBER,
        title="Desk",
        severity=Severity.SEV3,
        computed_severity=Severity.SEV3,
        severity_reason="",
        scores={},
        opened_by=UserId("tocsin"),
        opened_at=now,
        channel_state=ChannelState.FALLBACK,
        policy_version=policy.version,
    )
    return Decision(incident=desk, facts=(Fact(kind="desk.opened", rule="desk.open"),))
