"""What time it is: the only place that asks the machine, and a clock that can be moved."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the machine's time, aware and in UTC."""
    return datetime.now(UTC)


class AdjustableClock:
    """A clock that can be moved.

    Running, it shows real elapsed time since ``start`` plus whatever was skipped; standing
    (``running=False``) it moves only by `skip` and `set`, so that a test decides every moment.
    Elapsed time is monotonic: a change of the machine's time does not move it.
    """

    def __init__(self, start: datetime | None = None, running: bool = True) -> None:
        self._base = _aware(start) if start is not None else system_clock()
        self._running = running
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def skip(self, by: timedelta) -> datetime:
        """Move forward and return the new time.

        Raises:
            ValueError: ``by`` is negative; use `set` to go back on purpose.
        """
        if by < timedelta(0):
            raise ValueError("a clock skips forward only")
        self._base += by
        return self()

    def set(self, to: datetime) -> None:
        """Show ``to`` from now on, before or after the present moment.

        Raises:
            ValueError: ``to`` carries no time zone.
        """
        self._base = _aware(to)
        self._since = time.monotonic()


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a clock needs a time with a zone")
    return moment.astimezone(UTC)
