"""Actions that wait for a person's agreement: a risky change in production, a legal step (S1-08, S1-54).

The bot does neither. It asks whom the policy names, and puts the agreement on record before somebody acts on it.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import acting, proposals, quorum, stages
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, Proposal, ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST = 500

# What each kind of action is called, and an example of one.
NAMES = {ProposalKind.REMEDIATION: "change in production", ProposalKind.LEGAL: "legal action"}
EXAMPLES = {
    ProposalKind.REMEDIATION: "`/incident remediate Roll back release 41 on all nodes`",
    ProposalKind.LEGAL: "`/incident legal Notify the insurer`",
}


def ask(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    kind: ProposalKind,
    what: str,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Put an action before those who must agree to it at this severity; several may wait at once.

    Raises `InvalidInput` (``what``) for one that says nothing or too much, `NotAllowed` for who has no part in the
    incident, and `NotNow` where the policy names nobody who could agree.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first: `/incident reopen`.")
    if not stages.takes_part(incident, policy, directory, by):
        raise NotAllowed(f"Only people on the roster can ask for a {NAMES[kind]} on {incident.key}.")
    said = _said(kind, what)
    if not quorum.needs(policy, incident, kind, said):
        raise NotNow(f"The policy names nobody who may agree to a {NAMES[kind]}. Please decide by hand.")
    proposal = Proposal(kind=kind, value=said, current=None, proposed_by=by)
    item_id = proposals.new_id(incident, items, kind)
    return proposals.ask(
        incident, item_id, proposal, policy, directory, now, f"{NAMES[kind]}: {said}", items=items
    )


def approved(incident: Incident, item: Item, *, by: UserId, reason: str, now: datetime) -> Decision:
    """Everybody who must agree has agreed: put it on record and say in the channel that it may be done now."""
    proposal = item.proposal
    assert proposal is not None, "only a proposal is agreed to"
    grants = [{"by": grant.by, "role": grant.role, "at": grant.at.isoformat()} for grant in item.grants]
    data = {
        "what": proposal.value,
        "asked_by": proposal.proposed_by,
        "approved_by": grants,
        "by": by,
        "reason": reason,
    }
    family = "remediation" if proposal.kind is ProposalKind.REMEDIATION else "legal"
    text = {
        "line": "action_approved",
        "name": NAMES[proposal.kind],
        "what": proposal.value,
        "asked_by": proposal.proposed_by,
        "users": list(dict.fromkeys(grant.by for grant in item.grants)),
        "at": now.isoformat(),
        "text": f"Approved: {proposal.value}",
    }
    return Decision(
        incident=incident,
        facts=(Fact(kind=f"{family}.approved", data=data, item_id=item.id, rule=f"approvals.{family}"),),
        notices=(Notice(kind=NoticeKind.LINE, to=INCIDENT, key=f"{item.id}/approved", data=text),),
    )


def _said(kind: ProposalKind, what: str) -> str:
    said = " ".join(what.split())
    if not any(character.isalnum() for character in said):
        raise InvalidInput({"what": f"Please say what exactly should be done, for example {EXAMPLES[kind]}."})
    if len(said) > LONGEST:
        raise InvalidInput({"what": f"That has {len(said)} characters; please keep it to {LONGEST}."})
    return said
