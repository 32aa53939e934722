"""A pack was refused: whoever answers for the policy hears of it, and which version goes on."""

from datetime import datetime
from hashlib import sha256

from bot.domain.decision import CATCH_ALL, Decision, Notice, NoticeKind, direct
from bot.domain.incident import Incident, Role, UserId
from bot.domain.policy import Policy
from bot.domain.roles import Directory, holders

# So many problems are said in the message; the command names all of them.
SAID = 5
LONGEST = 250


def refused(
    desk: Incident, problems: tuple[str, ...], policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Tell the owner's holders once a day, however often the bot is started; the catch-all channel where there is nobody."""
    digest = sha256("\n".join(problems).encode()).hexdigest()[:16]
    text = _says(problems, policy)
    people = answerable(policy, directory)
    return Decision(
        incident=desk,
        notices=tuple(
            Notice(
                kind=NoticeKind.LINE,
                to=to,
                key=f"{desk.id}/refused/{digest}/{now.date()}/{to}",
                data={"line": "policy_refused", "text": text},
            )
            for to in (map(direct, people) if people else (CATCH_ALL,))
        ),
    )


def answerable(policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return who answers for the policy: the holders of the owner's role, its backup where nobody holds it."""
    role = Role(policy.owner)
    found = holders(policy, directory, role) or holders(policy, directory, role, "backup")
    return tuple(person.id for person in found or directory.resolve(policy.owner))


def _says(problems: tuple[str, ...], policy: Policy) -> str:
    count = len(problems)
    listed = "\n".join(f"• {problem[:LONGEST]}" for problem in problems[:SAID])
    more = f"\n• and {count - SAID} more" if count > SAID else ""
    return (
        f"The new policy pack was refused: {count} problem{'s' if count != 1 else ''}. Nothing was changed: version "
        f"{policy.version[:12]} stays in force.\n{listed}{more}\n"
        "Please mend the pack (tocsin policy check says every place and an example), then start the bot again."
    )
