"""Verifying the audit chain: whole, or a page at a time."""

from dataclasses import dataclass
from typing import Any

import rfc8785
from sqlalchemy import Row, select

from bot.domain.audit import GENESIS, link
from bot.domain.incident import Workspace
from storage import audit
from storage.tables import AUDIT_EVENT, AUDIT_HEAD
from storage.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What checking the chain found: how many events were intact, and the first that is not (its workspace and number)."""

    ok: bool
    count: int
    first_broken: tuple[str, int] | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a chain was verified: its last intact event, and the hash of it."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What verifying one page of a chain found, how far that came, and whether the chain ends there."""

    found: Verification
    reached: Reached
    at_end: bool


def verify(tx: Tx, ws: Workspace | None = None) -> Verification:
    """Recompute the chain of one workspace, or of all, and name the first broken event.

    Finds an altered, removed, inserted or reordered row, and a tail that was cut off (the head says how long the chain is).
    """
    audit.flush(tx)
    heads, chains = select(AUDIT_HEAD.c.team_id), select(AUDIT_EVENT.c.team_id).distinct()
    teams = {team_id for query in (heads, chains) for team_id in tx.execute(query).scalars()}
    count = 0
    for team_id in sorted(teams) if ws is None else [ws.team_id]:
        chain = Page(found=Verification(ok=True, count=0), reached=Reached(), at_end=False)
        while not chain.at_end:
            chain = _next(tx, team_id, chain.reached)
        count += chain.found.count
        if not chain.found.ok:
            return Verification(
                ok=False, count=count, first_broken=chain.found.first_broken, why=chain.found.why
            )
    return Verification(ok=True, count=count)


def verify_on(tx: Tx, ws: Workspace, after: Reached) -> Page:
    """Verify one page of a workspace's chain, from where it was verified to.

    So a chain of any length is verified without keeping anybody waiting, and what was verified before need not be again.
    What is written meanwhile is left to the next time.
    """
    return _next(tx, ws.team_id, after)


def _next(tx: Tx, team_id: str, after: Reached) -> Page:
    last, vouched = _head(tx, team_id)
    page = audit.page(tx, team_id, after.seq)
    seq, previous = after.seq, after.hash

    def broken(number: int, why: str) -> Page:
        found = Verification(ok=False, count=seq, first_broken=(team_id, number), why=why)
        return Page(found=found, reached=Reached(seq, previous), at_end=True)

    def strayed() -> bool:
        return seq == last and previous != vouched

    for row in page:
        if flaw := _flaw(row, seq, previous):
            return broken(*flaw)
        seq, previous = row.seq, row.hash
        if strayed():
            break
    if strayed():
        return broken(seq, f"event {seq} is not the one that the chain's head vouches for")
    at_end = len(page) < audit.PAGE
    if at_end and seq < last:
        return broken(
            seq + 1, f"the end of the chain is cut off: {last} events were written and {seq} are left"
        )
    # Written while we read: then the head has moved on, too.
    if at_end and seq > last and _head(tx, team_id)[0] < seq:
        if after.seq > last:
            return broken(
                last + 1,
                f"the end of the chain is cut off: {after.seq} events were there and {last} are left",
            )
        return broken(last + 1, f"event {last + 1} was written past the chain's head")
    return Page(found=Verification(ok=True, count=seq), reached=Reached(seq, previous), at_end=at_end)


def _flaw(row: Row[Any], seq: int, previous: str) -> tuple[int, str] | None:
    """Return what is wrong with an event that should follow another: its number and why."""
    if row.seq != seq + 1:
        return seq + 1, f"event {seq + 1} is missing: after {seq} comes {row.seq}"
    if row.previous_hash != previous:
        return row.seq, f"event {row.seq} does not follow event {seq}"
    try:
        expected = link(previous, audit.hashed(row._asdict()))
    except rfc8785.CanonicalizationError:
        expected = ""
    if row.hash != expected:
        return row.seq, f"event {row.seq} was altered after it was written"
    return None


def _head(tx: Tx, team_id: str) -> tuple[int, str]:
    """Return the number and the hash of the last event, as the head of the chain has them."""
    head = tx.execute(
        select(AUDIT_HEAD.c.seq, AUDIT_HEAD.c.hash).where(AUDIT_HEAD.c.team_id == team_id)
    ).first()
    return (head.seq, head.hash) if head is not None else (0, GENESIS)
