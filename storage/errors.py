"""What can go wrong with the database itself, each said in one sentence for whoever runs the bot.

StorageError
├── DatabaseUnreachable   it cannot be opened or connected to
├── DatabaseReadOnly      it can be read but not written
├── DatabaseTooNew        a later version of the bot has migrated it
├── DatabaseBehind        it is not made yet, or of an earlier version
├── Closed                the bot is stopping and takes no more work
└── Conflict              somebody changed the same row first (retried, seldom seen)
"""


class StorageError(Exception):
    """The database cannot be used as asked; ``str(error)`` says what to do about it."""


class DatabaseUnreachable(StorageError):
    """It cannot be opened or connected to."""


class DatabaseReadOnly(StorageError):
    """It can be read but not written."""


class DatabaseTooNew(StorageError):
    """A later version of the bot has migrated it."""


class DatabaseBehind(StorageError):
    """It is not made yet (``found`` is None), or an earlier version of the bot has migrated it."""

    def __init__(self, sentence: str, found: str | None) -> None:
        super().__init__(sentence)
        self.found = found


class Closed(StorageError):
    """The database was closed while something was still being asked of it."""


class Conflict(StorageError):
    """Somebody changed the same row first; `Database.run` loads everything again and retries."""
