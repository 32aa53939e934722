"""Deciding on what was put before people: one winner, bound to exactly what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import acting, conditions, effects, proposal_facts, proposals, quorum, rights, small_team
from bot.domain.decision import Decision, Fact
from bot.domain.errors import AlreadyDecided, IllegalMove, InvalidInput, NotAllowed, NotNow
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Grant, Item, ItemState, Proposal, ProposalKind
from bot.domain.mrkdwn import blanks
from bot.domain.policy import Policy
from bot.domain.proposals import ask, digest, fell_due, supersede_same
from bot.domain.roles import Directory

__all__ = ["ask", "decide", "digest", "fell_due", "supersede_same"]

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ballot:
    """One person's click, with everything it is judged by."""

    incident: Incident
    items: Sequence[Item]
    policy: Policy
    directory: Directory
    by: UserId
    reason: str
    now: datetime

    def roles(self, user: UserId) -> frozenset[Role]:
        return quorum.roles_now(self.policy, self.directory, self.incident, user)


def decide(
    incident: Incident,
    item: Item,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    verdict: str,
    digest: str,
    reason: str,
    value: Any = None,
    now: datetime,
) -> Decision:
    """Record one person's decision; the last grant that is needed takes effect in the same decision (S0-11 to S0-13).

    ``verdict`` is ``approve``, ``change`` or ``reject``; ``value`` is what "change" wants instead: a severity, a user id
    or a text. The role is checked at this moment, ``digest`` says what the person saw, and whoever comes second is told
    who was first. Raises `AlreadyDecided`, `IllegalMove` (expired, or changed since it was shown), `NotAllowed`,
    `NotNow` (a text with blanks) and `InvalidInput` (fields ``reason`` and ``value``).
    """
    proposal = _still_open(item, directory, now)
    ballot = _Ballot(
        incident=incident,
        items=items,
        policy=policy,
        directory=directory,
        by=by,
        reason=reason.strip(),
        now=now,
    )
    _may_decide(ballot, proposal)
    if digest != proposal.digest:
        raise IllegalMove(
            "This was changed after you saw it. Please look at its newest form and decide on that."
        )
    _check_reason(verdict, ballot.reason)
    if (ended := _overtaken(ballot, item, proposal)) is not None:
        return ended
    if verdict == "reject":
        return _finish(
            ballot, item, proposal, (_grant(ballot, proposal, verdict),), ItemState.REJECTED, "rejected"
        )
    if verdict == "change":
        return _change(ballot, item, proposal, effects.parse(proposal, value, incident, directory, now))
    return _approve(ballot, item, proposal)


def _still_open(item: Item, directory: Directory, now: datetime) -> Proposal:
    if item.proposal is None:
        raise IllegalMove("There is nothing to decide here.")
    if item.is_open and (item.due_at is None or now < item.due_at):
        return item.proposal
    if (item.is_open or item.state is ItemState.EXPIRED) and item.due_at is not None:
        raise IllegalMove(
            f"This expired without effect at {item.due_at:%H:%M} UTC, so it can't be decided any more."
        )
    if item.answered_by is not None:
        done = {ItemState.REJECTED: "rejected", ItemState.CHANGED: "changed"}.get(item.state, "approved")
        raise AlreadyDecided(f"{acting.name(directory, item.answered_by)} was first: this is already {done}.")
    why = {
        ItemState.SUPERSEDED: "Something newer took its place",
        ItemState.BLOCKED: "A stop-the-line floor blocks this",
    }.get(item.state, "This was withdrawn")
    raise IllegalMove(f"{why}, so it can't be decided any more.")


def _may_decide(ballot: _Ballot, proposal: Proposal) -> None:
    acting.require(ballot.directory, ballot.by)
    if proposal.kind is not ProposalKind.LIFT:
        conditions.refuse_approvals(ballot.incident, ballot.policy)
    if not any(ballot.roles(ballot.by) & set(need) for need in proposal.needs):
        raise NotAllowed(f"This is decided by: {quorum.words(ballot.policy, proposal.needs)}.")
    if (decision := rights.OF_PROPOSAL.get(proposal.kind)) is not None:
        rights.require(ballot.policy, ballot.directory, ballot.incident, ballot.by, decision)


def _check_reason(verdict: str, reason: str) -> None:
    if verdict not in ("approve", "reject", "change"):
        raise IllegalMove("Please press Approve, Change or Reject.")
    if verdict != "approve" and not reason:
        doing = "rejecting" if verdict == "reject" else "changing"
        example = 'for example "the error rate is falling"'
        raise InvalidInput({"reason": f"Please say why you are {doing} this, {example}."})
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(
            {"reason": f"The reason has {len(reason)} characters; please keep it to {REASON_LIMIT}."}
        )


def _overtaken(ballot: _Ballot, item: Item, proposal: Proposal) -> Decision | None:
    """End a proposal that the incident has moved past, instead of applying it to something it was not about."""
    incident = ballot.incident
    now_is = {
        ProposalKind.SEVERITY: incident.severity,
        ProposalKind.OWNER: incident.lead,
        ProposalKind.POLICY: ballot.policy.version,
    }
    if proposal.kind in now_is and proposal.current != now_is[proposal.kind]:
        return proposals.over(incident, item, ItemState.SUPERSEDED, "superseded", ballot.now)
    if effects.undercuts(incident, proposal):
        return proposals.over(incident, item, ItemState.BLOCKED, "blocked", ballot.now, floor=incident.floor)
    return None


def _approve(ballot: _Ballot, item: Item, proposal: Proposal) -> Decision:
    # The rules may have changed since it was asked: a higher severity, a score that calls in legal.
    if (asked := proposals.recast(ballot.incident, (item,), ballot.policy, ballot.directory)).items:
        return asked
    _ready(proposal, ballot.now)
    if _alone(ballot, proposal):
        who = quorum.words(ballot.policy, proposal.needs)
        raise NotAllowed(f"Nobody approves alone what they proposed themselves. Please ask another {who}.")
    counted = quorum.granted(proposal, item.grants)
    if any(grant.by == ballot.by for grant in counted) and not small_team.is_on(ballot.policy):
        raise AlreadyDecided(
            f"You have approved this already; it still needs {_missing(ballot, proposal, counted)}."
        )
    before, after = _matched(ballot, proposal, counted), _matched(ballot, proposal, counted, ballot.by)
    if len(after) == len(before):
        who = acting.names(ballot.directory, [grant.by for grant in counted])
        raise AlreadyDecided(
            f"{who} approved in your role already; it still needs {_missing(ballot, proposal, counted)}."
        )
    return _agree(ballot, item, proposal, "approve", counted)


def _ready(proposal: Proposal, now: datetime) -> None:
    """Refuse to agree to a text with blanks, or with a promise that is broken already (S0-15)."""
    if proposal.kind is not ProposalKind.TEXT:
        return
    if left := blanks(str(proposal.value["text"])):
        raise NotNow(f"The text still leaves this open: {', '.join(left)}. Press Change and fill it in.")
    promised = proposal.value.get("next_update_at")
    if promised and (at := datetime.fromisoformat(promised)) <= now:
        raise NotNow(
            f"The text promises an update by {at:%H:%M} UTC, which has passed. Press Change and promise a later time."
        )


def _change(ballot: _Ballot, item: Item, proposal: Proposal, wanted: Any) -> Decision:
    """Decide for something else than what was proposed; what others had agreed to is void.

    Whoever rewrites a text becomes its author: where two people must agree, somebody else approves the new words.
    """
    authored = proposal.kind is ProposalKind.TEXT
    altered = replace(
        proposal,
        value=wanted,
        proposed_by=ballot.by if authored else proposal.proposed_by,
        needs=quorum.needs(ballot.policy, ballot.incident, proposal.kind, wanted),
    )
    altered = replace(altered, digest=proposals.digest(altered))
    rewritten = replace(item, proposal=altered, grants=(), details={**item.details, "changed": True})
    _may_decide(ballot, altered)
    if effects.undercuts(ballot.incident, altered):
        raise NotAllowed(
            "A stop-the-line floor is in force; the severity can't go below it until the floor is lifted."
        )
    if not _alone(ballot, altered):
        return _agree(ballot, rewritten, altered, "change", ())
    return _wait(ballot, rewritten, altered)


def _agree(
    ballot: _Ballot, item: Item, proposal: Proposal, verdict: str, counted: tuple[Grant, ...]
) -> Decision:
    match = _matched(ballot, proposal, counted, ballot.by)
    position = next(need for need, person in match.items() if person == len(counted))
    own = ballot.roles(ballot.by)
    filled = small_team.filled(ballot.policy, proposal.needs, counted, own) or (position,)
    grants = tuple(
        replace(_grant(ballot, proposal, verdict), role=next(r for r in proposal.needs[at] if r in own))
        for at in filled
    )
    if len(match) - 1 + len(filled) >= len(proposal.needs):
        changed = item.details.get("changed")
        state, outcome = (ItemState.CHANGED, "changed") if changed else (ItemState.APPROVED, "approved")
        return _finish(ballot, item, proposal, grants, state, outcome)
    return _wait(ballot, replace(item, grants=(*item.grants, *grants)), proposal)


def _wait(ballot: _Ballot, item: Item, proposal: Proposal) -> Decision:
    """Go on asking: those who are still missing are called, the others are let go."""
    called, notices = proposals.call(ballot.incident, item, ballot.policy, ballot.directory, ballot.items)
    fact = _fact(item, proposal, "granted", ballot)
    return Decision(incident=ballot.incident, items=(called,), facts=(fact,), notices=notices)


def _finish(
    ballot: _Ballot, item: Item, proposal: Proposal, grants: tuple[Grant, ...], state: ItemState, outcome: str
) -> Decision:
    done = replace(
        item,
        state=state,
        holders=(),
        answered_by=ballot.by,
        answered_at=ballot.now,
        grants=(*item.grants, *grants),
    )
    settled = Decision(
        incident=ballot.incident,
        items=(done,),
        facts=(_fact(done, proposal, outcome, ballot),),
        quiet=(item.id,),
    )
    if state is ItemState.REJECTED:
        return settled
    others = [done if other.id == item.id else other for other in ballot.items]
    after = effects.take(
        ballot.incident,
        done,
        others,
        ballot.policy,
        ballot.directory,
        by=ballot.by,
        reason=ballot.reason,
        now=ballot.now,
    )
    return settled.then(after)


def _grant(ballot: _Ballot, proposal: Proposal, verdict: str) -> Grant:
    able = (role for need in proposal.needs for role in need if role in ballot.roles(ballot.by))
    return Grant(
        by=ballot.by,
        role=next(able),
        verdict=verdict,
        reason=ballot.reason,
        at=ballot.now,
        digest=proposal.digest,
    )


def _matched(ballot: _Ballot, proposal: Proposal, counted: Sequence[Grant], *also: UserId) -> dict[int, int]:
    return quorum.assigned(proposal.needs, [ballot.roles(user) for user in (*(g.by for g in counted), *also)])


def _missing(ballot: _Ballot, proposal: Proposal, counted: Sequence[Grant]) -> str:
    left = quorum.unmet(ballot.policy, ballot.directory, ballot.incident, proposal, counted)
    return quorum.words(ballot.policy, left)


def _alone(ballot: _Ballot, proposal: Proposal) -> bool:
    return ballot.by in quorum.not_alone(ballot.policy, ballot.incident, proposal)


def _fact(item: Item, proposal: Proposal, outcome: str, ballot: _Ballot) -> Fact:
    seconds = (ballot.now - item.opened_at).total_seconds()
    data = {**proposal_facts.told(proposal), "by": ballot.by, "reason": ballot.reason, "seconds": seconds}
    if small_team.is_single_person(proposal, item.grants):
        data["single_person"] = True
    return Fact(
        kind=proposal_facts.fact_kind(proposal, outcome),
        item_id=item.id,
        data=data,
        rule=f"approval.{outcome}",
    )
