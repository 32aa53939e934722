"""Who plays: a fictional person for every reference of a pack, where no workspace says who they are."""

from collections.abc import Iterable, Iterator

from bot.domain.incident import UserId
from bot.domain.policy import Policy
from bot.domain.roles import Directory, Person, references


def of_pack(policy: Policy, zone: str = "UTC") -> Directory:
    """Return a directory in which each reference of the pack is one active person, named as the reference begins.

    A user group stands as one person: who is in it only Slack knows.
    """
    known = sorted(references(policy))
    people = [_person(reference, zone) for reference in known]
    return Directory(
        people={person.id: person for person in people},
        references={reference: (_id(reference),) for reference in known},
    )


def unread(policy: Policy) -> str:
    """Say which calendars nobody reads here, so that their places look empty; empty where there are none."""
    feeds = [row.label for row in policy.schedules.values() if row.feed is not None]
    if not feeds:
        return ""
    return (
        f"Calendar feeds are not read here ({', '.join(feeds)}): whom they name counts as nobody. "
        "With --live they count as the bot last read them."
    )


def found(name: str, directory: Directory) -> tuple[UserId, ...]:
    """Return whom a name means: an e-mail address or its beginning, a user id, a name, a reference of the roster."""
    wanted = name.strip().lower()
    if (known := directory.references.get(wanted)) is not None:
        return known
    return tuple(person.id for person in directory.people.values() if wanted in _names(person))


def known_names(directory: Directory) -> list[str]:
    """Return what people of a directory may be called, for a suggestion."""
    return sorted({person.name for person in directory.people.values()})


def _names(person: Person) -> Iterator[str]:
    yield from _lower((person.id, person.name, person.email, (person.email or "").partition("@")[0]))


def _lower(names: Iterable[str | None]) -> Iterator[str]:
    return (name.lower() for name in names if name)


def _person(reference: str, zone: str) -> Person:
    mail = reference if "@" in reference[1:] else None
    return Person(id=_id(reference), name=reference.partition("@")[0] or reference, email=mail, tz=zone)


def _id(reference: str) -> UserId:
    return UserId(reference.upper() if reference.startswith("u") and reference.isalnum() else reference)
