"""What the engine counts and measures, read by the metrics page."""

from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Counts:
    """Plain numbers since the start of the process. ``calls`` is keyed by (method, outcome)."""

    ticks: int = 0
    fired: int = 0
    timers_aside: int = 0
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    swept: int = 0

    def snapshot(self) -> dict[str, Any]:
        """Return a copy that no longer moves."""
        return {name: copy(getattr(self, name)) for name in self.__slots__}
