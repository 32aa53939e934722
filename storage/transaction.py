"""One transaction as the rest of the program sees it: something to hand on, never to commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from bot.domain.incident import Incident
from bot.domain.items import Item
from storage.errors import Conflict
from storage.hot import Found, Hot
from storage.many import Many


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a commit left to be done: something to send, and the earliest timer that was set."""

    outbox: bool = False
    timers: datetime | None = None

    def __bool__(self) -> bool:
        return self.outbox or self.timers is not None

    def __or__(self, other: "Touched") -> "Touched":
        moments = [moment for moment in (self.timers, other.timers) if moment is not None]
        return Touched(outbox=self.outbox or other.outbox, timers=min(moments, default=None))


@dataclass(slots=True, kw_only=True)
class Tx:
    """One transaction. Use cases pass it on; only `storage` looks inside; nobody but `Database` commits.

    ``seen`` remembers incidents and items as last loaded or written here, ``written`` the versions written here, ``listed``
    which items an incident has whose lock (``locked``) is held here, ``marks`` what marks stood at. ``taken`` are the timers
    taken to be run here and not cancelled since. ``owed`` are rows to be written with others of their kind. ``facts`` are the
    audit events to be: they are chained right before the commit, because the chain's head is a lock that everybody needs.
    """

    connection: Connection
    writable: bool = True
    seen: dict[str, Incident | Item] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    listed: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[tuple[str, str], int | None] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    facts: list[dict[str, Any]] = field(default_factory=list)
    owed: dict[Many, dict[str, dict[str, Any]]] = field(default_factory=dict)
    touched: Touched = Touched()

    @property
    def is_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | list[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        self.flush()
        return self.connection.execute(statement, values)

    def fast(self, statement: Hot, values: Mapping[str, Any] | list[dict[str, Any]]) -> Found:
        self.flush()
        return statement.execute(self.connection, values)

    def owe(self, statement: Many, about: str, values: dict[str, Any]) -> None:
        """Write this row later, together with others of its kind: before anything else is asked of the database.

        Only for statements that may change places with each other; what is owed about the same thing is written first.
        """
        if about in self.owed.get(statement, ()):
            self.flush()
        self.owed.setdefault(statement, {})[about] = values

    def flush(self) -> None:
        """Write what is owed; raises `Conflict` when a row is not as it was loaded."""
        while self.owed:
            statement = next(iter(self.owed))
            rows = self.owed.pop(statement)
            met = statement.execute(self.connection, list(rows.values())).rowcount
            if statement.exact and met != len(rows):
                raise Conflict(f"One of {', '.join(rows)} was changed by somebody else at the same moment.")
