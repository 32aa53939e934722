"""The policy pack, every version that an incident may have begun with."""

import json
from collections import OrderedDict
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Policy
from storage.statements import upsert
from storage.tables import POLICY_VERSION
from storage.transaction import Tx

# A version never changes, so what was read once is good for ever; only a few are in use at a time.
_KEPT = 16
_known: OrderedDict[str, Policy] = OrderedDict()


def activate(tx: Tx, ws: Workspace, policy: Policy, now: datetime) -> None:
    """Make a policy the one that new incidents begin with; incidents under way keep theirs."""
    tx.execute(update(POLICY_VERSION).where(POLICY_VERSION.c.team_id == ws.team_id).values(active=False))
    row = {
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "version": policy.version,
        "content": json.loads(policy.model_dump_json()),
        "active": True,
        "activated_at": now,
    }
    tx.fast(upsert(tx, POLICY_VERSION, "team_id", "version"), row)


def active(tx: Tx, ws: Workspace) -> Policy:
    """Return the policy that new incidents begin with; raises `NotFound` before the first was activated."""
    current = select(POLICY_VERSION.c.version).where(
        POLICY_VERSION.c.team_id == ws.team_id, POLICY_VERSION.c.active.is_(True)
    )
    found = tx.execute(current).scalar()
    if found is None:
        raise NotFound("No policy is active in this workspace yet.")
    return version(tx, found)


def version(tx: Tx, version: str) -> Policy:
    """Return a version of the policy; raises `NotFound` for one that was never activated."""
    known = _known.get(version)
    if known is not None:
        return known
    stored = select(POLICY_VERSION.c.content).where(POLICY_VERSION.c.version == version).limit(1)
    content = tx.execute(stored).scalar()
    if content is None:
        raise NotFound(f"The policy version {version} is not known here.")
    policy = Policy.model_validate_json(json.dumps(content))
    _known[version] = policy
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return policy
