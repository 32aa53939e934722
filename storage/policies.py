"""The policy pack, every version that an incident may have begun with."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.domain.decision import Standing
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Endorsement, Policy
from storage import former_policies
from storage.statements import insert_or_ignore
from storage.tables import POLICY_VERSION
from storage.transaction import Tx

# A version never changes, so what was read once is good for ever; only a few are in use at a time.
_KEPT = 16
_known: OrderedDict[str, Policy] = OrderedDict()

_RECORD = [column for column in POLICY_VERSION.c if column.name != "content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is on record of one version: when it was proposed and in force, and who stood behind it, by name."""

    version: str
    active: bool
    proposed_at: datetime | None
    proposed_by: str
    activated_at: datetime | None
    approved_by: tuple[str, ...]
    endorsed_by: str
    endorsed_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    review_by: date | None


def keep(tx: Tx, ws: Workspace, policy: Policy, by: str, now: datetime) -> None:
    """Keep a version that is proposed; what it says never changes, so one that is known is only proposed again."""
    _insert(tx, ws, policy)
    _set(tx, ws, policy.version, proposed_at=now, proposed_by=by)


def activate(tx: Tx, ws: Workspace, policy: Policy, now: datetime) -> None:
    """Make a policy the one that new incidents begin with; incidents under way keep theirs."""
    _insert(tx, ws, policy)
    note(tx, ws, [Standing(version=policy.version, in_force=True)], now)


def note(tx: Tx, ws: Workspace, standings: Iterable[Standing], now: datetime) -> None:
    """Note what a decision says of versions; the one that comes into force takes the place of the one that was."""
    for one in standings:
        if one.in_force:
            tx.execute(
                update(POLICY_VERSION).where(POLICY_VERSION.c.team_id == ws.team_id).values(active=False)
            )
            _set(
                tx, ws, one.version, active=True, activated_at=now, approved_by=list(one.approved_by) or None
            )
        if one.endorsed_by:
            _set(tx, ws, one.version, endorsed_by=one.endorsed_by, endorsed_at=now)
        if one.reviewed_by:
            looked = {"reviewed_by": one.reviewed_by, "reviewed_at": now, "review_by": one.review_by}
            _set(tx, ws, one.version, **looked)


def active(tx: Tx, ws: Workspace) -> Policy:
    """Return the policy that new incidents begin with, with what people added: who endorsed it, who reviewed it when.

    Raises `NotFound` before the first was activated.
    """
    current = select(*_RECORD).where(
        POLICY_VERSION.c.team_id == ws.team_id, POLICY_VERSION.c.active.is_(True)
    )
    found = tx.execute(current).first()
    if found is None:
        raise NotFound("No policy is active in this workspace yet.")
    policy = version(tx, found.version)
    added: dict[str, Any] = {}
    if found.endorsed_by:
        added["endorsement"] = Endorsement(by=found.endorsed_by, on=found.endorsed_at.date())
    if found.reviewed_by:
        added["reviewed_by"], added["reviewed_on"] = found.reviewed_by, found.reviewed_at.date()
        added["review_by"] = found.review_by
    return policy.model_copy(update=added) if added else policy


def seal(tx: Tx, ws: Workspace, version: str, seal: str) -> None:
    """Note which pack was checked and found to say this version."""
    _set(tx, ws, version, seal=seal)


def sealed(tx: Tx, ws: Workspace, seal: str) -> Policy | None:
    """Return what a pack with this seal was found to say, if one was ever checked."""
    known = select(POLICY_VERSION.c.version).where(
        POLICY_VERSION.c.team_id == ws.team_id, POLICY_VERSION.c.seal == seal
    )
    found = tx.execute(known.limit(1)).scalar()
    return None if found is None else version(tx, found)


def versions(tx: Tx, ws: Workspace) -> tuple[Version, ...]:
    """Return every version that was ever proposed or in force here, the newest first."""
    rows = tx.execute(select(*_RECORD).where(POLICY_VERSION.c.team_id == ws.team_id))
    return tuple(sorted(map(_version, rows), key=_last_seen, reverse=True))


def version(tx: Tx, version: str) -> Policy:
    """Return a version of the policy; raises `NotFound` for one that was never activated."""
    known = _known.get(version)
    if known is not None:
        return known
    stored = select(POLICY_VERSION.c.content).where(POLICY_VERSION.c.version == version).limit(1)
    content = tx.execute(stored).scalar()
    if content is None:
        raise NotFound(f"The policy version {version} is not known here.")
    policy = Policy.model_validate_json(former_policies.readable(content))
    _known[version] = policy
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return policy


def _insert(tx: Tx, ws: Workspace, policy: Policy) -> None:
    row = {
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "version": policy.version,
        "content": policy.model_dump_json(),
        "active": False,
    }
    tx.fast(insert_or_ignore(tx, POLICY_VERSION, "team_id", "version"), row)


def _set(tx: Tx, ws: Workspace, version: str, **values: Any) -> None:
    mine = (POLICY_VERSION.c.team_id == ws.team_id, POLICY_VERSION.c.version == version)
    tx.execute(update(POLICY_VERSION).where(*mine).values(**values))


def _version(row: Row[Any]) -> Version:
    return Version(
        version=row.version,
        active=row.active,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by or "",
        activated_at=row.activated_at,
        approved_by=tuple(row.approved_by or ()),
        endorsed_by=row.endorsed_by or "",
        endorsed_at=row.endorsed_at,
        reviewed_by=row.reviewed_by or "",
        reviewed_at=row.reviewed_at,
        review_by=row.review_by,
    )


def _last_seen(version: Version) -> tuple[bool, datetime, str]:
    moments = [at for at in (version.proposed_at, version.activated_at) if at is not None]
    return version.active, max(moments, default=datetime.min.replace(tzinfo=UTC)), version.version
