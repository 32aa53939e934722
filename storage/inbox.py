"""What has come in before: each delivery and each business key has its effect once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.incident import Workspace
from storage.errors import StorageError
from storage.statements import insert_or_ignore
from storage.tables import INBOX
from storage.transaction import Tx


class Duplicate(StorageError):
    """It has been done before; there is nothing to do and nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An event that was stored and is not finished; ``attempts`` counts the sweeps that took it up again."""

    key: str
    payload: Mapping[str, Any]
    received_at: datetime
    attempts: int


def store_event(
    tx: Tx, key: str, payload: Mapping[str, Any], now: datetime, *, workspace: Workspace | None = None
) -> bool:
    """Keep an event before it is acknowledged; False when the same delivery was kept before."""
    return _insert(tx, key, payload, now, None, workspace)


def claim_key(tx: Tx, key: str, now: datetime, *, workspace: Workspace | None = None) -> None:
    """Claim a key in this transaction, until it is pruned; raises `Duplicate` when somebody has it.

    A second claimer on PostgreSQL waits until the first has committed (and is refused) or rolled back (and gets it).
    """
    if not _insert(tx, key, None, now, now, workspace):
        raise Duplicate(f"{key} has been done before.")


def done(tx: Tx, key: str, now: datetime | None = None) -> None:
    """Note that a stored event is finished; as of when it was last taken up, unless a moment is given."""
    tx.execute(
        update(INBOX).where(INBOX.c.key == key).values(done_at=INBOX.c.tried_at if now is None else now)
    )


def undone(tx: Tx, older_than: datetime, *, now: datetime, limit: int = 50) -> tuple[Stored, ...]:
    """Take up events that nobody has tried since ``older_than``, oldest first, so that two sweepers never share one."""
    due = (
        select(INBOX.c.key)
        .where(INBOX.c.done_at.is_(None), INBOX.c.tried_at <= older_than)
        .order_by(INBOX.c.tried_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(INBOX)
        .where(INBOX.c.key.in_(select(due.c.key)))
        .values(tried_at=now, attempts=INBOX.c.attempts + 1)
        .returning(INBOX.c.key, INBOX.c.payload, INBOX.c.received_at, INBOX.c.attempts)
    )
    rows = tx.execute(taken).all()
    stored = (
        Stored(key=row.key, payload=row.payload or {}, received_at=row.received_at, attempts=row.attempts)
        for row in rows
    )
    return tuple(sorted(stored, key=lambda event: (event.received_at, event.key)))


def prune(tx: Tx, before: datetime) -> int:
    """Forget what was finished before a moment; returns how many keys. Unfinished events are kept."""
    gone = delete(INBOX).where(INBOX.c.done_at.is_not(None), INBOX.c.received_at < before)
    return tx.execute(gone).rowcount


def _insert(
    tx: Tx,
    key: str,
    payload: Mapping[str, Any] | None,
    now: datetime,
    done_at: datetime | None,
    workspace: Workspace | None,
) -> bool:
    values = {
        "key": key,
        "team_id": workspace.team_id if workspace else "",
        "enterprise_id": workspace.enterprise_id if workspace else None,
        "payload": payload,
        "received_at": now,
        "tried_at": now,
        "attempts": 0,
        "done_at": done_at,
    }
    return tx.fast(insert_or_ignore(tx, INBOX, "key"), values).rowcount == 1
