"""Who is on call: looking, taking a place, swapping, and handing shifts over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import offers, rota_watch, shift_changes, shifts, swaps
from bot.domain.covers import Cover
from bot.domain.decision import Decision, Timer, TimerKind
from bot.domain.desk import id_of as desk_id
from bot.domain.errors import NotFound
from bot.domain.incident import Incident, UserId, Workspace
from bot.domain.items import Item, ItemId, ItemKind
from bot.domain.oncall import Override, gaps, handovers
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of
from bot.usecases import desk, scene
from bot.usecases.scene import Scene
from storage import incidents, items, oncall, people, policies, timers
from storage.database import Tx
from storage.oncall import FeedState

# A change of shift that was missed for longer than this is not handed over any more.
LOOK_BACK = timedelta(days=14)
# How far ahead the next change is looked for, step by step: most rotations change within the first.
_HORIZONS = (timedelta(days=8), timedelta(days=70), timedelta(days=400))
_SEEN = "shifts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What `/incident oncall` shows: who is on call is worked out from it, for one role or all."""

    policy: Policy
    directory: Directory
    covers: tuple[Cover, ...]
    offers: tuple[Item, ...]
    now: datetime


def board(tx: Tx, *, workspace: Workspace, now: datetime) -> Board:
    """Look at who is on call, who takes whose place, and which offers wait for an answer."""
    waiting = items.of_desk(tx, desk_id(workspace), now)
    return Board(
        policy=policies.active(tx, workspace),
        directory=people.directory(tx, workspace, now),
        covers=oncall.covers(tx, workspace, after=now),
        offers=tuple(item for item in waiting if item.kind is ItemKind.OFFER and item.is_open),
        now=now,
    )


def take(tx: Tx, takes: Override, *, by: UserId, workspace: Workspace, now: datetime) -> Item | None:
    """Put oneself on call at once, or offer the place to somebody else; returns the offer, if it is one."""
    at = desk.of(tx, workspace, now)
    decision = swaps.take(at.incident, at.policy, at.directory, takes, by=by, now=now)
    for offer in decision.items:
        offers.require_new(at.items, offer)
    _conclude(tx, at, decision, by, now)
    return decision.items[0] if decision.items else None


def swap(
    tx: Tx, mine: Override, theirs: Override, *, by: UserId, workspace: Workspace, now: datetime
) -> Item:
    """Offer one's own shift for somebody else's."""
    at = desk.of(tx, workspace, now)
    decision = swaps.swap(at.incident, at.policy, at.directory, mine, theirs, by=by, now=now)
    offers.require_new(at.items, decision.items[0])
    _conclude(tx, at, decision, by, now)
    return decision.items[0]


def accept(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Accept an offer: the first valid answer counts."""
    at, item = _offer(tx, item_id, workspace, now)
    _conclude(tx, at, offers.accept(at.incident, item, at.policy, at.directory, by=by, now=now), by, now)


def decline(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Decline an offer; nothing changes."""
    at, item = _offer(tx, item_id, workspace, now)
    _conclude(tx, at, offers.decline(at.incident, item, at.directory, by=by, now=now), by, now)


def withdraw(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Take an offer back before it is answered."""
    at, item = _offer(tx, item_id, workspace, now)
    _conclude(tx, at, offers.withdraw(at.incident, item, at.directory, by=by, now=now), by, now)


def give_back(tx: Tx, cover_id: str, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """End a place taken: the rota holds again."""
    at, cover = desk.of(tx, workspace, now), oncall.cover(tx, workspace, cover_id)
    if cover is None:
        raise NotFound(
            "That was cancelled already, or it is over. `/incident oncall` shows what is arranged."
        )
    _conclude(tx, at, swaps.give_back(at.incident, at.policy, at.directory, cover, by=by, now=now), by, now)


def take_over(tx: Tx, item_id: ItemId, *, by: UserId, workspace: Workspace, now: datetime) -> None:
    """Say that one has the shift that was handed over."""
    at, item = scene.of_item(tx, item_id, workspace, now)
    if item.kind is not ItemKind.HANDOVER:
        raise NotFound("That is not a shift. Use the newest message.")
    _conclude(tx, at, shifts.accept(at.incident, item, at.directory, by=by, now=now), by, now)


def arm(tx: Tx, workspace: Workspace, now: datetime) -> None:
    """See that the next change of shift and the next look for gaps have their timers; often is as good as once."""
    at = desk.of(tx, workspace, now)
    seen = oncall.told(tx, workspace).get(_SEEN)
    if seen is None:
        seen = now
        oncall.tell(tx, workspace, (_SEEN,), now)
    set_now = {
        timer.kind: timer.at for timer in timers.of_incident(tx, at.incident.id) if timer.item_id is None
    }
    wanted = {TimerKind.SHIFT: _next_shift(at.policy, at.directory, max(seen, now - LOOK_BACK), now)}
    if TimerKind.GAPS not in set_now:
        wanted[TimerKind.GAPS] = rota_watch.next_look(at.policy, now)
    due = tuple(
        Timer(kind=kind, incident_id=at.incident.id, at=moment)
        for kind, moment in wanted.items()
        if moment is not None and set_now.get(kind) != moment
    )
    timers.arm(tx, workspace, due)


def shift_due(tx: Tx, at: Scene, now: datetime) -> None:
    """Hand over what has changed hands since the last look, and set the timer for the next change."""
    workspace = at.incident.workspace
    seen = oncall.told(tx, workspace).get(_SEEN, now)
    work = tuple(_open_incidents(tx, workspace))
    since = max(seen, now - LOOK_BACK)
    for change in shift_changes.changes(at.policy, at.directory, since, now) if since < now else ():
        inherited, worst = shift_changes.open_work(change, work)
        decision = shifts.hand_over(at.incident, at.items, change, inherited, worst, at.policy, now)
        scene.conclude(tx, at, decision, actor="tocsin", now=now)
    # Clocks differ a little from replica to replica: what was seen is not looked at again.
    oncall.tell(tx, workspace, (_SEEN,), max(seen, now))
    arm(tx, workspace, now)


def gaps_due(tx: Tx, at: Scene, now: datetime) -> None:
    """Look for gaps ahead, tell of those that are new or near, and set the timer for the next look."""
    workspace = at.incident.workspace
    found = gaps(at.policy, now, now + rota_watch.AHEAD, duty_of(at.directory), at.directory)
    said = rota_watch.gaps_found(at.incident, at.policy, at.directory, found, oncall.told(tx, workspace), now)
    scene.conclude(tx, at, said.decision, actor="tocsin", now=now)
    oncall.tell(tx, workspace, said.remember, now)
    oncall.forget(tx, workspace, said.forget)
    arm(tx, workspace, now)


def feeds(tx: Tx, *, workspace: Workspace) -> tuple[Policy, dict[str, FeedState]]:
    """Return the policy in force, and each calendar feed as last seen."""
    return policies.active(tx, workspace), {feed.schedule: feed for feed in oncall.feeds(tx, workspace)}


def feed_read(tx: Tx, feed: FeedState, *, workspace: Workspace, now: datetime) -> None:
    """Keep what a calendar feed said, or that it could not be read; who must mend it is told once per outage."""
    at = desk.of(tx, workspace, now)
    # Looked at under the desk's lock: another replica may have fetched it, too.
    before = next((one for one in oncall.feeds(tx, workspace) if one.schedule == feed.schedule), None)
    told = before.told_at if before is not None else None
    since = feed.failing_since
    if since is not None:
        feed = replace(feed, told_at=told)
    if since is not None and told is None and now - since >= rota_watch.FEED_PATIENCE:
        decision = rota_watch.feed_failed(
            at.incident, at.policy, at.directory, feed.schedule, feed.problem, since, now
        )
        scene.conclude(tx, at, decision, actor="tocsin", now=now)
        feed = replace(feed, told_at=now)
    if since is None and told and before is not None and before.failing_since is not None:
        outage = before.failing_since
        decision = rota_watch.feed_restored(at.incident, at.policy, at.directory, feed.schedule, outage, now)
        scene.conclude(tx, at, decision, actor="tocsin", now=now)
    oncall.keep_feed(tx, workspace, feed)
    arm(tx, workspace, now)


def feeds_gone(tx: Tx, schedules: Iterable[str], *, workspace: Workspace) -> None:
    """Forget the feeds of schedules that have none any more."""
    for schedule in schedules:
        oncall.drop_feed(tx, workspace, schedule)


def _next_shift(policy: Policy, directory: Directory, seen: datetime, now: datetime) -> datetime | None:
    for horizon in _HORIZONS:
        found = handovers(policy, seen, now + horizon, duty_of(directory))
        if found:
            return found[0].at
    return None


def _open_incidents(tx: Tx, workspace: Workspace) -> Iterable[tuple[Incident, tuple[Item, ...]]]:
    for incident in incidents.open_ones(tx, workspace):
        if not incident.is_desk:
            yield incident, items.of_incident(tx, incident.id)


def _offer(tx: Tx, item_id: ItemId, workspace: Workspace, now: datetime) -> tuple[Scene, Item]:
    at, item = scene.of_item(tx, item_id, workspace, now)
    if item.kind is not ItemKind.OFFER:
        raise NotFound("That is not an offer. Use the newest message.")
    return at, item


def _conclude(tx: Tx, at: Scene, decision: Decision, by: UserId, now: datetime) -> None:
    scene.conclude(tx, at, decision, actor=by, now=now)
    arm(tx, at.incident.workspace, now)
