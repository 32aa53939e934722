"""Slack's rate tiers, as one token bucket for each method, and for each channel that is posted to."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

# Calls a minute. Slack publishes the tiers as "1+", "20+", "50+", "100+": we grant no more than that.
TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 1, 20, 50, 100, 600
POSTS_A_MINUTE_IN_A_CHANNEL = 60
POSTS_A_MINUTE_IN_A_WORKSPACE = 300
CHANNEL_BURST = 10

QUOTAS: Mapping[str, int] = {
    **dict.fromkeys(("apps.connections.open",), TIER_1),
    **dict.fromkeys(
        (
            "bookmarks.add",
            "bookmarks.edit",
            "bookmarks.remove",
            "conversations.archive",
            "conversations.create",
            "conversations.list",
            "conversations.rename",
            "conversations.setPurpose",
            "conversations.setTopic",
            "conversations.unarchive",
            "pins.add",
            "pins.list",
            "pins.remove",
            "reactions.remove",
            "usergroups.list",
            "usergroups.users.list",
            "users.conversations",
            "users.list",
        ),
        TIER_2,
    ),
    **dict.fromkeys(
        (
            "bookmarks.list",
            "bots.info",
            "chat.delete",
            "chat.update",
            "conversations.history",
            "conversations.info",
            "conversations.invite",
            "conversations.join",
            "conversations.kick",
            "conversations.leave",
            "conversations.open",
            "conversations.replies",
            "reactions.add",
            "reactions.get",
            "team.info",
            "users.lookupByEmail",
        ),
        TIER_3,
    ),
    **dict.fromkeys(
        (
            "api.test",
            "chat.postEphemeral",
            "conversations.members",
            "files.completeUploadExternal",
            "files.getUploadURLExternal",
            "users.info",
            "views.open",
            "views.publish",
            "views.push",
            "views.update",
        ),
        TIER_4,
    ),
    **dict.fromkeys(("auth.test", "chat.getPermalink"), SPECIAL),
    "chat.postMessage": POSTS_A_MINUTE_IN_A_WORKSPACE,
}


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Holds up to `burst` calls and is refilled evenly, `a_minute` of them each minute."""

    a_minute: int
    burst: int
    level: float
    seen: datetime

    def refill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.seen).total_seconds())
        self.level = min(float(self.burst), self.level + passed * self.a_minute / 60)
        self.seen = now

    @property
    def wait(self) -> float:
        """Seconds until one call fits."""
        return max(0.0, (1 - self.level) * 60 / self.a_minute)


class Rates:
    """Says how long a caller must wait; with mode "off" nobody ever waits."""

    def __init__(self, *, clock: Callable[[], datetime], mode: Literal["off", "tiers"] = "off") -> None:
        self.mode: Literal["off", "tiers"] = mode
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def wait(self, method: str, args: Mapping[str, Any]) -> int | None:
        """Count a call, or return after how many whole seconds it may be tried again.

        A refused call takes nothing from any bucket, so that waiting as told always helps.
        """
        if self.mode == "off":
            return None
        buckets = [self._bucket(method, "", QUOTAS[method], max(1, QUOTAS[method] // 2))]
        if method == "chat.postMessage":
            channel = str(args.get("channel"))
            buckets.append(self._bucket(method, channel, POSTS_A_MINUTE_IN_A_CHANNEL, CHANNEL_BURST))
        waits = [bucket.wait for bucket in buckets]
        if any(waits):
            return max(1, math.ceil(max(waits)))
        for bucket in buckets:
            bucket.level -= 1
        return None

    def _bucket(self, method: str, channel: str, a_minute: int, burst: int) -> Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(
            (method, channel), Bucket(a_minute=a_minute, burst=burst, level=float(burst), seen=now)
        )
        bucket.refill(now)
        return bucket
