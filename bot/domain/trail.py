"""What follows when the audit trail turns out to be broken."""

from datetime import datetime

from bot.domain import covers
from bot.domain.decision import CATCH_ALL, Decision, Fact, Notice, NoticeKind, direct
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def broken(
    desk: Incident, policy: Policy, directory: Directory, number: int, why: str, now: datetime
) -> Decision:
    """Tell the policy's owner and the catch-all channel from which event on the trail cannot be relied on."""
    people = covers.owners(policy, directory)
    text = (
        f"The audit trail does not verify: {why}. Keep the database and its backups as they are, and find out what "
        "happened before you rely on it; `tocsin audit verify` checks it again."
    )
    data = {"event": number, "why": why, "told": list(people)}
    return Decision(
        incident=desk,
        facts=(Fact(kind="audit.broken", data=data, rule="audit.verify"),),
        notices=tuple(
            Notice(
                kind=NoticeKind.LINE,
                to=to,
                key=f"{desk.id}/audit/{number}/{now.isoformat()}/{to}",
                data={"line": "trail", "text": text},
            )
            for to in (CATCH_ALL, *map(direct, people))
        ),
    )
