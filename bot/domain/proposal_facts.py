"""What the audit trail keeps of a proposal, and what it calls what became of it."""

from bot.domain.items import Proposal, ProposalKind

OUTCOMES = {
    "ai": {"asked": "suggested", "changed": "modified"},
    "comms": {"asked": "drafted"},
}
_KINDS_OF_COMMS = frozenset({"asked", "approved", "rejected"})


def fact_kind(proposal: Proposal, outcome: str) -> str:
    """Return the audit name of what happened; a model's suggestions and drafts have names of their own."""
    if proposal.model and outcome not in ("granted", "reminded"):
        family = "ai"
    elif proposal.kind is ProposalKind.TEXT and outcome in _KINDS_OF_COMMS:
        family = "comms"
    elif proposal.kind is ProposalKind.POLICY and outcome == "rejected":
        family = "policy"
    else:
        family = "approval"
    return f"{family}.{OUTCOMES.get(family, {}).get(outcome, outcome)}"


def told(proposal: Proposal) -> dict[str, object]:
    """Return what the audit trail keeps of a proposal."""
    kept = {
        "proposal": proposal.kind.value,
        "value": proposal.value,
        "current": proposal.current,
        "rationale": proposal.rationale,
        "evidence": list(proposal.evidence),
        "confidence": proposal.confidence,
        "proposed_by": proposal.proposed_by,
        "prompted_by": proposal.prompted_by,
        "model": proposal.model,
        "model_version": proposal.model_version,
        "needs": [list(roles) for roles in proposal.needs],
        "digest": proposal.digest,
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [])}
