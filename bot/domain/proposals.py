"""Putting something before people to decide, and what becomes of it when they do not."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.domain import hours, quorum, small_team
from bot.domain.decision import (
    CATCH_ALL,
    HEAD_START,
    INCIDENT,
    Decision,
    Fact,
    Notice,
    NoticeKind,
    Timer,
    TimerKind,
    direct,
)
from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemId, ItemKind, ItemState, Proposal, ProposalKind
from bot.domain.policy import Policy, Span
from bot.domain.proposal_facts import fact_kind, told
from bot.domain.roles import Directory


def digest(proposal: Proposal) -> str:
    """Return what binds a click to exactly this proposal: SHA-256 over its canonical JSON.

    A change of a single character of the value, of its grounds or of who must agree makes an earlier click worthless.
    """
    content = {
        "kind": proposal.kind.value,
        "value": proposal.value,
        "current": proposal.current,
        "rationale": proposal.rationale,
        "evidence": list(proposal.evidence),
        "proposed_by": proposal.proposed_by,
        "needs": [list(roles) for roles in proposal.needs],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def is_text_for(item: Item, audience: str) -> bool:
    """Tell whether an item is a text for this audience, decided on or not."""
    proposal = item.proposal
    return (
        proposal is not None
        and proposal.kind is ProposalKind.TEXT
        and proposal.value.get("audience") == audience
    )


def new_id(incident: Incident, items: Iterable[Item], kind: ProposalKind) -> ItemId:
    """Return the id of the next proposal of a kind on this incident."""
    count = sum(item.proposal is not None and item.proposal.kind is kind for item in items)
    return ItemId(f"{incident.id}/approval/{kind.value}/{count + 1}")


def ask(
    incident: Incident,
    item_id: ItemId,
    proposal: Proposal,
    policy: Policy,
    directory: Directory,
    now: datetime,
    title: str,
    *,
    items: Iterable[Item] = (),
) -> Decision:
    """Put a proposal before the people whose agreement it needs; nothing else changes (M-03).

    The card stands in the incident's channel and with each person asked. A need whose roles nobody holds is said aloud
    in the catch-all channel: it would otherwise expire in silence. ``items`` are the incident's: who is at work on it
    goes before the roster.
    """
    complete = replace(proposal, needs=quorum.needs(policy, incident, proposal.kind, proposal.value))
    complete = replace(complete, digest=digest(complete))
    expires = hours.after(now, waits(policy, incident, complete), policy.support_hours)
    item = Item(
        id=item_id,
        incident_id=incident.id,
        kind=ItemKind.APPROVAL,
        role=complete.needs[0][0] if complete.needs else None,
        title=title,
        opened_at=now,
        asked_at=now,
        due_at=expires,
        proposal=complete,
    )
    item, notices = call(incident, item, policy, directory, items)
    card = Notice(kind=NoticeKind.APPROVAL, to=INCIDENT, key=f"{item_id}/card/{INCIDENT}", item_id=item_id)
    half = now + (expires - now) / 2
    return Decision(
        incident=incident,
        items=(item,),
        facts=(
            Fact(
                kind=fact_kind(complete, "asked"), item_id=item_id, data=told(complete), rule="approval.ask"
            ),
        ),
        # At the opening the live card says what waits for whom; a second card beside it would only push it away.
        notices=notices if incident.channel_id is None else (card, *notices),
        timers=(
            Timer(kind=TimerKind.HALF, incident_id=incident.id, item_id=item_id, at=half),
            Timer(kind=TimerKind.EXPIRE, incident_id=incident.id, item_id=item_id, at=expires),
        ),
    )


def call(
    incident: Incident, item: Item, policy: Policy, directory: Directory, items: Iterable[Item] = ()
) -> tuple[Item, tuple[Notice, ...]]:
    """Call on those whose agreement is still missing; whoever is called for the first time gets a copy of the card.

    Safe to repeat: the same copy is never sent twice.
    """
    assert item.proposal is not None, "only a proposal is decided on"
    missing = quorum.unmet(policy, directory, incident, item.proposal, item.grants)
    given = () if small_team.is_on(policy) else item.grants
    without = quorum.not_alone(policy, incident, item.proposal) | {grant.by for grant in given}
    known = tuple(items)
    found = {
        need: quorum.called_on(policy, directory, incident, need, known, without=without) for need in missing
    }
    people = tuple(dict.fromkeys(user for asked in found.values() for user in asked))
    called = replace(item, holders=people, asked=tuple(dict.fromkeys((*item.asked, *people))))
    copies = (
        Notice(
            kind=NoticeKind.APPROVAL,
            to=to,
            key=f"{item.id}/card/{to}",
            item_id=item.id,
            not_before=None if incident.channel_id or incident.is_desk else item.asked_at + HEAD_START,
        )
        for to in map(direct, people)
    )
    return called, (*copies, *(_vacant(item, need) for need, asked in found.items() if not asked))


def waits(policy: Policy, incident: Incident, proposal: Proposal) -> Span:
    """Return how long a proposal waits; a change of severity as long as the new severity says."""
    if proposal.kind is ProposalKind.SEVERITY:
        return policy.row(Severity(proposal.value)).suggestion_expires
    if proposal.kind is ProposalKind.POLICY:
        return policy.activation_waits
    row = policy.row(incident.severity)
    if proposal.kind is ProposalKind.OWNER:
        return row.suggestion_expires
    return row.approval_expires or row.suggestion_expires


def recast(incident: Incident, items: Iterable[Item], policy: Policy, directory: Directory) -> Decision:
    """Ask for the agreement that the incident asks for as it is now; what was agreed to under other rules is void."""
    decision, items = Decision(incident=incident), tuple(items)
    for item in items:
        if not item.is_open or item.proposal is None:
            continue
        needs = quorum.needs(policy, incident, item.proposal.kind, item.proposal.value)
        if needs == item.proposal.needs:
            continue
        proposal = replace(item.proposal, needs=needs)
        proposal = replace(proposal, digest=digest(proposal))
        asked = replace(item, proposal=proposal, grants=(), role=needs[0][0] if needs else None)
        asked, notices = call(incident, asked, policy, directory, items)
        kind = fact_kind(proposal, "needs_changed")
        fact = Fact(kind=kind, item_id=item.id, data=told(proposal), rule="approval.recast")
        decision = decision.then(Decision(incident=incident, items=(asked,), facts=(fact,), notices=notices))
    return decision


def supersede_same(incident: Incident, items: Sequence[Item], kind: ProposalKind, now: datetime) -> Decision:
    """End every open proposal of a kind: what it was about has changed, so its buttons must not work any more."""
    return supersede(incident, [i for i in items if i.proposal is not None and i.proposal.kind is kind], now)


def supersede(incident: Incident, items: Iterable[Item], now: datetime) -> Decision:
    """End these proposals, as far as they are still open, without effect."""
    decision = Decision(incident=incident)
    for item in items:
        if item.is_open and item.proposal is not None:
            decision = decision.then(over(incident, item, ItemState.SUPERSEDED, "superseded", now))
    return decision


def over(
    incident: Incident, item: Item, state: ItemState, outcome: str, now: datetime, **data: object
) -> Decision:
    """End a proposal without effect: its timers stop, its copies lose their buttons, the reason is on record."""
    assert item.proposal is not None, "only a proposal can end like this"
    ended = replace(item, state=state, holders=(), answered_at=now)
    fact = Fact(
        kind=fact_kind(item.proposal, outcome),
        item_id=item.id,
        data={**told(item.proposal), "seconds": (now - item.opened_at).total_seconds(), **data},
        rule=f"approval.{outcome}",
    )
    return Decision(incident=incident, items=(ended,), facts=(fact,), quiet=(item.id,))


def fell_due(
    incident: Incident, item: Item, kind: TimerKind, policy: Policy, directory: Directory, now: datetime
) -> Decision:
    """Remind at half time, expire at the end. Late or repeated, it does nothing more than on time."""
    if not item.is_open or item.proposal is None or item.due_at is None:
        return Decision(incident=incident)
    if kind is TimerKind.EXPIRE and now >= item.due_at:
        late = (now - item.due_at).total_seconds()
        return over(incident, item, ItemState.EXPIRED, "expired", now, late_seconds=late)
    if kind is TimerKind.HALF and now < item.due_at:
        return _half_time(incident, item, item.proposal, policy, directory)
    return Decision(incident=incident)


def _half_time(
    incident: Incident, item: Item, proposal: Proposal, policy: Policy, directory: Directory
) -> Decision:
    people = _second(incident, item, proposal, policy, directory)
    if not people:
        return Decision(incident=incident)
    data = {"users": list(people)}
    asked = tuple(dict.fromkeys((*item.asked, *people)))
    return Decision(
        incident=incident,
        items=(replace(item, asked=asked, holders=tuple(dict.fromkeys((*item.holders, *people)))),),
        facts=(Fact(kind="approval.reminded", item_id=item.id, data=data, rule="approval.half_time"),),
        notices=tuple(
            Notice(kind=NoticeKind.HALF_TIME, to=to, key=f"{item.id}/half/{to}", item_id=item.id, data=data)
            for to in (CATCH_ALL if incident.is_desk else INCIDENT, *(direct(user) for user in people))
        ),
    )


def _second(
    incident: Incident, item: Item, proposal: Proposal, policy: Policy, directory: Directory
) -> tuple[UserId, ...]:
    """Return who is asked at half time.

    A raise presses on the role that would lead at the higher severity. A draft or a closing goes to the backups too.
    Lowering a severity and a change of lead press on nobody: without a decision everything stays as it is, which is the
    safe side. Nobody is pressed whose own agreement would not count.
    """
    without = quorum.not_alone(policy, incident, proposal)
    if proposal.kind is ProposalKind.SEVERITY:
        if proposal.value >= incident.severity:
            return ()
        lead = policy.row(Severity(proposal.value)).lead
        return quorum.asked_for(policy, directory, incident, (lead,), without)
    if proposal.kind is ProposalKind.OWNER:
        return ()
    given = {grant.by for grant in quorum.granted(proposal, item.grants)} | without
    able = {role for roles in proposal.needs for role in roles}
    found = (
        person.id
        for part in ("primary", "backup")
        for role in sorted(able)
        for person in quorum.candidates(policy, directory, incident, role, part)
    )
    return tuple(dict.fromkeys(user for user in found if user not in given))


def _vacant(item: Item, roles: Sequence[Role]) -> Notice:
    names = " or ".join(roles)
    text = (
        f"Nobody on the roster can decide as {names}: {item.title}. Please fill the role or decide by hand."
    )
    key = f"{item.id}/vacant/{'.'.join(roles)}"
    return Notice(
        kind=NoticeKind.LINE, to=CATCH_ALL, key=key, item_id=item.id, data={"line": "vacant", "text": text}
    )
