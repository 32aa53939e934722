"""How fast Slack may be asked: token buckets by method and by channel, which Slack's own answers tighten."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.decision import Lane

# Requests a minute of each tier, and which method is in which (docs.slack.dev, "Rate limits").
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
_TIER_OF = {
    "auth.test": 4,
    "bookmarks.add": 2,
    "conversations.archive": 2,
    "conversations.create": 2,
    "conversations.setPurpose": 2,
    "conversations.setTopic": 2,
    "pins.add": 2,
    "pins.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.list": 2,
    "bookmarks.list": 3,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.invite": 3,
    "conversations.replies": 3,
    "users.conversations": 3,
    "users.lookupByEmail": 3,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
    "users.info": 4,
    "views.publish": 4,
}
_UNKNOWN_TIER = 2
POST = "chat.postMessage"
POSTS_A_MINUTE = 300
POSTS_A_MINUTE_IN_A_CHANNEL = 60
POST_BURST_IN_A_CHANNEL = 10

# Slack publishes quotas but no bursts, and speaks of generous ones: until it objects, this many minutes'
# worth may go at once.
TRUST = 5
# How long an objection (429) is remembered: meanwhile half a minute's quota is the burst.
MEMORY = timedelta(minutes=10)
# This part of a tight workspace-wide quota is kept for urgent messages.
RESERVED = 0.2
# Two channels refused so close together mean that the workspace's quota is spent, not the channels'.
TOGETHER = timedelta(seconds=5)
# Nobody is told to wait longer than this for others who wait too.
HORIZON = timedelta(seconds=10)
_FORGET_AFTER = 5_000
_ROUNDING = 1e-4


@dataclass(slots=True)
class Bucket:
    """Tokens for one key. ``a_minute`` refills it; ``tight`` is its size while Slack's last objection is remembered."""

    a_minute: float
    tight: float
    tokens: float = field(init=False)
    at: datetime | None = None
    closed: tuple[datetime, datetime] | None = None
    objected: datetime | None = None
    told: dict[bool, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = self.size(None)

    def size(self, now: datetime | None) -> float:
        """Return how many tokens fit: generous until Slack objects, then tight for a while."""
        if self.objected is not None and now is not None and now - self.objected < MEMORY:
            return self.tight
        return max(self.a_minute * TRUST, self.tight)

    def wait(self, now: datetime, keep: float = 0.0) -> float:
        """Return for how many seconds the next call must wait; ``keep`` tokens are left for others."""
        self._refill(now)
        if self.closed is not None:
            since, until = self.closed
            # A clock that was set back must not prolong a suspension.
            if since <= now < until:
                return (until - now).total_seconds()
            self.closed = None
        keep = min(keep, self.size(now) - 1)
        missing = 1 + keep - self.tokens
        return missing * 60 / self.a_minute if missing > _ROUNDING else 0.0

    def turn(self, now: datetime, wait: float, is_urgent: bool) -> float:
        """Return for how long this one must wait, given who else was told to: one after the other, not all at once.

        A turn is no reservation: whoever comes first takes the token. So nobody is sent away for long.
        """
        pause = timedelta(seconds=60 / self.a_minute)
        first, before = now + timedelta(seconds=wait), self.told.get(is_urgent)
        turn = first if before is None or before < first else before + pause
        if turn > max(first, now + HORIZON):
            turn = first
        self.told[is_urgent] = turn
        return (turn - now).total_seconds()

    def take(self) -> None:
        """Spend one token; `wait` says first whether there is one."""
        self.tokens -= 1

    def object(self, now: datetime, after: float) -> None:
        """Slack answered 429: closed until ``after`` seconds from now, then at the tier's pace."""
        self._refill(now)
        self.objected = now
        self.closed = (now, now + timedelta(seconds=after))
        self.tokens = min(self.tokens, 1.0)

    def _refill(self, now: datetime) -> None:
        elapsed = (now - self.at).total_seconds() if self.at is not None else 0.0
        self.at = now
        self.tokens = min(self.size(now), self.tokens + max(0.0, elapsed) * self.a_minute / 60)


class Pacing:
    """Every bucket of this process. Keys are independent: a closed channel never holds up another."""

    def __init__(self) -> None:
        self._buckets: dict[Hashable, Bucket] = {}
        self._refused: dict[str, tuple[str | None, datetime]] = {}

    def ask(self, now: datetime, team: str, method: str, channel: str | None, lane: Lane) -> float:
        """Take the right to call, or return for how many seconds to wait; then nothing was taken."""
        buckets = self._of(team, method, channel)
        keep = 0.0 if lane is Lane.URGENT else self._reserve(buckets[0], now)
        waits = [(bucket.wait(now, keep if bucket is buckets[0] else 0.0), bucket) for bucket in buckets]
        wait, narrowest = max(waits, key=lambda pair: pair[0])
        if wait > 0:
            return narrowest.turn(now, wait, lane is Lane.URGENT)
        for bucket in buckets:
            bucket.take()
        return 0.0

    def objected(self, now: datetime, team: str, method: str, channel: str | None, after: float) -> None:
        """Slack answered 429: close what it counted, the channel for a post, else the method.

        Slack does not say whether a post was one too many for its channel or for the workspace. The channel
        is taken at first; a second channel refused within `TOGETHER` closes posting to all of them.
        """
        buckets = self._of(team, method, channel)
        buckets[-1].object(now, after)
        if len(buckets) == 1:
            return
        before, at = self._refused.get(team, (channel, now))
        if before != channel and abs(now - at) < TOGETHER:
            buckets[0].object(now, after)
        self._refused[team] = (channel, now)

    def _of(self, team: str, method: str, channel: str | None) -> tuple[Bucket, ...]:
        if method == POST:
            whole = self._bucket((team, method), POSTS_A_MINUTE, POSTS_A_MINUTE / 2)
            if channel is None:
                return (whole,)
            one = self._bucket((team, method, channel), POSTS_A_MINUTE_IN_A_CHANNEL, POST_BURST_IN_A_CHANNEL)
            return (whole, one)
        quota = TIERS[_TIER_OF.get(method, _UNKNOWN_TIER)]
        return (self._bucket((team, method), quota, quota / 2),)

    def _bucket(self, key: Hashable, a_minute: float, tight: float) -> Bucket:
        if key not in self._buckets:
            if len(self._buckets) >= _FORGET_AFTER:
                self._forget()
            self._buckets[key] = Bucket(a_minute=a_minute, tight=tight)
        return self._buckets[key]

    def _reserve(self, bucket: Bucket, now: datetime) -> float:
        return bucket.size(now) * RESERVED if bucket.objected is not None else 0.0

    def _forget(self) -> None:
        """Drop the older half of the open buckets, so that a year of channels does not stay in memory."""
        quiet = [key for key, bucket in self._buckets.items() if bucket.closed is None]
        for key in quiet[: max(1, len(quiet) // 2)]:
            del self._buckets[key]
