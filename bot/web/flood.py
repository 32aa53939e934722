"""Keeping a flood of refused requests from filling the audit log: anybody can send those, without any secret."""

from datetime import datetime, timedelta

A_MINUTE = timedelta(minutes=1)
# So many refused requests a minute are written down one by one; the others of that minute are counted.
MOST = 30


class Flood:
    """Counts refused requests by the minute."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._since: datetime | None = None
        self._seen = 0

    def passes(self, now: datetime) -> tuple[bool, int]:
        """Say whether this one is written down, and how many before it were only counted."""
        counted = 0
        if self._since is None or not timedelta() <= now - self._since < A_MINUTE:
            counted = max(0, self._seen - self._most)
            self._since, self._seen = now, 0
        self._seen += 1
        return self._seen <= self._most, counted
