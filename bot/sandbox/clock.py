"""The sandbox's own clock, for when nobody hands it another one."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that can be pushed forward, and that runs by itself unless told to stand still.

    Calling it gives the time as an aware UTC datetime. With `running=True` real time passes and
    `skip` adds to it; with `running=False` only `skip` moves it.
    """

    def __init__(self, *, start: datetime | None = None, running: bool = True) -> None:
        real = datetime.now(UTC)
        if start is not None and start.utcoffset() is None:
            raise ValueError("the sandbox clock starts at an aware datetime, for example in UTC")
        self._start = (start or real).astimezone(UTC)
        self._began = real
        self._running = running
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        passed = datetime.now(UTC) - self._began if self._running else timedelta()
        return self._start + passed + self._skipped

    def skip(self, by: timedelta) -> datetime:
        """Move time forward and return the new time; raises ValueError when asked to go back."""
        if by < timedelta():
            raise ValueError("the sandbox clock only moves forward")
        self._skipped += by
        return self()
