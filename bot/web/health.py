"""Whether the bot is well, in one answer for whoever restarts it."""

from dataclasses import asdict, dataclass
from typing import Any

TICK_MAY_BE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """``socket`` is None where Slack comes by HTTP."""

    tick_age: float
    database: bool
    socket: bool | None

    @property
    def ok(self) -> bool:
        """Well means: the clockwork ticks, the database answers, and Slack can reach us."""
        return self.tick_age < TICK_MAY_BE and self.database and self.socket is not False

    def to_json(self) -> dict[str, Any]:
        """Return the answer's body."""
        return {"ok": self.ok, **asdict(self), "tick_age": round(self.tick_age, 3)}
