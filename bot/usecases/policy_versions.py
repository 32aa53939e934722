"""Versions of the policy: proposed, endorsed, reviewed, looked up, and an incident moved to another."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import desk as desk_record
from bot.domain import policy_change, policy_move, policy_review
from bot.domain.decision import Decision, Timer, TimerKind
from bot.domain.errors import InvalidInput, NotFound
from bot.domain.incident import Incident, IncidentId, UserId, Workspace
from bot.domain.items import Item, ItemId
from bot.domain.policy import Policy
from bot.usecases import desk, oncall, readiness, scene
from bot.usecases.scene import Scene
from storage import audit, policies, timers
from storage.database import Tx
from storage.policies import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Every version of a workspace, the newest first, with the last proposal of each where there was one."""

    versions: tuple[Version, ...]
    proposals: dict[str, Item]


def offer(tx: Tx, policy: Policy, *, workspace: Workspace, by: str, now: datetime) -> str:
    """Bring the pack that was found at a start before its owner, and return the version in force.

    The very first version of a workspace comes into force at once: there is nobody yet who could agree. So does one that
    says exactly the same as the version in force. A version that waits, was rejected or gave way is not asked for again.
    """
    try:
        active = policies.active(tx, workspace)
    except NotFound:
        _at_once(tx, workspace, policy, by, "policy.first", now)
        return policy.version
    if policy.version == active.version:
        return active.version
    if _content(policy) == _content(policies.version(tx, active.version)):
        _at_once(tx, workspace, policy, by, "policy.same_content", now)
        return policy.version
    at = desk.of(tx, workspace, now)
    if policy_change.asks_again(at.items, policy.version) and not _was_in_force(
        tx, workspace, policy.version
    ):
        _propose(tx, at, policy, by=by, again=False, now=now)
    return active.version


def propose(tx: Tx, policy: Policy, *, workspace: Workspace, by: str, now: datetime) -> Scene:
    """Ask the policy's owner to put a pack in force; whatever was decided on it before, it is asked anew."""
    at = desk.of(tx, workspace, now)
    _propose(tx, at, policy, by=by, again=False, now=now)
    return at


def revert(tx: Tx, prefix: str, *, workspace: Workspace, by: str, now: datetime) -> Policy:
    """Ask the policy's owner to put an earlier version in force again."""
    at = desk.of(tx, workspace, now)
    policy = policies.version(tx, named(tx, prefix, workspace=workspace).version)
    _propose(tx, at, policy, by=by, again=True, now=now)
    return policy


def force(tx: Tx, policy: Policy, reason: str, *, workspace: Workspace, by: str, now: datetime) -> None:
    """Put a pack in force while nobody holds the role that could approve it."""
    at = desk.of(tx, workspace, now)
    policies.keep(tx, workspace, policy, by, now)
    decision = policy_change.forced(
        at.incident, at.items, at.policy, policy, at.directory, by=by, reason=reason, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
    oncall.arm(tx, workspace, now)


def endorse(tx: Tx, item_id: ItemId, digest: str, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Note that the sponsor stands behind a version."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    decision = policy_change.endorse(
        at.incident, item, at.policy, at.directory, digest=digest, by=by, now=now
    )
    scene.conclude(tx, at, decision, actor=by, now=now)


def still_right(tx: Tx, version: str, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Note that the policy in force was reviewed and found right."""
    at = desk.of(tx, workspace, now)
    decision = policy_review.still_right(at.incident, version, at.policy, at.directory, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)


def move(tx: Tx, incident_id: IncidentId, *, by: UserId, workspace: Workspace, now: datetime) -> Incident:
    """Move an incident to the version in force, on purpose."""
    at = scene.of(tx, incident_id, workspace, now)
    active = policies.active(tx, workspace)
    decision = policy_move.move(at.incident, at.items, at.policy, active, at.directory, by=by, now=now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.incident


def log(tx: Tx, *, workspace: Workspace, now: datetime) -> Log:
    """Return every version that is known here; nothing is changed by looking."""
    known = policies.versions(tx, workspace)
    try:
        items = scene.of(tx, desk_record.id_of(workspace), workspace, now, for_update=False).items
    except NotFound:
        items = ()
    last = {version.version: policy_change.latest(items, version.version) for version in known}
    return Log(versions=known, proposals={name: item for name, item in last.items() if item is not None})


def named(tx: Tx, prefix: str, *, workspace: Workspace) -> Version:
    """Return the one version that begins so; raises `NotFound`, and `InvalidInput` where several do."""
    found = [one for one in policies.versions(tx, workspace) if one.version.startswith(prefix.lower())]
    if not prefix or not found:
        raise NotFound(f"There is no policy version {prefix!r} here. `tocsin policy log` lists them.")
    if len(found) > 1:
        names = ", ".join(one.version for one in found[:5])
        raise InvalidInput({"version": f"Several versions begin with {prefix!r}: {names}. Write more of it."})
    return found[0]


def keep_watch(tx: Tx, *, workspace: Workspace, now: datetime) -> None:
    """See that the desk's own clocks run: the review of the policy, and the weekly look at whether a page would arrive."""
    at = desk.of(tx, workspace, now)
    running = {timer.kind for timer in timers.of_incident(tx, at.incident.id) if timer.item_id is None}
    wanted: list[Timer] = []
    if TimerKind.REVIEW not in running or not policy_review.is_due(at.policy, now):
        wanted += policy_review.first(at.incident, at.policy.review_by, at.policy, now)
    if TimerKind.READINESS not in running:
        wanted.append(readiness.next_report(at, now))
    scene.conclude(tx, at, Decision(incident=at.incident, timers=tuple(wanted)), actor="tocsin", now=now)


def review_fell_due(tx: Tx, at: Scene, now: datetime) -> None:
    """Warn that the policy is past its date."""
    scene.conclude(
        tx, at, policy_review.fell_due(at.incident, at.policy, at.directory, now), actor="tocsin", now=now
    )


def _propose(tx: Tx, at: Scene, policy: Policy, *, by: str, again: bool, now: datetime) -> None:
    policies.keep(tx, at.incident.workspace, policy, by, now)
    decision = policy_change.propose(
        at.incident, at.items, at.policy, policy, at.directory, by=by, now=now, again=again
    )
    scene.conclude(tx, at, decision, actor=by, now=now)


def _at_once(tx: Tx, workspace: Workspace, policy: Policy, by: str, rule: str, now: datetime) -> None:
    policies.activate(tx, workspace, policy, now)
    data = {"version": policy.version, "owner": policy.owner}
    audit.append(
        tx,
        workspace,
        "policy.changed",
        actor=by,
        data=data,
        policy_version=policy.version,
        rule=rule,
        now=now,
    )


def _was_in_force(tx: Tx, workspace: Workspace, version: str) -> bool:
    known = policies.versions(tx, workspace)
    return any(one.version == version and one.activated_at is not None for one in known)


def _content(policy: Policy) -> str:
    """Return all that a policy says; a newer Tocsin may call the same by another version."""
    return policy.model_copy(update={"version": ""}).model_dump_json()
