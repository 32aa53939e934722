"""Who is on call besides what the policy says: places taken, calendar feeds, and what was told once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.domain.covers import Cover
from bot.domain.incident import Role, UserId, Workspace
from bot.domain.oncall import Duty, Override, Shift
from storage import marks
from storage.statements import insert_or_ignore, upsert
from storage.tables import CALENDAR_FEED, ON_CALL_COVER, ON_CALL_TOLD
from storage.transaction import Tx

# The latest that may still matter; what is older is history, and stands in the audit trail.
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A schedule's calendar feed as last seen; ``content`` and ``shifts`` are the last good ones."""

    schedule: str
    url: str
    content: str = ""
    shifts: tuple[Shift, ...] = ()
    fetched_at: datetime | None = None
    read_at: datetime | None = None
    failing_since: datetime | None = None
    problem: str = ""
    told_at: datetime | None = None


def duty(tx: Tx, ws: Workspace) -> Duty:
    """Return the places taken, the latest arranged last (it counts), and the shifts of each feed."""
    wanted = select(CALENDAR_FEED.c.schedule, CALENDAR_FEED.c.shifts)
    mine = (CALENDAR_FEED.c.team_id == ws.team_id) & CALENDAR_FEED.c.read_at.is_not(None)
    rows = tx.execute(wanted.where(mine))
    read = {row.schedule: tuple(map(_shift, row.shifts)) for row in rows}
    return Duty(overrides=_taken(tx, ws), feeds=read)


def covers(tx: Tx, ws: Workspace, after: datetime | None = None) -> tuple[Cover, ...]:
    """Return who takes whose place, in the order in which it was arranged; ``after``: those that end later only."""
    wanted = select(ON_CALL_COVER).where(
        ON_CALL_COVER.c.team_id == ws.team_id, ON_CALL_COVER.c.cancelled_at.is_(None)
    )
    if after is not None:
        wanted = wanted.where(ON_CALL_COVER.c.until > after)
    latest = wanted.order_by(ON_CALL_COVER.c.until.desc(), ON_CALL_COVER.c.id).limit(_MOST)
    found = (_cover(row) for row in tx.execute(latest))
    return tuple(sorted(found, key=lambda cover: (cover.arranged_at, cover.id)))


def _taken(tx: Tx, ws: Workspace) -> tuple[Override, ...]:
    """Return the places taken in the order in which they were arranged; what was given back was taken until then."""
    wanted = select(ON_CALL_COVER).where(ON_CALL_COVER.c.team_id == ws.team_id)
    latest = wanted.order_by(ON_CALL_COVER.c.until.desc(), ON_CALL_COVER.c.id).limit(_MOST)
    found = sorted(tx.execute(latest), key=lambda row: (row.arranged_at, row.id))
    takes = ((_cover(row).takes, row.cancelled_at) for row in found)
    cut = (one if over is None else replace(one, until=min(one.until, over)) for one, over in takes)
    return tuple(one for one in cut if one.since < one.until)


def cover(tx: Tx, ws: Workspace, id: str) -> Cover | None:
    """Return one place taken, unless it is unknown or cancelled."""
    wanted = select(ON_CALL_COVER).where(
        ON_CALL_COVER.c.team_id == ws.team_id,
        ON_CALL_COVER.c.id == id,
        ON_CALL_COVER.c.cancelled_at.is_(None),
    )
    row = tx.execute(wanted).first()
    return None if row is None else _cover(row)


def arrange(tx: Tx, ws: Workspace, taken: Iterable[Cover]) -> None:
    """Keep places taken; one that is kept already stays as it is. Every rule sees them from now on."""
    rows = [
        {
            "team_id": ws.team_id,
            "enterprise_id": ws.enterprise_id,
            "id": cover.id,
            "role": cover.takes.role,
            "part": cover.takes.part,
            "user_id": cover.takes.user,
            "since": cover.takes.since,
            "until": cover.takes.until,
            "arranged_by": cover.arranged_by,
            "arranged_at": cover.arranged_at,
            "cancelled_at": None,
        }
        for cover in taken
    ]
    if rows:
        tx.fast(insert_or_ignore(tx, ON_CALL_COVER, "team_id", "id"), rows)
        marks.renew(tx, ws, marks.PEOPLE)


def cancel(tx: Tx, ws: Workspace, id: str, now: datetime) -> bool:
    """Give a place back; False when that was done before."""
    gone = (
        update(ON_CALL_COVER)
        .where(
            ON_CALL_COVER.c.team_id == ws.team_id,
            ON_CALL_COVER.c.id == id,
            ON_CALL_COVER.c.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    if tx.execute(gone).rowcount != 1:
        return False
    marks.renew(tx, ws, marks.PEOPLE)
    return True


def feeds(tx: Tx, ws: Workspace | None = None) -> tuple[FeedState, ...]:
    """Return every calendar feed ever fetched, by schedule; without a workspace, those of all."""
    wanted = select(CALENDAR_FEED)
    if ws is not None:
        wanted = wanted.where(CALENDAR_FEED.c.team_id == ws.team_id)
    return tuple(_feed(row) for row in tx.execute(wanted.order_by(CALENDAR_FEED.c.schedule)))


def keep_feed(tx: Tx, ws: Workspace, feed: FeedState) -> None:
    """Keep a feed as it is now, in place of how it was; every rule sees its shifts from then on."""
    row = {
        "team_id": ws.team_id,
        "enterprise_id": ws.enterprise_id,
        "schedule": feed.schedule,
        "url": feed.url,
        "content": feed.content,
        "shifts": [_stored(shift) for shift in feed.shifts],
        "fetched_at": feed.fetched_at,
        "read_at": feed.read_at,
        "failing_since": feed.failing_since,
        "problem": feed.problem,
        "told_at": feed.told_at,
    }
    tx.fast(upsert(tx, CALENDAR_FEED, "team_id", "schedule"), [row])
    marks.renew(tx, ws, marks.PEOPLE)


def drop_feed(tx: Tx, ws: Workspace, schedule: str) -> None:
    """Forget the feed of a schedule that has none any more."""
    mine = (CALENDAR_FEED.c.team_id == ws.team_id) & (CALENDAR_FEED.c.schedule == schedule)
    tx.execute(delete(CALENDAR_FEED).where(mine))
    marks.renew(tx, ws, marks.PEOPLE)


def told(tx: Tx, ws: Workspace) -> dict[str, datetime]:
    """Return what was told once, by name, and when."""
    rows = tx.execute(select(ON_CALL_TOLD).where(ON_CALL_TOLD.c.team_id == ws.team_id))
    return {row.name: row.at for row in rows}


def tell(tx: Tx, ws: Workspace, names: Sequence[str], at: datetime) -> None:
    """Remember that these were told."""
    rows = [
        {"team_id": ws.team_id, "enterprise_id": ws.enterprise_id, "name": name, "at": at} for name in names
    ]
    if rows:
        tx.fast(upsert(tx, ON_CALL_TOLD, "team_id", "name"), rows)


def forget(tx: Tx, ws: Workspace, names: Sequence[str]) -> None:
    """Forget that these were told, so that they are told again when they come back."""
    if names:
        gone = ON_CALL_TOLD.c.team_id == ws.team_id, ON_CALL_TOLD.c.name.in_(names)
        tx.execute(delete(ON_CALL_TOLD).where(*gone))


def _cover(row: Row[Any]) -> Cover:
    takes = Override(
        role=Role(row.role), part=row.part, user=UserId(row.user_id), since=row.since, until=row.until
    )
    return Cover(id=row.id, takes=takes, arranged_by=UserId(row.arranged_by), arranged_at=row.arranged_at)


def _feed(row: Row[Any]) -> FeedState:
    return FeedState(
        schedule=row.schedule,
        url=row.url,
        content=row.content,
        shifts=tuple(_shift(stored) for stored in row.shifts),
        fetched_at=row.fetched_at,
        read_at=row.read_at,
        failing_since=row.failing_since,
        problem=row.problem,
        told_at=row.told_at,
    )


def _stored(shift: Shift) -> dict[str, Any]:
    return {"members": list(shift.members), "since": shift.since, "until": shift.until}


def _shift(stored: dict[str, Any]) -> Shift:
    since, until = (datetime.fromisoformat(stored[end]) for end in ("since", "until"))
    return Shift(members=tuple(stored["members"]), since=since, until=until)
