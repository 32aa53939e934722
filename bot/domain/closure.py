"""Ending an incident with the agreement it needs, and putting its channel away later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.domain import acting, conditions, gates, hours, proposal_facts, proposals, quorum, rights, stages
from bot.domain.decision import (
    ANNOUNCEMENTS,
    INCIDENT,
    Decision,
    Fact,
    Notice,
    NoticeKind,
    Timer,
    TimerKind,
    direct,
)
from bot.domain.errors import IllegalMove, InvalidInput
from bot.domain.incident import ChannelState, Closure, Incident, Stage, Status, UserId
from bot.domain.items import Grant, Item, ItemState, Proposal, ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory

ANSWER_LIMIT = 3000

QUESTIONS: Mapping[str, str] = {
    "cause": 'Please name the root cause or the top suspicion, for example "a full disk on the primary database".',
    "actions_taken": 'Please say what was done, for example "grew the disk, restarted replication".',
    "verification": 'Please say how you know that it is over, for example "errors at 0.1% for 30 minutes, seen by eli".',
}


def ask_close(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    closure: Closure,
    *,
    now: datetime,
) -> Decision:
    """Ask for the close (S0-27): it happens once everybody whom the severity names has agreed.

    Asking counts as agreeing for whoever holds one of the roles, unless that would decide a SEV1 or SEV2 alone. Raises
    `InvalidInput` by field and `IllegalMove` when the incident is closed already.
    """
    acting.require(directory, closure.closed_by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed already.")
    validate(closure)
    rights.require(policy, directory, incident, closure.closed_by, "ask_close")
    item_id = proposals.new_id(incident, items, ProposalKind.CLOSE)
    kind = "suspected cause" if closure.cause_is_suspicion else "cause"
    proposal = Proposal(
        kind=ProposalKind.CLOSE,
        value=to_json(closure),
        current=None,
        rationale=f"The {kind} is known, the work is done and verified.{_left_out(incident, policy)}",
        proposed_by=closure.closed_by,
    )
    asked = Fact(kind="incident.close_asked", data=to_json(closure), item_id=item_id, rule="closure.ask")
    decision = Decision(incident=incident, facts=(asked,))
    decision = decision.then(proposals.supersede_same(incident, items, ProposalKind.CLOSE, now))
    decision = decision.then(
        proposals.ask(
            incident, item_id, proposal, policy, directory, now, f"close {incident.key}", items=items
        )
    )
    return _agree_by_asking(decision, items, policy, directory, closure, now)


def validate(closure: Closure) -> None:
    """Refuse a close without its answers; raises `InvalidInput`: ``cause``, ``actions_taken``, ``verification``."""
    problems = {}
    for field, sentence in QUESTIONS.items():
        text = str(getattr(closure, field)).strip()
        if not any(character.isalnum() for character in text):
            problems[field] = sentence
        elif len(text) > ANSWER_LIMIT:
            problems[field] = f"This has {len(text)} characters; please keep it to {ANSWER_LIMIT}."
    if problems:
        raise InvalidInput(problems)


def _agree_by_asking(
    asked: Decision,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    closure: Closure,
    now: datetime,
) -> Decision:
    incident, item = asked.incident, asked.items[-1]
    proposal, by = item.proposal, closure.closed_by
    assert proposal is not None, "the item was made with one"
    roles = quorum.roles_now(policy, directory, incident, by)
    met = quorum.assigned(proposal.needs, [roles])
    if not met or conditions.stopping(incident, policy) or by in quorum.not_alone(policy, incident, proposal):
        return asked
    role = next(role for role in proposal.needs[next(iter(met))] if role in roles)
    grant = Grant(by=by, role=role, verdict="approve", reason="", at=now, digest=proposal.digest)
    granted = replace(item, grants=(grant,))
    data = {**proposal_facts.told(proposal), "by": by, "role": role}
    if len(proposal.needs) > 1:
        fact = Fact(kind="approval.granted", item_id=item.id, data=data, rule="approval.granted")
        waiting, _ = proposals.call(incident, granted, policy, directory, items)
        # Whoever asks has agreed, so they get no copy that asks them to.
        others = tuple(notice for notice in asked.notices if notice.to != direct(by))
        told = replace(asked, notices=others)
        return told.then(Decision(incident=incident, items=(waiting,), facts=(fact,)))
    done = replace(granted, state=ItemState.APPROVED, holders=(), answered_by=by, answered_at=now)
    fact = Fact(kind="approval.approved", item_id=item.id, data=data, rule="approval.approved")
    approved = Decision(incident=incident, items=(done,), facts=(fact,), quiet=(item.id,))
    known = {i.id: i for i in (*items, *asked.items, done)}
    # Nobody else is asked: the cards that would have asked them are not sent at all.
    agreed = replace(asked, notices=(), timers=())
    return agreed.then(approved).then(close(incident, tuple(known.values()), policy, now, by, closure))


def close(
    incident: Incident, items: Sequence[Item], policy: Policy, now: datetime, by: UserId, closure: Closure
) -> Decision:
    """Close: everything still owed is cancelled with its timers, and the channel is archived later."""
    left = tuple(replace(item, state=ItemState.CANCELLED, holders=()) for item in items if not item.is_over)
    skipped = gates.passed_over(incident, policy)
    closed = replace(
        incident,
        status=Status.CLOSED,
        closure=closure,
        closed_at=now,
        next_update_at=None,
    )
    archive = hours.after(now, policy.archive_after, policy.support_hours)
    key = f"{incident.id}/closed/{incident.reopened}"
    announcement = Notice(kind=NoticeKind.ANNOUNCEMENT, to=ANNOUNCEMENTS, key=key, data={"moment": "closed"})
    minutes = round((now - incident.opened_at).total_seconds() / 60)
    line = {"line": "closed", "minutes": minutes, "archive_at": archive.isoformat()}
    data = {
        **to_json(closure),
        "by": by,
        "severity": incident.severity.name,
        "cancelled": [i.id for i in left],
    }
    return Decision(
        incident=closed,
        items=left,
        facts=(
            *(_skipped(incident, stage, policy, by) for stage in skipped),
            Fact(kind="incident.closed", data=data, rule="closure.close"),
        ),
        notices=(
            Notice(kind=NoticeKind.LINE, to=INCIDENT, key=f"{key}/line", data=line),
            *(() if incident.private else (announcement,)),
        ),
        timers=(Timer(kind=TimerKind.ARCHIVE, incident_id=incident.id, at=archive),),
        quiet=tuple(item.id for item in left),
        hush=True,
    )


def _left_out(incident: Incident, policy: Policy) -> str:
    """Say which required stages a close would leave out: whoever agrees to it agrees to that."""
    names = ", ".join(stages.label(policy, stage) for stage in gates.passed_over(incident, policy))
    return f" It leaves out what {incident.severity.name} asks for: {names}." if names else ""


def _skipped(incident: Incident, stage: Stage, policy: Policy, by: UserId) -> Fact:
    text = stages.label(policy, stage)
    data = {"stage": stage, "text": text, "by": by, "reason": "agreed to with the close"}
    return Fact(kind="criterion.overridden", data=data, rule="gate.close")


def fell_due(incident: Incident, kind: TimerKind, policy: Policy, now: datetime) -> Decision:
    """Archive the channel of an incident that is still closed; anything else that falls due here no longer matters."""
    if (
        kind is not TimerKind.ARCHIVE
        or not incident.is_closed
        or incident.channel_state is not ChannelState.READY
    ):
        return Decision(incident=incident)
    key = f"{incident.id}/archive/{incident.channel_id}/{incident.reopened}"
    return Decision(
        incident=incident, notices=(Notice(kind=NoticeKind.ARCHIVE_CHANNEL, to=INCIDENT, key=key),)
    )


def to_json(closure: Closure) -> dict[str, Any]:
    """Return a closure as JSON, for a proposal and the audit trail."""
    return {**asdict(closure), "asked_at": closure.asked_at.isoformat()}


def from_json(value: Mapping[str, Any]) -> Closure:
    """Return the closure that was made JSON by `to_json`."""
    return Closure(**{**value, "asked_at": datetime.fromisoformat(value["asked_at"])})
