"""Which policy is in force."""

from datetime import datetime

from bot.domain import policy_refusal
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Policy
from bot.usecases import desk, oncall
from storage import audit, policies
from storage.apply import apply
from storage.database import Tx


def activate(tx: Tx, policy: Policy, *, workspace: Workspace, by: str, now: datetime) -> None:
    """Put a pack in force for new incidents; incidents under way keep the version that they began with."""
    try:
        news = policies.active(tx, workspace).version != policy.version
    except NotFound:
        news = True
    policies.activate(tx, workspace, policy, now)
    oncall.arm(tx, workspace, now)
    if news:
        data = {"version": policy.version, "owner": policy.owner}
        audit.append(
            tx,
            workspace,
            "policy.changed",
            actor=by,
            data=data,
            policy_version=policy.version,
            rule="policy.given",
            now=now,
        )


def refuse(tx: Tx, problems: tuple[str, ...], *, workspace: Workspace, by: str, now: datetime) -> None:
    """A broken pack was offered: the last good version stays in force, the refusal is on record, its owner is told."""
    data = {"what": "policy pack", "why": "; ".join(problems[:20]), "problems": len(problems)}
    audit.append(tx, workspace, "input.rejected", actor=by, data=data, rule="policy.refused", now=now)
    try:
        at = desk.of(tx, workspace, now)
    except NotFound:
        return  # there is no version yet, and nobody whom it names
    decision = policy_refusal.refused(at.incident, problems, at.policy, at.directory, now)
    apply(tx, decision, actor=by, now=now)


def sealed(tx: Tx, seal: str, *, workspace: Workspace) -> Policy | None:
    """Return the policy of a pack that was checked before, down to the last letter and by the same rules."""
    return policies.sealed(tx, workspace, seal)


def note_seal(tx: Tx, version: str, seal: str, *, workspace: Workspace) -> None:
    """Note that a pack was checked and says this version, so that the next start need not check it again."""
    policies.seal(tx, workspace, version, seal)


def active(tx: Tx, *, workspace: Workspace) -> Policy:
    """Return the policy in force; raises `NotFound` before the first one."""
    return policies.active(tx, workspace)
