"""Suggestions by a machine: put before people or refused, never applied."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain import effects, proposals, quorum
from bot.domain.decision import Decision, Fact, person
from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemState, Proposal, ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory

MOST_OPEN = 3
RATIONALE_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What an advisor thinks, with its grounds.

    ``kind`` is SEVERITY (``value`` a severity) or OWNER (``value`` a user id, or a role: its first holder is meant).
    ``evidence`` names what was said or recorded and must resolve; ``confidence`` runs from 0 to 1, ``probabilities``
    is one number for each severity. The first line of the ``rationale`` is the reason, by which a repetition is told;
    further lines may quote. ``prompted_by`` is whose words or question led to it.
    """

    kind: ProposalKind
    value: Any
    rationale: str
    evidence: tuple[str, ...]
    confidence: float
    model: str
    model_version: str
    probabilities: Mapping[str, float] = field(default_factory=dict)
    prompted_by: UserId | None = None


def suggest(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    suggestion: Suggestion,
    *,
    known_evidence: frozenset[str],
    by: str,
    now: datetime,
) -> Decision:
    """Show a suggestion as a card with buttons, or record why it is not fit to be shown; the incident stays as it is.

    Not fit: evidence that is missing or does not resolve, a value that changes nothing, a fourth one while three are
    open. The newest supersedes an open one of its kind. One that would go below a stop-the-line floor is shown as
    blocked.
    """
    value = _value(suggestion, incident, policy, directory)
    if (why := _unfit(incident, items, suggestion, value, known_evidence)) is not None:
        return _invalid(incident, suggestion, why, by)
    proposal = Proposal(
        kind=suggestion.kind,
        value=value,
        current=_current(incident, suggestion.kind),
        rationale=suggestion.rationale.strip(),
        evidence=suggestion.evidence,
        confidence=suggestion.confidence,
        proposed_by=by,
        prompted_by=suggestion.prompted_by,
        model=suggestion.model,
        model_version=suggestion.model_version,
    )
    item_id = proposals.new_id(incident, items, suggestion.kind)
    before = proposals.supersede(incident, _suggestions(items, suggestion.kind), now)
    asked = proposals.ask(
        incident, item_id, proposal, policy, directory, now, _title(suggestion.kind), items=items
    )
    if not effects.undercuts(incident, proposal):
        return before.then(asked)
    item = asked.items[-1]
    blocked = proposals.over(incident, item, ItemState.BLOCKED, "blocked", now, floor=incident.floor)
    channel = tuple(notice for notice in asked.notices if person(notice.to) is None)
    shown = Decision(incident=incident, items=asked.items, facts=asked.facts, notices=channel)
    return before.then(shown).then(blocked)


def is_new(incident: Incident, items: Sequence[Item], suggestion: Suggestion) -> bool:
    """Tell whether a suggestion has not been made before on the incident as it stands.

    What a person has decided is not asked again for the same reasons; what expired may come back with more evidence.
    """
    if incident.is_closed:
        return False
    return not any(_repeats(incident, item, suggestion) for item in items)


def _repeats(incident: Incident, item: Item, suggestion: Suggestion) -> bool:
    proposal = item.proposal
    if proposal is None or not proposal.model or proposal.kind is not suggestion.kind:
        return False
    if proposal.current != _current(incident, suggestion.kind):
        return False
    if _reason(proposal.rationale) != _reason(suggestion.rationale):
        return False
    more = not set(suggestion.evidence) <= set(proposal.evidence)
    return not (more and item.state in (ItemState.EXPIRED, ItemState.SUPERSEDED))


def _reason(rationale: str) -> str:
    return rationale.strip().partition("\n")[0]


def _unfit(
    incident: Incident, items: Sequence[Item], suggestion: Suggestion, value: Any, known: frozenset[str]
) -> str | None:
    if incident.is_closed:
        return f"{incident.key} is closed"
    if value is None:
        return f"{suggestion.value!r} is not something that could be chosen here"
    if value == _current(incident, suggestion.kind):
        return "it is so already"
    if not suggestion.evidence:
        return "it names no evidence"
    if unknown := [ref for ref in suggestion.evidence if ref not in known]:
        return f"its evidence does not resolve: {', '.join(sorted(unknown))}"
    if not suggestion.rationale.strip() or len(suggestion.rationale) > RATIONALE_LIMIT:
        return f"its rationale must have 1 to {RATIONALE_LIMIT} characters"
    if not all(_is_share(share) for share in (suggestion.confidence, *suggestion.probabilities.values())):
        return "its confidence must lie between 0 and 1"
    others = [
        item for item in _suggestions(items) if item.proposal and item.proposal.kind is not suggestion.kind
    ]
    if len(others) >= MOST_OPEN:
        return f"{MOST_OPEN} suggestions are open already"
    return None


def _invalid(incident: Incident, suggestion: Suggestion, why: str, by: str) -> Decision:
    data = {
        "suggestion": suggestion.kind.value,
        "value": str(suggestion.value),
        "evidence": list(suggestion.evidence),
        "model": suggestion.model,
        "model_version": suggestion.model_version,
        "by": by,
        "why": why,
    }
    return Decision(incident=incident, facts=(Fact(kind="ai.invalid", data=data, rule="advice.suggest"),))


def _value(suggestion: Suggestion, incident: Incident, policy: Policy, directory: Directory) -> Any:
    match suggestion.kind:
        case ProposalKind.SEVERITY:
            try:
                return int(Severity(int(suggestion.value)))
            except (TypeError, ValueError):
                return None
        case ProposalKind.OWNER:
            return _person(str(suggestion.value), incident, policy, directory)
        case _:
            return None


def _person(named: str, incident: Incident, policy: Policy, directory: Directory) -> UserId | None:
    known = directory.people.get(UserId(named))
    if known is not None:
        return known.id if known.may_act else None
    return next(iter(quorum.asked_for(policy, directory, incident, (Role(named),))), None)


def _current(incident: Incident, kind: ProposalKind) -> Any:
    return int(incident.severity) if kind is ProposalKind.SEVERITY else incident.lead


def _suggestions(items: Sequence[Item], kind: ProposalKind | None = None) -> list[Item]:
    return [
        item
        for item in items
        if item.is_open and item.proposal and item.proposal.model and kind in (None, item.proposal.kind)
    ]


def _title(kind: ProposalKind) -> str:
    return "suggested severity" if kind is ProposalKind.SEVERITY else "suggested lead"


def _is_share(value: float) -> bool:
    return math.isfinite(value) and 0 <= value <= 1
