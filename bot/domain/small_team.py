"""The profile for small teams: where two must agree, one person who holds both roles may be both, and it is on record.

In the standard profile each agreement is another person's. A small team would be stuck at night: its incident manager is its
technical lead. With ``profile: small_team`` such a person's one click counts for each role they hold, and whatever it
decides is marked as decided by a single person.
"""

from collections.abc import Sequence

from bot.domain import quorum
from bot.domain.incident import Role
from bot.domain.items import Grant, Proposal
from bot.domain.policy import Needs, Policy

SMALL = "small_team"


def is_on(policy: Policy) -> bool:
    """Tell whether one person may fill several needs."""
    return policy.profile == SMALL


def met(policy: Policy, needs: Needs, held: Sequence[frozenset[Role]]) -> dict[int, int]:
    """Match people to needs, as the profile allows: each person to one, or to all that they hold the role for."""
    if not is_on(policy):
        return quorum.assigned(needs, held)
    found = {
        at: next((who for who, own in enumerate(held) if own & set(roles)), None)
        for at, roles in enumerate(needs)
    }
    return {at: who for at, who in found.items() if who is not None}


def filled(policy: Policy, needs: Needs, given: Sequence[Grant], own: frozenset[Role]) -> tuple[int, ...]:
    """Return every need that one click fills: those that no earlier agreement was given for and the person holds a role for."""
    if not is_on(policy):
        return ()
    taken = quorum.assigned(needs, [frozenset({grant.role}) for grant in given])
    return tuple(at for at, roles in enumerate(needs) if at not in taken and own & set(roles))


def is_single_person(proposal: Proposal, grants: Sequence[Grant]) -> bool:
    """Tell whether one person alone gave all that several roles had to agree to."""
    counted = [g for g in grants if g.verdict in ("approve", "change") and g.digest == proposal.digest]
    return len(counted) > 1 and len({grant.by for grant in counted}) == 1
