"""Who must agree to what, and whether enough people have."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain import sharing
from bot.domain.incident import Dimension, Incident, Role, Severity, UserId
from bot.domain.items import Grant, Item, ItemKind, ItemState, Proposal, ProposalKind
from bot.domain.policy import Approvals, Policy, When
from bot.domain.roles import Directory, Person, holders, roles_of

Needs = tuple[tuple[Role, ...], ...]

# Stands in a policy for whoever leads the incident at the moment of the decision.
ASSIGNEE = Role("assignee")
# Stands for the role that owns the service an incident is about; for nobody while no service is named.
SERVICE_OWNER = Role("service_owner")


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
            return _text(policy, rules, incident, value)
        case ProposalKind.CLOSE:
            return rules.close
        case ProposalKind.POLICY:
            return ((policy.owner,),)
        case ProposalKind.LIFT:
            return policy.stop_the_line.lift.get(incident.severity) or rules.lower_severity
        case ProposalKind.REMEDIATION:
            return rules.remediation
        case ProposalKind.LEGAL:
            able = tuple(role for role in policy.decision_rights.get("legal", ()) if role in policy.roles)
            return (able,) if able else ()


def holds(incident: Incident, when: When, policy: Policy) -> bool:
    """Tell whether all that a condition asks is true of the incident; an unknown score reaches nothing."""
    if when.customer_visible is not None and when.customer_visible is not incident.customer_visible:
        return False
    for wanted, there in ((when.kinds, {incident.kind}), (when.triggers, {incident.trigger})):
        if wanted and not there & set(wanted):
            return False
    if when.conditions and not set(when.conditions) & set(incident.conditions):
        return False
    if when.tier is not None and not _is_of_tier(policy, incident, when.tier):
        return False
    if when.unowned_identity is not None and when.unowned_identity is not is_unowned(
        policy, incident.identity
    ):
        return False
    return all(reaches(incident, dimension, least) for dimension, least in (when.at_least or {}).items())


def is_unowned(policy: Policy, identity: str) -> bool:
    """Tell whether an identity is involved that nobody owns: it is not in the policy, or has no owner there (S3-15)."""
    row = policy.identities.get(identity)
    return bool(identity) and (row is None or row.owner is None)


def _is_of_tier(policy: Policy, incident: Incident, tier: int) -> bool:
    service = policy.services.get(incident.service)
    return service is not None and service.tier <= tier


def meant(policy: Policy, incident: Incident, role: Role) -> Role | None:
    """Return the role that a name in the policy means for an incident; None for the owner of a service that nobody named."""
    if role != SERVICE_OWNER:
        return role
    service = policy.services.get(incident.service)
    return service.owner if service is not None else None


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
    if meant(policy, incident, SERVICE_OWNER) in own:
        own |= {SERVICE_OWNER}
    return own | {ASSIGNEE} if incident.lead == user else own


def candidates(
    policy: Policy, directory: Directory, incident: Incident, role: Role, part: str
) -> tuple[Person, ...]:
    """Return who may grant as a role, from one slot of the roster."""
    if role != ASSIGNEE:
        known = meant(policy, incident, role)
        return holders(policy, directory, known, part) if known is not None else ()
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


def called_on(
    policy: Policy,
    directory: Directory,
    incident: Incident,
    wanted: Sequence[Role],
    items: Iterable[Item] = (),
    without: frozenset[str] = frozenset(),
) -> tuple[UserId, ...]:
    """Return who is turned to on an incident that people work on: in each role whoever has it there, else `asked_for`.

    That is the lead, and whoever acknowledged for the role: somebody who is awake goes before whoever stands first on
    the roster. ``items`` are the incident's.
    """
    pages = [item for item in items if item.kind is ItemKind.ACKNOWLEDGE]
    taken = {item.role: item.answered_by for item in pages if item.state is ItemState.ACKNOWLEDGED}
    found: dict[UserId, None] = {}
    for role in wanted:
        here = filter(None, (*incident.leads, taken.get(role)))
        able = [
            user
            for user in here
            if user not in without and role in roles_now(policy, directory, incident, user)
        ]
        found |= dict.fromkeys(able or asked_for(policy, directory, incident, (role,), without))
    return tuple(found)


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


def not_alone(policy: Policy, incident: Incident, proposal: Proposal) -> frozenset[str]:
    """Return whose agreement would decide, alone, what they proposed or prompted themselves.

    A change in production may be decided by one person where the policy asks for one: speed is what it is for.
    """
    if proposal.kind is ProposalKind.REMEDIATION:
        return frozenset()
    if len(proposal.needs) > 1 or not two_people(policy, incident, proposal):
        return frozenset()
    return frozenset(filter(None, (proposal.proposed_by, proposal.prompted_by)))


def two_people(policy: Policy, incident: Incident, proposal: Proposal) -> bool:
    """Tell whether whoever proposed this may not be the only one to approve it."""
    worst = incident.severity
    if proposal.kind is ProposalKind.SEVERITY and isinstance(proposal.value, int):
        worst = Severity(min(worst, proposal.value))
    return worst <= policy.computation.two_people_from


def _text(policy: Policy, rules: Approvals, incident: Incident, value: object) -> Needs:
    audience = str(value.get("audience", "")) if isinstance(value, Mapping) else ""
    also = sharing.must_agree(policy, incident, audience)
    return rules.external_text + tuple(roles for roles in also if roles not in rules.external_text)


def words(policy: Policy, wanted: Needs) -> str:
    """Return who has to agree, for a sentence: ``incident manager or L2 platform, and technical lead``."""
    return ", and ".join(" or ".join(label(policy, role) for role in roles) for roles in wanted) or "nobody"


def label(policy: Policy | None, role: Role) -> str:
    """Return a role as people read it; without a policy, by its bare name."""
    if role == ASSIGNEE:
        return "whoever leads the incident"
    if role == SERVICE_OWNER:
        return "the owner of the service"
    row = policy.roles.get(role) if policy else None
    return row.label if row is not None else role.replace("_", " ")
