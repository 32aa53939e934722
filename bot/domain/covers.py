"""Taking somebody's place on call: what it is, and who may arrange it for which role."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import quorum, rights
from bot.domain.errors import InvalidInput, NotAllowed
from bot.domain.incident import Role, UserId
from bot.domain.oncall import PARTS, Override, schedule_id, slot_shifts
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of, holders, roles_of

# The decision right by which somebody arranges who is on call for others.
RIGHT = "override_on_call"

# Whoever stands in for longer than this belongs into the rota.
LONGEST = timedelta(days=92)
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A place taken on call, as it was arranged.

    ``arranged_by`` is whoever takes it, or, where two agreed, the other of them.
    """

    id: str
    takes: Override
    arranged_by: UserId
    arranged_at: datetime

    @property
    def was_agreed(self) -> bool:
        """Whether two people agreed on it: then one alone does not undo it."""
        return self.arranged_by != self.takes.user


def members(policy: Policy, directory: Directory, role: Role) -> frozenset[UserId]:
    """Return everybody whom the policy names for a role: in a slot, as its fallback, in a rotation, or in a feed."""
    slot = policy.roster.get(role)
    if slot is None:
        return frozenset()
    references = {*slot.primary, *slot.backup, *slot.fallback}
    for reference in tuple(references):
        schedule = schedule_id(reference)
        if schedule is not None:
            row = policy.schedules.get(schedule)
            references |= {name for layer in (row.layers if row else ()) for name in layer.members}
            references |= {name for shift in directory.duty.feeds.get(schedule, ()) for name in shift.members}
    return frozenset(person.id for name in references for person in directory.resolve(name))


def leads(policy: Policy, role: Role) -> tuple[Role, ...]:
    """Return the roles that may arrange who is on call for a role: by right, else those that lead where it is called in."""
    if RIGHT in policy.decision_rights:
        return tuple(name for name in policy.decision_rights[RIGHT] if name in policy.roster)
    rows = policy.severities.values()
    found = (row.lead for row in rows if any(role == engaged.role for engaged in row.engage))
    return tuple(lead for lead in dict.fromkeys(found) if lead != role)


def is_in_charge(policy: Policy, directory: Directory, role: Role, user: UserId) -> bool:
    """Tell whether somebody may arrange who is on call for a role without being of it."""
    person = directory.people.get(user)
    if person is None or not person.may_act:
        return False
    if RIGHT in policy.decision_rights:
        return rights.may(policy, directory, None, user, RIGHT)
    return bool(roles_of(policy, directory, user) & set(leads(policy, role)))


def who_is_in_charge(policy: Policy, role: Role) -> str:
    """Return who may arrange who is on call for a role, for a sentence."""
    if RIGHT in policy.decision_rights:
        return rights.who(policy, None, RIGHT)
    return quorum.words(policy, (leads(policy, role),))


def keepers(policy: Policy, directory: Directory, role: Role) -> tuple[UserId, ...]:
    """Return who has to see to a role that nobody is on call for: whoever leads it now, and the policy's owner."""
    found = (p.id for lead in leads(policy, role) for p in holders(policy, directory, lead))
    return tuple(dict.fromkeys((*found, *owners(policy, directory))))


def owners(policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return the people behind the policy's owner: holders of that role, or whom the name stands for."""
    role = Role(policy.owner)
    if role in policy.roster:
        return tuple(p.id for part in PARTS for p in holders(policy, directory, role, part))
    return tuple(p.id for p in directory.resolve(policy.owner))


def require(policy: Policy, directory: Directory, takes: Override, by: UserId) -> None:
    """Let ``by`` arrange this, or raise: `NotAllowed` for who asks, `InvalidInput` for who would be on call."""
    role, label = takes.role, quorum.label(policy, takes.role)
    if role not in policy.roster or takes.part not in PARTS:
        raise InvalidInput(
            {"role": f"There is no place {label} ({takes.part}) on call. `/incident oncall` lists them."}
        )
    known = members(policy, directory, role)
    in_charge = is_in_charge(policy, directory, role, by)
    if by not in known and not in_charge:
        who = who_is_in_charge(policy, role)
        raise NotAllowed(
            f"Only people of {label}, or {who}, arrange who is on call for {label}. Please ask one of them."
        )
    person = directory.people.get(takes.user)
    if person is None or not person.may_act or (takes.user not in known and not in_charge):
        named = person.name if person is not None else "That person"
        problem = (
            f"{named} cannot be on call for {label}: please choose somebody whom the policy names for it."
        )
        raise InvalidInput({"owner": problem})


def from_now(takes: Override, now: datetime) -> Override:
    """Return what is left of a place to be taken; raises `InvalidInput` for times that make no sense, by field."""
    since = max(takes.since, now)
    if takes.until <= since:
        example = "for example today 18:00 until tomorrow 9:00"
        raise InvalidInput({"until": f"The end must come after the beginning and after now, {example}."})
    if since - now > FARTHEST:
        raise InvalidInput({"since": "That is more than a year away. Please choose a nearer time."})
    if takes.until - since > LONGEST:
        days = LONGEST.days
        raise InvalidInput(
            {
                "until": f"That is longer than {days} days. Whoever stands in for so long belongs into the rota."
            }
        )
    return Override(role=takes.role, part=takes.part, user=takes.user, since=since, until=takes.until)


def displaced(policy: Policy, directory: Directory, takes: Override) -> tuple[UserId, ...]:
    """Return who would have been on call instead, at any time of it."""
    found = slot_shifts(policy, takes.role, takes.part, takes.since, takes.until, duty_of(directory))
    names = (name for shift in found for name in shift.members)
    people = (person.id for name in names for person in directory.resolve(name))
    return tuple(user for user in dict.fromkeys(people) if user != takes.user)
