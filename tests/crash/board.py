"""A few numbers shared by the test and the bot's process: the time, and at which commit to die."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import AdjustableClock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_NUMBER = struct.Struct("q")
_NOW, _COMMITS, _DIES_AT, _AFTER, _DIED = range(5)


class Board:
    """Numbers in a file that both processes have mapped; each is written whole, so neither sees half of one."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(mmap.PAGESIZE))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    @property
    def now(self) -> datetime:
        return EPOCH + self._read(_NOW) * MICROSECOND

    @now.setter
    def now(self, to: datetime) -> None:
        self._write(_NOW, (to - EPOCH) // MICROSECOND)

    def die_at_commit(self, number: int, *, after: bool) -> None:
        """Have the bot die at the ``number``-th commit from now, right before or right after it is made."""
        self._write(_DIED, 0)
        self._write(_AFTER, int(after))
        self._write(_DIES_AT, self._read(_COMMITS) + number)

    def live_on(self) -> None:
        """Have the bot die at no commit."""
        self._write(_DIES_AT, 0)

    def about_to_commit(self) -> bool:
        """Count a commit that is about to be made; say whether it is the last thing that this process does."""
        number = self._read(_COMMITS) + 1
        self._write(_COMMITS, number)
        return number == self._read(_DIES_AT)

    @property
    def after(self) -> bool:
        return bool(self._read(_AFTER))

    @property
    def commits(self) -> int:
        return self._read(_COMMITS)

    @property
    def died(self) -> bool:
        """The bot has died at a commit, as it was told to."""
        return bool(self._read(_DIED))

    def last_words(self) -> None:
        self._write(_DIES_AT, 0)
        self._write(_DIED, 1)

    def close(self) -> None:
        self._page.close()

    def _read(self, place: int) -> int:
        number: int = _NUMBER.unpack_from(self._page, place * _NUMBER.size)[0]
        return number

    def _write(self, place: int, number: int) -> None:
        _NUMBER.pack_into(self._page, place * _NUMBER.size, number)


class SharedClock(AdjustableClock):
    """The clock of the sandbox, which the bot's process reads too."""

    def __init__(self, board: Board, start: datetime) -> None:
        super().__init__(start, running=False)
        self._board = board
        board.now = self()

    def set(self, to: datetime) -> None:
        super().set(to)
        self._board.now = self()

    def skip(self, by: timedelta) -> datetime:
        self._board.now = super().skip(by)
        return self()
