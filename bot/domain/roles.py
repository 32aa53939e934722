"""Who holds which role now: the roster resolved against the people whom Slack knows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.incident import Role, UserId
from bot.domain.oncall import NOBODY, PARTS, Duty, schedule_id
from bot.domain.oncall.slots import named, scheduled, standing
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
        return reference.lower() in self.references or reference in self.people

    def resolve(self, reference: str) -> tuple[Person, ...]:
        """Return the people behind a reference who may act now; nobody when it is unknown."""
        ids = self.references.get(reference.lower())
        if ids is None:
            ids = (UserId(reference),) if reference in self.people else ()
        return tuple(p for p in (self.people.get(i) for i in ids) if p is not None and p.may_act)


def holders(policy: Policy, directory: Directory, role: Role, part: str = "primary") -> tuple[Person, ...]:
    """Return who is in a role's ``primary`` or ``backup`` slot at the directory's moment.

    An override counts while whoever took it may act. When both slots are empty the role's fallback stands in for them;
    without one this is a vacancy, and never everyone.
    """
    found = own(policy, directory, role, part)
    return found if found else stand_ins(policy, directory, role)


def own(policy: Policy, directory: Directory, role: Role, part: str) -> tuple[Person, ...]:
    """Return who is in a slot by the roster, its schedules and overrides: never the fallback."""
    return _behind(directory, _references(policy, directory, role, part))


def stand_ins(policy: Policy, directory: Directory, role: Role) -> tuple[Person, ...]:
    """Return the fallback of a role that nobody holds, neither as primary nor as backup; nobody while somebody does."""
    slot = policy.roster.get(role)
    if slot is None or not slot.fallback or any(own(policy, directory, role, part) for part in PARTS):
        return ()
    return _behind(directory, scheduled(policy, slot.fallback, directory.at, directory.duty))


def is_resolved(policy: Policy, directory: Directory, role: Role, part: str = "primary") -> bool:
    """Say whether it is known who is in a slot: an empty one is a vacancy only then."""
    return all(map(directory.is_resolved, _references(policy, directory, role, part)))


def roles_of(policy: Policy, directory: Directory, user: UserId) -> frozenset[Role]:
    """Return every role a person holds now: as primary, as backup, or as the fallback of a role that nobody else holds."""
    return frozenset(
        role
        for role in policy.roster
        if any(p.id == user for part in PARTS for p in holders(policy, directory, role, part))
    )


def references(policy: Policy, duty: Duty = NOBODY) -> frozenset[str]:
    """Return every reference that the roster can come to, in lower case.

    These are its slots, its fallbacks, the members of its rotations and whoever a feed named.
    """
    slots = {
        name for slot in policy.roster.values() for name in (*slot.primary, *slot.backup, *slot.fallback)
    }
    rows = [policy.schedules.get(name) for name in filter(None, map(schedule_id, slots))]
    turns = {name for row in rows if row is not None for layer in row.layers for name in layer.members}
    fed = {name for feed in duty.feeds.values() for shift in feed for name in shift.members}
    return frozenset(name.lower() for name in slots | turns | fed if schedule_id(name) is None)


def duty_of(directory: Directory) -> Duty:
    """Return what is known about on-call without the overrides of people who may not act."""
    overrides = directory.duty.overrides
    if not overrides:
        return directory.duty
    able = tuple(o for o in overrides if (p := directory.people.get(o.user)) is not None and p.may_act)
    return directory.duty if len(able) == len(overrides) else replace(directory.duty, overrides=able)


def _references(policy: Policy, directory: Directory, role: Role, part: str) -> tuple[str, ...]:
    if directory.at is None:
        return scheduled(policy, named(policy, role, part), None, directory.duty)
    return standing(policy, role, part, directory.at, duty_of(directory))


def _behind(directory: Directory, names: tuple[str, ...]) -> tuple[Person, ...]:
    found = {person.id: person for name in names for person in directory.resolve(name)}
    return tuple(found.values())
