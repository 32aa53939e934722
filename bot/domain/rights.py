"""Who may make which decision: the policy's decision rights, checked at the moment of the click (S1-33)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain import quorum
from bot.domain.errors import NotAllowed
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory, roles_of

# Every decision that has a door, in the words of a refusal: "Only ... may <words>".
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "open": "open an incident",
        "triage": "answer the triage",
        "move_stage": "move an incident to another stage",
        "override_gate": "leave a stage with something missing",
        "set_next_step": "say what the next step is",
        "severity": "decide on a change of severity",
        "assign_lead": "decide who leads",
        "communications": "approve what is said outside",
        "remediation": "approve a risky change in production",
        "legal": "approve a legal action",
        "ask_close": "ask for the close",
        "close": "agree to the close",
        "reopen": "reopen an incident",
        "override_on_call": "arrange who is on call for others",
    }
)

# Words that may stand among the roles: everybody of the workspace; whoever opened the incident; whoever leads it; the
# role that leads its severity; anybody who holds a role.
ANYONE = Role("anyone")
OPENER = Role("opener")
SEVERITY_LEAD = Role("severity_lead")
ROSTER = Role("roster")
WORDS: Mapping[Role, str] = MappingProxyType(
    {
        ANYONE: "everybody of the workspace",
        OPENER: "whoever opened it",
        quorum.ASSIGNEE: "whoever leads it",
        quorum.SERVICE_OWNER: "the role that owns its service",
        SEVERITY_LEAD: "the role that leads its severity",
        ROSTER: "anybody on the roster",
    }
)

# Which decision an approval is.
OF_PROPOSAL: Mapping[ProposalKind, str] = MappingProxyType(
    {
        ProposalKind.SEVERITY: "severity",
        ProposalKind.OWNER: "assign_lead",
        ProposalKind.TEXT: "communications",
        ProposalKind.CLOSE: "close",
        ProposalKind.REMEDIATION: "remediation",
        ProposalKind.LEGAL: "legal",
    }
)


def require(
    policy: Policy, directory: Directory, incident: Incident | None, user: UserId, decision: str
) -> None:
    """Refuse who may not make a decision; raises `NotAllowed` naming who may.

    Without an ``incident`` (it is about to be opened) only roles and ``anyone`` count. A policy that says nothing of a
    decision leaves it to the other rules: those of before decision rights, and packs made in a test.
    """
    if not may(policy, directory, incident, user, decision):
        raise NotAllowed(f"Only {who(policy, incident, decision)} may {DECISIONS[decision]}.")


def may(policy: Policy, directory: Directory, incident: Incident | None, user: UserId, decision: str) -> bool:
    """Tell whether somebody may make a decision at this moment."""
    able = policy.decision_rights.get(decision)
    if able is None:
        return True
    person = directory.people.get(user)
    if person is not None and not person.may_act:
        return False
    return ANYONE in able or bool(_standing(policy, directory, incident, user) & set(able))


def who(policy: Policy, incident: Incident | None, decision: str) -> str:
    """Return who may make a decision: "incident manager or whoever leads it"."""
    return " or ".join(
        _called(policy, incident, role) for role in policy.decision_rights.get(decision, (ANYONE,))
    )


def _standing(
    policy: Policy, directory: Directory, incident: Incident | None, user: UserId
) -> frozenset[Role]:
    """Return the roles somebody holds, with the words that are true of them on this incident."""
    if incident is None:
        roles = roles_of(policy, directory, user)
        return roles | {ROSTER} if roles else roles
    held = quorum.roles_now(policy, directory, incident, user)
    words = {
        OPENER: incident.opened_by == user,
        SEVERITY_LEAD: policy.row(incident.severity).lead in held,
        ROSTER: bool(held - {quorum.ASSIGNEE}),
    }
    return held | {word for word, holds in words.items() if holds}


def _called(policy: Policy, incident: Incident | None, role: Role) -> str:
    if role == SEVERITY_LEAD and incident is not None:
        return quorum.label(policy, policy.row(incident.severity).lead)
    return WORDS.get(role) or quorum.label(policy, role)
