"""What an approval does, once everybody who must agree has agreed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain import change, closure, comms, policy_change, remediation, stop_line
from bot.domain.decision import Decision
from bot.domain.errors import InvalidInput, NotAllowed
from bot.domain.incident import Incident, Severity, UserId
from bot.domain.items import Item, Proposal, ProposalKind
from bot.domain.mrkdwn import harmless
from bot.domain.policy import Policy
from bot.domain.roles import Directory

TEXT_LIMIT = 3000


def take(
    incident: Incident,
    item: Item,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision:
    """Return the consequences of an approved proposal; the item itself is settled by the caller."""
    proposal = item.proposal
    assert proposal is not None, "only a proposal has an effect"
    # An advisor's first line is the reason; its sources stay with the suggestion.
    why = reason or (proposal.rationale.partition("\n")[0] if proposal.model else proposal.rationale)
    match proposal.kind:
        case ProposalKind.SEVERITY:
            to = Severity(proposal.value)
            return change.change_severity(incident, items, policy, directory, to, by=by, reason=why, now=now)
        case ProposalKind.OWNER:
            return change.assign_lead(incident, items, UserId(proposal.value), by=by, reason=why, now=now)
        case ProposalKind.TEXT:
            return comms.deliver(incident, item, items, policy, directory, by=by, now=now)
        case ProposalKind.CLOSE:
            return closure.close(incident, items, policy, now, by, closure.from_json(proposal.value))
        case ProposalKind.POLICY:
            return policy_change.in_force(incident, item, policy, directory, now=now)
        case ProposalKind.LIFT:
            return stop_line.lift(incident, policy, str(proposal.value), by=by, reason=why, now=now)
        case ProposalKind.REMEDIATION | ProposalKind.LEGAL:
            return remediation.approved(incident, item, by=by, reason=reason, now=now)


def parse(proposal: Proposal, value: Any, incident: Incident, directory: Directory, now: datetime) -> Any:
    """Read what somebody wants instead of what was proposed, as JSON; raises `InvalidInput` naming ``value``."""
    match proposal.kind:
        case ProposalKind.SEVERITY:
            return _severity(value, incident)
        case ProposalKind.OWNER:
            return _owner(value, incident, directory)
        case ProposalKind.TEXT:
            return {**proposal.value, "text": _text(value), "next_update_at": _still_to_come(proposal, now)}
        case ProposalKind.CLOSE:
            raise NotAllowed("To change what the closing says, reject it and ask for the close again.")
        case ProposalKind.POLICY:
            raise NotAllowed(
                "A policy is changed in its files: reject this one, and propose what you want instead."
            )
        case ProposalKind.LIFT:
            raise NotAllowed("A condition is lifted or it holds: please approve this or reject it.")
        case ProposalKind.REMEDIATION | ProposalKind.LEGAL:
            return _text(value)


def undercuts(incident: Incident, proposal: Proposal) -> bool:
    """Tell whether a proposal would go below a stop-the-line floor.

    While a condition holds, a machine's suggestion may not lower the severity at all.
    """
    if proposal.kind is not ProposalKind.SEVERITY:
        return False
    holds = incident.floor is not None or bool(incident.conditions)
    if proposal.model and holds and proposal.value > incident.severity:
        return True
    return incident.floor is not None and bool(proposal.value > incident.floor)


def _severity(value: Any, incident: Incident) -> int:
    named = {level.name: level for level in Severity} | {str(level.value): level for level in Severity}
    to = named.get(str(value).strip().upper())
    if to is None:
        raise InvalidInput({"value": "Please choose a severity from SEV1 to SEV5, for example SEV2."})
    if to is incident.severity:
        raise InvalidInput({"value": f"{incident.key} is {to.name} already. To keep it so, press Reject."})
    return int(to)


def _owner(value: Any, incident: Incident, directory: Directory) -> str:
    person = directory.people.get(UserId(str(value)))
    if person is None or not person.may_act:
        raise InvalidInput(
            {"value": "Please choose somebody of this workspace who is active; apps and guests can't lead."}
        )
    if person.id == incident.lead:
        raise InvalidInput({"value": f"{person.name} leads already. To keep it so, press Reject."})
    return person.id


def _text(value: Any) -> str:
    text = value.get("text", "") if isinstance(value, Mapping) else value
    written = harmless(str(text or "").strip())
    if not any(character.isalnum() for character in written):
        raise InvalidInput({"value": "Please write the text that should be posted; it has no words yet."})
    if len(written) > TEXT_LIMIT:
        raise InvalidInput(
            {"value": f"The text has {len(written)} characters; please keep it to {TEXT_LIMIT}."}
        )
    return written


def _still_to_come(proposal: Proposal, now: datetime) -> str | None:
    """Keep the time that a text promises only while it can be kept; whoever rewrites it words the promise anew."""
    promised = proposal.value.get("next_update_at")
    return promised if promised and datetime.fromisoformat(promised) > now else None
