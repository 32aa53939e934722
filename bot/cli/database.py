"""`tocsin db`: migrate, and look at what was set aside."""

import sys

from bot.cli.audit import ask, opened
from bot.domain.incident import Workspace
from bot.settings import HalfConfigured
from storage import outbox, timers, workspaces
from storage.database import Database, StorageError


def migrate() -> int:
    """Migrate under a lock."""
    try:
        with opened() as db:
            db.migrate()
    except (HalfConfigured, StorageError) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2
    print("ok: the database is up to date")
    return 0


def aside() -> int:
    """Print what was set aside; 1 when there is anything."""
    try:
        with opened() as db:
            db.check()
            lines = _aside(db)
    except (HalfConfigured, StorageError) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines) or "nothing is set aside")
    return 1 if lines else 0


def _aside(db: Database) -> list[str]:
    lines = []
    for team in ask(db, workspaces.all_known):
        for message in ask(db, outbox.aside_ones, Workspace(team_id=team)):
            lines.append(f"message  {message.kind.value:<16}  {message.to:<24}  {message.why}")
    for timer in ask(db, timers.aside_ones):
        lines.append(
            f"timer    {timer.kind.value:<16}  {timer.item_id or timer.incident_id:<24}  {timer.why}"
        )
    return lines
