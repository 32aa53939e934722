"""The card on which a person decides: the exact change, why it is proposed, who may decide, until when."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import ids, kit, policy_change, words
from blocks.post import Post
from blocks.view import View
from bot.domain import comms, quorum, sharing, small_team
from bot.domain.incident import Role, Severity
from bot.domain.items import Grant, Item, ItemState, Proposal, ProposalKind
from bot.domain.mrkdwn import harmless
from bot.domain.policy import Policy

# How Slack stamps a message.
STAMP = re.compile(r"\d{10}\.\d{6}")

LEVEL = re.compile(r"\bSEV[1-5]\b")

# A quoted piece stays below Slack's 3,000 characters with its marks; 20 pieces leave room for the rest of the card.
QUOTED = 2500
MOST_PIECES = 20

# Agreed to or rejected as they are: another form of them comes from elsewhere.
_AS_IT_IS = frozenset({ProposalKind.CLOSE, ProposalKind.LIFT, ProposalKind.POLICY})

OUTCOMES: Mapping[ItemState, str] = {
    ItemState.APPROVED: ":white_check_mark: Approved",
    ItemState.CHANGED: ":pencil2: Changed",
    ItemState.REJECTED: ":no_entry_sign: Rejected",
    ItemState.EXPIRED: ":hourglass: Expired without effect: nobody decided in time",
    ItemState.SUPERSEDED: ":leftwards_arrow_with_hook: Superseded: something newer took its place",
    ItemState.BLOCKED: ":lock: Blocked: a stop-the-line floor is in force, so this may not go below it",
    ItemState.CANCELLED: ":white_circle: Withdrawn: it is no longer needed",
}


def draw(view: View, _data: Mapping[str, Any]) -> Post:
    """Draw the card from the item as it is now; decided, it says who decided what and why, and offers nothing."""
    item, proposal = _subject(view)
    change = what(proposal, view.policy)
    label = _label(proposal)
    blocks: list[Block] = [
        kit.header(label if view.incident.is_desk else f"{label} · {view.incident.key}"),
        kit.section(change if view.incident.is_desk else f"*{words.name(view.incident)}*\n{change}"),
        *_texts(proposal),
        *(policy_change.details(item) if proposal.kind is ProposalKind.POLICY else []),
        *([kit.section(f"*Why*: {kit.outside(proposal.rationale, 1500)}")] if proposal.rationale else []),
        *_grounds(proposal),
        *_shared(view, proposal),
        *([kit.section("\n".join(_given(item, view.policy)))] if item.grants else []),
    ]
    if not item.is_open:
        outcome = _outcome(item)
        return kit.post(
            f"{label} for {words.name(view.incident)}. {outcome}",
            [*blocks, kit.section(f"*{outcome}*"), *kit.buttons(_endorsing(item, proposal))],
        )
    blocks += _warnings(view, proposal)
    may = _who_may(item, proposal, view.policy)
    text = f"{label} for {words.name(view.incident)}: {kit.short(change, 1500)} {may}"
    return kit.post(text, [*blocks, kit.section(may), *_buttons(item, proposal)])


def draw_half_time(view: View, data: Mapping[str, Any]) -> Post:
    """Remind whoever may decide that half the time has gone; what they would agree to stands here, too."""
    item, proposal = _subject(view)
    if not item.is_open:
        text = f"{_label(proposal)} for {words.name(view.incident)}: {_outcome(item)}"
        return kit.post(text, [kit.section(text)])
    users = [str(user) for user in data.get("users", ())] or list(item.holders)
    lines = [
        f"{kit.mentions(users)}, half the time has gone and this still waits for a person:",
        f"{_label(proposal)} for *{words.name(view.incident)}*. {what(proposal, view.policy)}",
        _who_may(item, proposal, view.policy),
    ]
    shown = [kit.section("\n".join(lines[:2])), *_texts(proposal), *_warnings(view, proposal)]
    return kit.post(" ".join(lines), [*shown, kit.section(lines[2]), *_buttons(item, proposal)])


def what(proposal: Proposal, policy: Policy) -> str:
    """Say exactly what would change, from what to what."""
    value, current = proposal.value, proposal.current
    match proposal.kind:
        case ProposalKind.SEVERITY:
            return f"Change the severity from *{_severity(current, policy)}* to *{_severity(value, policy)}*."
        case ProposalKind.OWNER:
            before = kit.mention(str(current)) if current else "nobody"
            return f"Change the lead from {before} to {kit.mention(str(value))}."
        case ProposalKind.TEXT:
            audience = value.get("audience", "") if isinstance(value, Mapping) else ""
            kind = words.AUDIENCES.get(audience, "Text")
            return f"Post exactly this text ({kind.lower()})."
        case ProposalKind.CLOSE:
            return "Close the incident with these findings."
        case ProposalKind.POLICY:
            return policy_change.what(proposal)
        case ProposalKind.LIFT:
            return f"Lift the stop-the-line condition *{kit.escape(str(value))}*: {kit.outside(str(current), 500)}"
        case ProposalKind.REMEDIATION:
            return f"Change this in production: *{kit.outside(str(value), 1000)}*"
        case ProposalKind.LEGAL:
            return f"Take this legal action: *{kit.outside(str(value), 1000)}*"


def value_of(item: Item) -> str:
    """Return what a button of this card carries: the item and the digest of exactly what was shown."""
    digest = item.proposal.digest if item.proposal else ""
    return json.dumps({"item": item.id, "digest": digest}, separators=(",", ":"))


def exact_text(proposal: Proposal) -> str:
    """Return the text that a text approval is about; empty for other approvals."""
    if proposal.kind is not ProposalKind.TEXT:
        return ""
    return str(proposal.value.get("text", "")) if isinstance(proposal.value, Mapping) else str(proposal.value)


def _shared(view: View, proposal: Proposal) -> list[Block]:
    """Say why a text needs more agreement than usual: the data-sharing rules that the scores put in force."""
    if proposal.kind is not ProposalKind.TEXT or not isinstance(proposal.value, Mapping):
        return []
    audience = str(proposal.value.get("audience", ""))
    said = dict.fromkeys(rule.says for rule in sharing.in_force(view.policy, view.incident, audience))
    return [kit.context(*(f":lock: {kit.outside(text, 500)}" for text in said))] if said else []


def _warnings(view: View, proposal: Proposal) -> list[Block]:
    """Say what to look at before a text is approved: it may be, but not unawares."""
    if proposal.kind is not ProposalKind.TEXT:
        return []
    incident, lines = view.incident, []
    if said := set(LEVEL.findall(exact_text(proposal))) - {incident.severity.name}:
        lines.append(
            f":warning: This text says {', '.join(sorted(said))}; the incident is {incident.severity.name} now. "
            "Change it before you approve it, or reject it."
        )
    if incident.private:
        lines.append(
            ":lock: This incident is private. Once approved, everybody in the channel it goes to reads this."
        )
    return [kit.section("\n".join(lines))] if lines else []


def _subject(view: View) -> tuple[Item, Proposal]:
    if view.item is None or view.item.proposal is None:
        raise LookupError("an approval card needs an item with a proposal")
    return view.item, view.item.proposal


def _label(proposal: Proposal) -> str:
    if proposal.model:
        return "AI suggestion"
    return {
        ProposalKind.SEVERITY: "Severity change to approve",
        ProposalKind.OWNER: "Lead change to approve",
        ProposalKind.TEXT: "Draft to approve",
        ProposalKind.CLOSE: "Close to approve",
        ProposalKind.POLICY: "Policy to approve",
        ProposalKind.LIFT: "Stop-the-line to lift",
        ProposalKind.REMEDIATION: "Change in production to approve",
        ProposalKind.LEGAL: "Legal action to approve",
    }[proposal.kind]


def _severity(value: Any, policy: Policy) -> str:
    try:
        return words.severity(policy, Severity(int(value)))
    except (TypeError, ValueError):
        return kit.outside(str(value), 100)


def _texts(proposal: Proposal) -> list[Block]:
    """Show a text whole: what is approved is what is read. A long one takes several blocks."""
    if proposal.kind is ProposalKind.TEXT:
        text = harmless(exact_text(proposal))
        return [kit.section(kit.quote(piece)) for piece in kit.pieces(text, QUOTED)[:MOST_PIECES]]
    if proposal.kind is ProposalKind.CLOSE and isinstance(proposal.value, Mapping):
        value = proposal.value
        cause = "Top suspicion" if value.get("cause_is_suspicion") else "Root cause"
        found = [(cause, "cause"), ("Actions taken", "actions_taken"), ("Verification", "verification")]
        return [
            kit.section(f"*{label}*\n{kit.quoted(str(value.get(key, '')), 2500)}") for label, key in found
        ]
    return []


def _grounds(proposal: Proposal) -> list[Block]:
    grounds = []
    if proposal.evidence:
        grounds.append(f"Evidence: {kit.short(', '.join(map(_evidence, proposal.evidence)), 1000)}")
    if proposal.confidence is not None:
        grounds.append(f"Confidence: {proposal.confidence:.0%}")
    if proposal.model:
        model = f"{proposal.model} {proposal.model_version}".strip()
        grounds.append(f"Suggested by {kit.outside(model, 200)}; nothing changes without a person's click.")
    else:
        by = proposal.proposed_by
        who = kit.mention(by) if by[:1] in {"U", "W"} else kit.outside(by.capitalize(), 200)
        grounds.append(f"Proposed by {who}")
    return [kit.context(*grounds)]


def _evidence(reference: str) -> str:
    """Return a message's stamp as the time at which it was said, and anything else as it is."""
    if not STAMP.fullmatch(reference):
        return kit.outside(reference, 200)
    said = datetime.fromtimestamp(float(reference), UTC)
    return f"said at <!date^{int(said.timestamp())}^{{time_secs}}|{said:%H:%M:%S} UTC>"


def _given(item: Item, policy: Policy) -> list[str]:
    lines = [_grant(grant, policy, item) for grant in item.grants]
    if item.proposal is not None and small_team.is_single_person(item.proposal, item.grants):
        lines.append(":bust_in_silhouette: One person agreed for every role: a single-person approval.")
    return lines


def _grant(grant: Grant, policy: Policy, item: Item) -> str:
    verdict = {"approve": "approved", "change": "changed it", "reject": "rejected"}.get(
        grant.verdict, grant.verdict
    )
    who = f"{kit.mention(grant.by)} ({words.role(policy, grant.role)})"
    line = f"{who} {verdict} at {kit.when(grant.at, item.asked_at)}"
    return f"{line}: {kit.outside(grant.reason, 500)}" if grant.reason else line


def _outcome(item: Item) -> str:
    outcome = OUTCOMES.get(item.state, item.state.value.replace("_", " ").capitalize())
    if item.answered_by is not None:
        outcome += f" by {kit.mention(item.answered_by)}"
    if item.answered_at is not None:
        outcome += f" at {kit.when(item.answered_at, item.asked_at)}"
    if comms.posted_at(item) is not None:
        outcome += ", and posted"
    return f"{outcome}."


def _who_may(item: Item, proposal: Proposal, policy: Policy) -> str:
    missing = _missing(proposal, item.grants)
    given = {grant.by for grant in item.grants}
    left = [user for user in item.holders if user not in given]
    who = f" ({kit.mentions(left)})" if left else ""
    still = "Still needed" if len(missing) < len(proposal.needs) else "To decide"
    line = f"{still}: {words.who_must_agree(policy, missing)}{who}."
    if item.due_at is None:
        return line
    return f"{line} Without a decision it expires without effect at {kit.when(item.due_at, item.asked_at)}."


def _missing(proposal: Proposal, grants: Sequence[Grant]) -> list[tuple[Role, ...]]:
    held = [frozenset({grant.role}) for grant in quorum.granted(proposal, grants)]
    met = quorum.assigned(proposal.needs, held)
    return [roles for number, roles in enumerate(proposal.needs) if number not in met]


def _buttons(item: Item, proposal: Proposal) -> list[Block]:
    value = value_of(item)
    return kit.buttons(
        [
            kit.button("Approve", ids.APPROVE, value, style="primary"),
            *([] if proposal.kind in _AS_IT_IS else [kit.button("Change", ids.CHANGE, value)]),
            kit.button("Reject", ids.REJECT, value, style="danger"),
            *_endorsing(item, proposal),
        ]
    )


def _endorsing(item: Item, proposal: Proposal) -> list[ButtonElement]:
    if proposal.kind is not ProposalKind.POLICY:
        return []
    return policy_change.endorse_button(item, value_of(item))
