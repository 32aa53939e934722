"""Who holds which role now: the roster resolved against the people whom Slack knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Role, UserId
from bot.domain.oncall import NOBODY, Duty
from bot.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workspace, as last seen."""

    id: UserId
    name: str
    email: str | None = None
    tz: str = "UTC"
    is_bot: bool = False
    is_active: bool = True
    is_external: bool = False

    @property
    def may_act(self) -> bool:
        """Only active people of this workspace hold roles or decide: never a bot, a guest from outside or a leaver."""
        return self.is_active and not self.is_bot and not self.is_external


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The people known, what each reference of a roster (e-mail, id, user group) resolves to, and who is on duty at ``at``.

    ``at`` None means that no moment matters: rotations then count as vacant.
    """

    people: Mapping[UserId, Person]
    references: Mapping[str, tuple[UserId, ...]]
    duty: Duty = NOBODY
    at: datetime | None = None

    def is_resolved(self, reference: str) -> bool:
        """Say whether it is known who is behind a reference, be it nobody."""
        return reference.lower() in self.references

    def resolve(self, reference: str) -> tuple[Person, ...]:
        """Return the people behind a reference who may act now; nobody when it is unknown."""
        ids = self.references.get(reference.lower(), ())
        return tuple(p for p in (self.people.get(i) for i in ids) if p is not None and p.may_act)


def holders(policy: Policy, directory: Directory, role: Role, part: str = "primary") -> tuple[Person, ...]:
    """Return who is in a role's ``primary`` or ``backup`` slot; empty is a vacancy, never a fallback to everyone."""
    slot = policy.roster.get(role)
    if slot is None:
        return ()
    references = slot.primary if part == "primary" else slot.backup
    found = {p.id: p for reference in references for p in directory.resolve(reference)}
    return tuple(found.values())


def is_resolved(policy: Policy, directory: Directory, role: Role, part: str = "primary") -> bool:
    """Say whether it is known who is in a slot: an empty one is a vacancy only then."""
    slot = policy.roster.get(role)
    references = () if slot is None else slot.primary if part == "primary" else slot.backup
    return all(map(directory.is_resolved, references))


def roles_of(policy: Policy, directory: Directory, user: UserId) -> frozenset[Role]:
    """Return every role a person holds, as primary or as backup."""
    return frozenset(
        role
        for role in policy.roster
        if any(p.id == user for part in ("primary", "backup") for p in holders(policy, directory, role, part))
    )
