"""Who must agree to what, and whether enough people have."""

from collections.abc import Sequence

from bot.domain.incident import Dimension, Incident, Role, Severity, UserId
from bot.domain.items import Grant, Proposal, ProposalKind
from bot.domain.policy import Approvals, Policy, When
from bot.domain.roles import Directory, Person, holders, roles_of

Needs = tuple[tuple[Role, ...], ...]

# Stands in a policy for whoever leads the incident at the moment of the decision.
ASSIGNEE = Role("assignee")

# From here on nobody decides alone on what they proposed.
TWO_PEOPLE = Severity.SEV2


def needs(policy: Policy, incident: Incident, kind: ProposalKind, value: object) -> Needs:
    """Return which grants a proposal needs: one by a holder of each inner tuple, each by another person (S0-27).

    Lowering a severity is asked by the row of the severity as it is; a text also needs what the row adds for its data.
    """
    rules = policy.row(incident.severity).approvals
    match kind:
        case ProposalKind.SEVERITY:
            raising = isinstance(value, int) and value < incident.severity
            return rules.raise_severity if raising else rules.lower_severity
        case ProposalKind.OWNER:
            return rules.owner
        case ProposalKind.TEXT:
            return _text(rules, incident)
        case ProposalKind.CLOSE:
            return rules.close


def holds(incident: Incident, when: When) -> bool:
    """Tell whether all that a condition asks is true of the incident; an unknown score reaches nothing."""
    if when.customer_visible is not None and when.customer_visible is not incident.customer_visible:
        return False
    return all(reaches(incident, dimension, least) for dimension, least in (when.at_least or {}).items())


def reaches(incident: Incident, dimension: Dimension, least: int) -> bool:
    """Tell whether a dimension scores at least ``least``; one that nobody could score never does."""
    score = incident.scores.get(dimension)
    return score is not None and score >= least


def roles_now(policy: Policy, directory: Directory, incident: Incident, user: UserId) -> frozenset[Role]:
    """Return the roles a person may decide with at this moment; none for a bot, an outsider or a leaver."""
    person = directory.people.get(user)
    if person is None or not person.may_act:
        return frozenset()
    own = roles_of(policy, directory, user)
    return own | {ASSIGNEE} if incident.lead == user else own


def candidates(
    policy: Policy, directory: Directory, incident: Incident, role: Role, part: str
) -> tuple[Person, ...]:
    """Return who may grant as a role, from one slot of the roster."""
    if role != ASSIGNEE:
        return holders(policy, directory, role, part)
    lead = directory.people.get(incident.lead) if incident.lead else None
    return (lead,) if lead is not None and lead.may_act else ()


def asked_for(
    policy: Policy,
    directory: Directory,
    incident: Incident,
    wanted: Sequence[Role],
    without: frozenset[str] = frozenset(),
) -> tuple[UserId, ...]:
    """Return who is asked for one grant: everybody primary in its roles, the backups where there is none.

    ``without`` names people whose own agreement would not count.
    """
    for part in ("primary", "backup"):
        found = (p.id for role in wanted for p in candidates(policy, directory, incident, role, part))
        if people := tuple(user for user in dict.fromkeys(found) if user not in without):
            return people
    return ()


def assigned(wanted: Needs, held: Sequence[frozenset[Role]]) -> dict[int, int]:
    """Match people to needs, each to one and as many as possible; returns need -> person, by position."""
    if not wanted:
        return {}
    best = assigned(wanted[:-1], held)
    last = len(wanted) - 1
    for person, roles in enumerate(held):
        if not roles & set(wanted[-1]):
            continue
        others = [r if i != person else frozenset() for i, r in enumerate(held)]
        tried = {**assigned(wanted[:-1], others), last: person}
        if len(tried) > len(best):
            best = tried
    return best


def granted(proposal: Proposal, grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """Return the grants that count: agreeing, and given for exactly this proposal."""
    return tuple(g for g in grants if g.verdict in ("approve", "change") and g.digest == proposal.digest)


def unmet(
    policy: Policy, directory: Directory, incident: Incident, proposal: Proposal, grants: Sequence[Grant]
) -> Needs:
    """Return the needs that nobody has met who still holds the role."""
    held = [roles_now(policy, directory, incident, grant.by) for grant in granted(proposal, grants)]
    met = assigned(proposal.needs, held)
    return tuple(need for at, need in enumerate(proposal.needs) if at not in met)


def not_alone(incident: Incident, proposal: Proposal) -> frozenset[str]:
    """Return whose agreement would decide, alone, what they proposed or prompted themselves."""
    if len(proposal.needs) > 1 or not two_people(incident, proposal):
        return frozenset()
    return frozenset(filter(None, (proposal.proposed_by, proposal.prompted_by)))


def two_people(incident: Incident, proposal: Proposal) -> bool:
    """Tell whether whoever proposed this may not be the only one to approve it."""
    worst = incident.severity
    if proposal.kind is ProposalKind.SEVERITY and isinstance(proposal.value, int):
        worst = Severity(min(worst, proposal.value))
    return worst <= TWO_PEOPLE


def _text(rules: Approvals, incident: Incident) -> Needs:
    also = tuple(
        extra.roles
        for extra in rules.external_text_also
        if any(holds(incident, when) for when in extra.any_of)
    )
    return rules.external_text + also


def words(policy: Policy, wanted: Needs) -> str:
    """Return who has to agree, for a sentence: ``incident manager or L2 platform, and technical lead``."""
    return ", and ".join(" or ".join(label(policy, role) for role in roles) for roles in wanted) or "nobody"


def label(policy: Policy | None, role: Role) -> str:
    """Return a role as people read it; without a policy, by its bare name."""
    if role == ASSIGNEE:
        return "whoever leads the incident"
    row = policy.roles.get(role) if policy else None
    return row.label if row is not None else role.replace("_", " ")
