"""The identity that an incident is about: who owns it, how much it can do, and what follows where nobody does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import quorum, tasks
from bot.domain.decision import Decision, Fact
from bot.domain.incident import Dimension, Incident, Role, Scores
from bot.domain.items import Item
from bot.domain.policy import Policy
from bot.domain.roles import Directory

RULE = "identity.unowned"
LONGEST = 80
# Stands for an identity that nobody could name yet.
UNKNOWN = "unknown"


def scored(policy: Policy, identity: str, scores: Scores) -> Scores:
    """Return the scores with what the policy knows of the identity: it is never less critical than its row says."""
    row = policy.identities.get(identity)
    if row is None or Dimension.IDENTITY not in policy.dimensions:
        return scores
    given = scores.get(Dimension.IDENTITY)
    return {**scores, Dimension.IDENTITY: max(row.criticality, given or 0)}


def service(policy: Policy, identity: str) -> str:
    """Return the service that an identity belongs to; empty for one that belongs to none."""
    row = policy.identities.get(identity)
    return row.service if row else ""


def label(policy: Policy, identity: str) -> str:
    """Return an identity as people read it: its row's label, or the words that were typed."""
    row = policy.identities.get(identity)
    return row.label if row else "an identity that is not known yet" if identity == UNKNOWN else identity


def governors(policy: Policy, incident: Incident) -> tuple[Role, ...]:
    """Return who is called in because nobody owns the identity: identity governance (S3-15)."""
    role = policy.governance.role
    return (role,) if role and quorum.is_unowned(policy, incident.identity) else ()


def exception(
    desk: Incident,
    items: Iterable[Item],
    incident: Incident,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Open the exception of an identity without an owner: governance owes one, on the desk, so that it outlives the incident.

    The same identity has one open exception, however many incidents it causes. Nothing is owed where it has an owner.
    """
    role = policy.governance.role
    if role is None or not quorum.is_unowned(policy, incident.identity):
        return Decision(incident=desk)
    due = now + timedelta(days=policy.governance.owner_within_days)
    name = label(policy, incident.identity)
    owed = tasks.owe(
        desk,
        items,
        policy,
        directory,
        role,
        f"name an owner for {name}, which nobody owns (seen in {incident.key})",
        about=f"identity/{incident.identity}",
        due=due,
        now=now,
        rule=RULE,
        data={"identity": incident.identity, "incident": incident.key},
    )
    if not owed.items:
        return owed
    data = {
        "identity": incident.identity,
        "incident": incident.key,
        "why": "unowned identity",
        "owner": role,
        "expires_at": due.isoformat(),
    }
    opened = Fact(kind="exception.opened", data=data, item_id=owed.items[0].id, rule=RULE)
    return replace(owed, facts=(opened, *owed.facts))
