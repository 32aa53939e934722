"""Marks beside what is kept in memory: each change renews one, so that what is kept is as fresh as what is stored."""

import secrets

from sqlalchemy import bindparam, select

from bot.domain.incident import Workspace
from storage.hot import Hot
from storage.statements import upsert
from storage.tables import COUNTER
from storage.transaction import Tx

# People, what the roster's references stand for, and who takes whose place on call.
PEOPLE = "people"

_MARK = Hot(
    select(COUNTER.c.value).where(
        COUNTER.c.team_id == bindparam("team"), COUNTER.c.name == bindparam("counter")
    )
)


def of(tx: Tx, ws: Workspace, name: str) -> int | None:
    """Return a mark as it stood when this transaction first asked, or renewed it; None before anything was ever marked."""
    if (ws.team_id, name) not in tx.marks:
        row = tx.fast(_MARK, {"team": ws.team_id, "counter": name}).first()
        tx.marks[ws.team_id, name] = None if row is None else int(row.value)
    return tx.marks[ws.team_id, name]


def renew(tx: Tx, ws: Workspace, name: str) -> None:
    """Renew a mark. It is drawn by lot, so that a change that is rolled back leaves nothing that looks like it."""
    row = {
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "name": name,
        "value": secrets.randbelow(1 << 31),
    }
    tx.fast(upsert(tx, COUNTER, "team_id", "name"), [row])
    tx.marks.pop((ws.team_id, name), None)
