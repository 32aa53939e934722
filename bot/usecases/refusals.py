"""What was refused: one audit row each, and nothing else changes."""

from datetime import datetime

from bot.domain.errors import BotError
from bot.domain.incident import UserId, Workspace
from storage import audit
from storage.database import Tx


def record(
    tx: Tx, error: BotError, what: str, *, by: UserId | str, workspace: Workspace, now: datetime
) -> None:
    """Leave one audit row that says who asked for what and why it was refused."""
    data = {"what": what, "why": str(error)}
    problems = getattr(error, "problems", None)
    if problems:
        data["fields"] = ", ".join(sorted(problems))
    audit.append(tx, workspace, error.audit_kind, actor=by, data=data, now=now)
