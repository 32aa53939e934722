"""Who may do anything at all, and what people are called."""

from collections.abc import Iterable

from bot.domain.errors import NotAllowed
from bot.domain.incident import UserId
from bot.domain.roles import Directory

# Who acts where no person does.
TOCSIN = UserId("tocsin")


def require(directory: Directory, user: UserId) -> None:
    """Refuse apps, guests from outside and leavers; raises `NotAllowed`.

    Somebody the directory has never seen passes: the doors check the identity that Slack signed, and an employee who
    holds no role must be able to open an incident.
    """
    person = directory.people.get(user)
    if person is not None and not person.may_act:
        raise NotAllowed(
            "Only active people of this workspace can do this; apps and guests from outside cannot."
        )


def name(directory: Directory, user: UserId | None) -> str:
    """Return what a person is called, for a sentence without mentions."""
    if user == TOCSIN:
        return "Tocsin"
    person = directory.people.get(user) if user is not None else None
    return person.name if person is not None else "Somebody else"


def names(directory: Directory, users: Iterable[UserId]) -> str:
    """Return several people as ``ana, ben or caro``; empty when there is nobody."""
    called = [name(directory, user) for user in users]
    return " or ".join(filter(None, (", ".join(called[:-1]), *called[-1:])))
