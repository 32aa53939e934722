"""`tocsin policy log`, `show`, `propose` and `revert`: the versions of the policy that this database knows."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from bot.cli.audit import ask, opened
from bot.cli.policy import pack
from bot.clock import system_clock
from bot.domain.errors import BotError, InvalidInput, NotFound
from bot.domain.incident import Workspace
from bot.domain.items import Item, ItemState
from bot.domain.policy import Policy
from bot.domain.policy_words import changes, short
from bot.settings import HalfConfigured
from bot.usecases import policy_versions
from bot.usecases.policy_versions import Log
from storage import policies, workspaces
from storage.database import Database, StorageError, Tx
from storage.policies import Version

STATES = {
    ItemState.OPEN: "waits",
    ItemState.REJECTED: "rejected",
    ItemState.EXPIRED: "expired",
    ItemState.SUPERSEDED: "superseded",
    ItemState.CANCELLED: "withdrawn",
}


def log(workspace: str | None) -> int:
    """Print a line for each version, the newest first."""

    def look(db: Database, here: Workspace) -> int:
        known = ask(db, _log, here)
        for version in known.versions:
            policy = ask(db, policies.version, version.version)
            print(_line(version, known.proposals.get(version.version), policy))
        return 0

    return _with_workspace(workspace, look)


def show(prefix: str, workspace: str | None) -> int:
    """Print what is on record of one version, and what it changes against the one in force."""

    def look(db: Database, here: Workspace) -> int:
        version = ask(db, _named, prefix, here)
        known, now = ask(db, _log, here), ask(db, policies.active, here)
        policy = ask(db, policies.version, version.version)
        print(_line(version, known.proposals.get(version.version), policy))
        print(f"organisation {policy.organisation}, owner {policy.owner}, sponsor {policy.sponsor or 'none'}")
        if version.active:
            print("this is the version in force")
            return 0
        lines = changes(now, policy)
        print(
            f"against {short(now.version)}, which is in force, it changes {len(lines)} {'key' if len(lines) == 1 else 'keys'}:"
        )
        for line in lines:
            print(f"  {plain(line)}")
        return 0

    return _with_workspace(workspace, look)


def propose(directory: str | None, workspace: str | None, nobody_can_approve: str | None) -> int:
    """Put a pack before the policy's owner, in Slack; the running bot sends the card."""
    policy = pack.given(directory)
    if policy is None:
        return 1

    def do(db: Database, here: Workspace) -> int:
        now, by = system_clock(), _who()
        if nobody_can_approve is not None:
            db.transact(policy_versions.force, policy, nobody_can_approve, workspace=here, by=by, now=now)
            print(f"policy {short(policy.version)} is in force for new incidents, without an approval")
            return 0
        db.transact(policy_versions.propose, policy, workspace=here, by=by, now=now)
        print(
            f"policy {short(policy.version)} was proposed: its owner is asked in Slack. `tocsin policy log` shows the answer."
        )
        return 0

    return _with_workspace(workspace, do)


def revert(prefix: str, workspace: str | None) -> int:
    """Put an earlier version before the policy's owner again."""

    def do(db: Database, here: Workspace) -> int:
        policy = db.transact(policy_versions.revert, prefix, workspace=here, by=_who(), now=system_clock())
        print(f"policy {short(policy.version)} was proposed again: its owner is asked in Slack.")
        return 0

    return _with_workspace(workspace, do)


def _log(tx: Tx, here: Workspace) -> Log:
    return policy_versions.log(tx, workspace=here, now=system_clock())


def _named(tx: Tx, prefix: str, here: Workspace) -> Version:
    return policy_versions.named(tx, prefix, workspace=here)


def _with_workspace(name: str | None, look: Callable[[Database, Workspace], int]) -> int:
    try:
        with opened() as db:
            db.check()
            return look(db, workspace_of(db, name))
    except (HalfConfigured, StorageError, NotFound, InvalidInput) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2
    except BotError as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 1


def workspace_of(db: Database, name: str | None) -> Workspace:
    """Return the workspace that was named, or the only one; raises `NotFound` and `InvalidInput`."""
    known = [team for team in ask(db, workspaces.all_known) if name in (None, team)]
    if len(known) == 1:
        return Workspace(team_id=known[0])
    if not known:
        raise NotFound(
            "No bot has run here yet: start it once with `tocsin run`."
            if name is None
            else f"{name} is not known here."
        )
    raise InvalidInput({"workspace": f"This database serves {', '.join(known)}: name one with --workspace."})


def _line(version: Version, proposal: Item | None, policy: Policy) -> str:
    said = (*_said(version, proposal), *_reviewed(version, policy))
    return "  ".join((short(version.version), f"{_state(version, proposal):<10}", *said))


def _state(version: Version, proposal: Item | None) -> str:
    if version.active:
        return "in force"
    if proposal is not None and proposal.state in STATES:
        return STATES[proposal.state]
    return "replaced" if version.activated_at else "kept"


def _said(version: Version, proposal: Item | None) -> Iterator[str]:
    if version.proposed_at is not None:
        yield f"proposed {_at(version.proposed_at)} by {plain(version.proposed_by)}"
    if version.activated_at is not None:
        how = (
            f"approved by {plain(', '.join(version.approved_by))}"
            if version.approved_by
            else "without an approval"
        )
        since = "in force since" if version.active else "came into force"
        yield f"{since} {_at(version.activated_at)}, {how}"
    if proposal is not None and proposal.state is ItemState.REJECTED and proposal.grants:
        yield f"because: {plain(proposal.grants[-1].reason)}"
    if version.endorsed_by and version.endorsed_at is not None:
        yield f"endorsed {version.endorsed_at:%Y-%m-%d} by {plain(version.endorsed_by)}"


def _reviewed(version: Version, policy: Policy) -> Iterator[str]:
    """Say who looked at it when: in Slack since, or as the pack says."""
    by = plain(version.reviewed_by or policy.reviewed_by)
    on = version.reviewed_at.date() if version.reviewed_at is not None else policy.reviewed_on
    if on is not None:
        yield f"reviewed {on}{f' by {by}' if by else ''}"
    if (until := version.review_by or policy.review_by) is not None:
        yield f"review by {until}"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"


def plain(text: str) -> str:
    """Return outside text on one line, without what a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _who() -> str:
    """Return who sits at the command line, as the machine knows them."""
    with suppress(OSError, KeyError, ImportError):
        return f"{getpass.getuser()} at the command line"
    return "somebody at the command line"
