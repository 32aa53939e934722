"""Whether the engine is alive: the age of its last good tick, in real seconds whatever the bot's clock shows."""

import time


class Heartbeat:
    """Beats after every tick that went well."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self) -> None:
        """A tick went well just now."""
        self._last = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last good tick, or since the start."""
        return time.monotonic() - self._last
