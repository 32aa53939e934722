"""`tocsin audit`: verify the chain, answer the questions that auditors ask, export."""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from bot.cli import audit_words
from bot.domain.audit import canonical, first_broken
from bot.domain.errors import NotFound
from bot.domain.incident import IncidentId, Workspace
from bot.settings import HalfConfigured, Settings
from storage import audit, incidents, people, verification, workspaces
from storage.audit import Event
from storage.database import Database, StorageError, Tx

T = TypeVar("T")

QUESTIONS: dict[str, Callable[[Tx, IncidentId], tuple[Event, ...]]] = {
    "who": audit.who_was_notified,
    "ack": audit.acknowledgements,
    "fallback": audit.fallbacks,
    "suggestions": audit.suggestions,
}


def verify(export: str | None) -> int:
    """Recompute the chain of the database, or of an export; 0 when it is whole, 1 when broken, 2 when it cannot be read."""
    if export is not None:
        return _verify_file(Path(export))

    def look(db: Database) -> int:
        found = ask(db, verification.verify)
        if found.ok:
            print(f"ok: {found.count} events, every hash as it was written")
            return 0
        assert found.first_broken is not None
        workspace, number = found.first_broken
        print(f"BROKEN at event {number} of workspace {workspace}: {found.why}", file=sys.stderr)
        return 1

    return _with_database(look)


def question(name: str, incident: str) -> int:
    """Print the answer to one of `QUESTIONS`, a line an event."""

    def look(db: Database) -> int:
        events, names = ask(db, _answer, name, incident)
        for event in events:
            print(audit_words.line(event, names))
        if not events:
            print(f"Nothing of this kind is on record for {incident}.")
        return 0

    return _with_database(look)


def export() -> int:
    """Print every event as a line of canonical JSON (RFC 8785)."""

    def look(db: Database) -> int:
        for event in ask(db, _everything):
            print(canonical(event).decode())
        return 0

    return _with_database(look)


def _verify_file(path: Path) -> int:
    try:
        events = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        broken = first_broken(events)
    except OSError as error:
        print(f"tocsin: {path} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        print(f"tocsin: {path} is not an export of the audit log: {error}", file=sys.stderr)
        return 2
    if not events:
        print(f"tocsin: {path} holds no events, so there is nothing to verify.", file=sys.stderr)
        return 2
    if broken is not None:
        workspace, number, why = broken
        print(f"BROKEN at event {number} of workspace {workspace}: {why}", file=sys.stderr)
        return 1
    last = events[-1]["hash"]
    print(f"ok: {len(events)} events, every hash as it was written, the last hash is {last}")
    return 0


def _everything(tx: Tx) -> list[dict[str, Any]]:
    return list(audit.links(tx))


def _answer(tx: Tx, name: str, incident: str) -> tuple[tuple[Event, ...], dict[str, str]]:
    number = re.fullmatch(r"(?:INC-)?(\d+)", incident.strip(), re.IGNORECASE)
    if number is None:
        raise NotFound(f"{incident!r} is not an incident. Write its key, for example: INC-42")
    events: list[Event] = []
    names: dict[str, str] = {}
    meant = False
    for team in workspaces.all_known(tx):
        workspace = Workspace(team_id=team)
        with suppress(NotFound):
            events += QUESTIONS[name](tx, incidents.by_number(tx, workspace, int(number[1])).id)
            names |= {user: one.name for user, one in people.directory(tx, workspace).people.items()}
            meant = True
    if not meant:
        raise NotFound(f"There is no INC-{int(number[1])} in this database.")
    return tuple(events), names


def _with_database(look: Callable[[Database], int]) -> int:
    try:
        with opened() as db:
            db.check()
            return look(db)
    except (HalfConfigured, StorageError, NotFound) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2


def ask(db: Database, question: Callable[Concatenate[Tx, ...], T], *args: Any) -> T:
    """Read from the database; one that can only be read will do."""
    return asyncio.run(db.read(question, *args))


@contextmanager
def opened() -> Iterator[Database]:
    """Open the database that the settings name, for a command."""
    db = Database(Settings.load().database_url)
    try:
        yield db
    finally:
        db.close()
