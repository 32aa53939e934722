"""Answering what one is asked: acknowledge, decline, ask the next person now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import acting, ladder, quorum
from bot.domain.decision import Decision
from bot.domain.errors import NotAllowed, NotFound, NotNow
from bot.domain.incident import ChannelId, Incident, UserId, Workspace
from bot.domain.items import Item, ItemId, ItemKind, ItemState
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage import incidents, messages
from storage import items as item_rows
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One open page: who is asked now, and who is next, when."""

    item: Item
    then: tuple[UserId, ...]
    then_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The answer to `/incident who`."""

    incident: Incident
    asked: tuple[Asked, ...]
    acknowledged: tuple[Item, ...]
    policy: Policy
    directory: Directory


def acknowledge(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> Item:
    """Take a page: every timer of the item stops in this transaction (M-04)."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    return _conclude(
        tx,
        at,
        ladder.acknowledge(at.incident, item, at.policy, at.directory, by, now, items=at.items),
        item_id,
        by,
        now,
    )


def acknowledge_mine(
    tx: Tx, channel_id: ChannelId, *, by: UserId, workspace: Workspace, now: datetime
) -> tuple[Item, ...]:
    """Take every page of this channel's incident on which the person is asked, or the one that they can mean.

    Raises `NotNow` when nobody is asked or the person has a page already, and `NotAllowed` when it is not clear which
    role's page is meant: one answer never silences another role by accident.
    """
    at = scene.here(tx, channel_id, workspace, now)
    mine = tuple(item for item in _open_pages(at) if by in item.asked) or _meant(at, by)
    return tuple(
        _one_by_one(
            tx,
            at,
            mine,
            by,
            now,
            lambda s, i: ladder.acknowledge(s.incident, i, s.policy, s.directory, by, now, items=s.items),
        )
    )


def acknowledge_message(
    tx: Tx, channel_id: ChannelId, ts: str, *, by: UserId, workspace: Workspace, now: datetime
) -> Item | None:
    """Take the page that a reaction was put on; a reaction on anything else means nothing."""
    message = messages.find(tx, workspace, channel_id, ts)
    if message is None:
        return None
    at = scene.of(tx, message.incident_id, workspace, now)
    pages = [item for item in _open_pages(at) if message.item_id in (None, item.id) and by in item.asked]
    if not pages:
        return None
    return _conclude(
        tx,
        at,
        ladder.acknowledge(at.incident, pages[0], at.policy, at.directory, by, now, items=at.items),
        pages[0].id,
        by,
        now,
    )


def decline(tx: Tx, item_id: ItemId, reason: str, *, by: UserId, workspace: Workspace, now: datetime) -> Item:
    """Pass a page on: the next rung is asked at once, with the reason on record."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    decision = ladder.decline(at.incident, item, at.policy, at.directory, by, now, reason)
    return _conclude(tx, at, decision, item_id, by, now)


def escalate_now(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> Item:
    """Ask the next rung of one page without waiting for its time."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    return _conclude(
        tx, at, ladder.ask_next(at.incident, item, at.policy, at.directory, by, now), item_id, by, now
    )


def escalate_here(
    tx: Tx, channel_id: ChannelId, *, by: UserId, workspace: Workspace, now: datetime
) -> tuple[Item, ...]:
    """Ask the next rung of every open page here; when all are answered, ask the next role of the severity's ladder."""
    at = scene.here(tx, channel_id, workspace, now)
    if at.incident.is_closed:
        raise NotNow(f"{at.incident.key} is closed. Reopen it first: `/incident reopen`.")
    pages = _open_pages(at)
    if pages:
        return tuple(
            _one_by_one(
                tx,
                at,
                pages,
                by,
                now,
                lambda s, i: ladder.ask_next(s.incident, i, s.policy, s.directory, by, now),
            )
        )
    decision = ladder.engage_next(at.incident, at.items, at.policy, at.directory, by, now)
    scene.conclude(tx, at, decision, actor=by, now=now)
    return decision.items


def who(tx: Tx, channel_id: ChannelId, *, workspace: Workspace, now: datetime) -> Who:
    """Tell who is asked now, who is next and when."""
    at = scene.here(tx, channel_id, workspace, now, for_update=False)
    asked = []
    for item in _open_pages(at):
        then, then_at = ladder.next_asked(item, at.incident, at.policy, at.directory)
        asked.append(Asked(item=item, then=then, then_at=then_at))
    taken = tuple(
        i for i in at.items if i.kind is ItemKind.ACKNOWLEDGE and i.answered_by is not None and not i.is_over
    )
    return Who(
        incident=at.incident, asked=tuple(asked), acknowledged=taken, policy=at.policy, directory=at.directory
    )


def mine(tx: Tx, *, by: UserId, workspace: Workspace) -> tuple[tuple[Incident, Item], ...]:
    """List what a person owes, soonest due first."""
    owed = item_rows.owed_by(tx, workspace, by)
    found = {i: incidents.load(tx, i, for_update=False) for i in {item.incident_id for item in owed}}
    owed = tuple(sorted(owed, key=lambda item: (item.due_at or item.asked_at, item.id)))
    return tuple((found[item.incident_id], item) for item in owed)


def undeliverable(
    tx: Tx, item_id: ItemId, user: UserId, why: str, *, workspace: Workspace, now: datetime
) -> None:
    """A page could not reach somebody: the next rung is asked at once (S3-27, `delivery_failure`)."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    scene.conclude(
        tx,
        at,
        ladder.undeliverable(at.incident, item, at.policy, at.directory, user, now, why),
        actor="tocsin",
        now=now,
    )


def _open_pages(at: Scene) -> tuple[Item, ...]:
    return tuple(
        item
        for item in at.items
        if item.kind is ItemKind.ACKNOWLEDGE and item.answered_by is None and not item.is_over
    )


def _meant(at: Scene, by: UserId) -> tuple[Item, ...]:
    """Return the pages of the roles a person holds, else the only page there is, else one that nobody answered."""
    pages, key = _open_pages(at), at.incident.key
    if not pages:
        raise NotNow(f"Nobody is being asked on {key} now, so there is nothing to acknowledge.")
    held = quorum.roles_now(at.policy, at.directory, at.incident, by)
    if own := tuple(page for page in pages if page.role in held):
        return own
    asked = "; ".join(f"{acting.names(at.directory, page.holders)} as {_label(at, page)}" for page in pages)
    has = [i for i in at.items if i.kind is ItemKind.ACKNOWLEDGE and i.answered_by == by and not i.is_over]
    if has:
        roles = ", ".join(_label(at, item) for item in has)
        raise NotNow(f"You have {key} already, as {roles}. Still asked: {asked}.")
    if len(pages) == 1:
        return pages
    if vain := tuple(page for page in pages if page.state is ItemState.EXHAUSTED):
        return vain[:1]
    raise NotAllowed(f"You are not asked on {key}. Asked now: {asked}. If they do not answer: `/escalate`.")


def _label(at: Scene, item: Item) -> str:
    return quorum.label(at.policy, item.role) if item.role else "owner"


def _one_by_one(
    tx: Tx,
    at: Scene,
    pages: tuple[Item, ...],
    by: UserId,
    now: datetime,
    rule: Callable[[Scene, Item], Decision],
) -> list[Item]:
    done = []
    for page in pages:
        fresh = scene.of(tx, at.incident.id, at.incident.workspace, now)
        done.append(_conclude(tx, fresh, rule(fresh, fresh.item(page.id)), page.id, by, now))
    return done


def _conclude(tx: Tx, at: Scene, decision: Decision, item_id: ItemId, by: UserId, now: datetime) -> Item:
    scene.conclude(tx, at, decision, actor=by, now=now)
    for item in decision.items:
        if item.id == item_id:
            return item
    raise NotFound("That item no longer exists. Use the newest card of the incident.")
