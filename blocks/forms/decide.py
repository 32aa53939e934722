"""The form that asks why something is rejected, or what it should be instead and why."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock

from blocks import approval, ids, kit, words
from blocks.forms import fields
from bot.domain.incident import Incident, Severity
from bot.domain.items import Item, Proposal, ProposalKind
from bot.domain.policy import Policy


def draw(incident: Incident, item: Item, policy: Policy, *, verdict: str, digest: str) -> dict[str, Any]:
    """Draw the form for one verdict; the decision stays bound to the digest of what was shown on the card."""
    if item.proposal is None:
        raise LookupError("there is nothing to decide on an item without a proposal")
    blocks = [
        kit.section(f"*{words.name(incident)}*\n{approval.what(item.proposal, policy)}"),
        *([_instead(item.proposal, policy)] if verdict == "change" else []),
        fields.text(ids.REASON, "Why?", lines=True, placeholder="The error rate is falling already"),
    ]
    title, submit = ("Change it", "Change") if verdict == "change" else ("Reject it", "Reject")
    carried = {"item": item.id, "digest": digest, "verdict": verdict, "kind": item.proposal.kind.value}
    return fields.form(ids.DECIDE_FORM, title, blocks, submit=submit, carried=carried)


def _instead(proposal: Proposal, policy: Policy) -> InputBlock:
    value = proposal.value
    match proposal.kind:
        case ProposalKind.SEVERITY:
            choices = [
                (str(int(level)), f"{level.name} · {policy.row(level).label}", policy.row(level).meaning)
                for level in Severity
                if level in policy.severities
            ]
            return fields.choice(ids.NEW_VALUE, "Which severity instead?", choices, initial=str(value))
        case ProposalKind.OWNER:
            return fields.person(ids.NEW_VALUE, "Who instead?", initial=str(value))
        case ProposalKind.TEXT:
            return fields.text(
                ids.NEW_VALUE, "Exact text", initial=_raw(approval.exact_text(proposal)), lines=True
            )
        case ProposalKind.POLICY | ProposalKind.LIFT:
            raise LookupError("this is agreed to as it is, or rejected")
        case ProposalKind.CLOSE:
            cause = value.get("cause", "") if isinstance(value, Mapping) else ""
            return fields.text(ids.NEW_VALUE, "What caused it?", initial=str(cause), lines=True)
        case ProposalKind.REMEDIATION | ProposalKind.LEGAL:
            return fields.text(ids.NEW_VALUE, "What exactly instead?", initial=str(value), lines=True)


def _raw(text: str) -> str:
    """Undo the escaping of a text that is about to be edited; it is escaped again when it comes back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
