"""Changing how bad an incident is, and who leads it, while it runs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import acting, chasing, hours, ladder, promises, proposals, quorum, severity, steps, watching
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind, direct
from bot.domain.errors import IllegalMove, InvalidInput, NotNow
from bot.domain.incident import ChannelState, Incident, Severity, UserId
from bot.domain.items import Item, ItemKind, Proposal, ProposalKind, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST_REASON = 500


def request_severity(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    to: Severity,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision:
    """Do what a person who wants another severity may do: raise it at once, or ask for the approvals that it needs.

    Leads and the roles that approve a raise may raise with a reason; everyone else, and whoever wants it lower, puts a
    proposal before the approvers (S0-27). Raises `InvalidInput` for a missing reason (``reason``).
    """
    acting.require(directory, by)
    _refuse(incident, to)
    why = " ".join(reason.split())
    if not why:
        raise InvalidInput(
            {"reason": f"Please say why it should be {to.name}, for example: checkout fails for everyone."}
        )
    if len(why) > LONGEST_REASON:
        raise InvalidInput(
            {"reason": f"The reason has {len(why)} characters; please keep it to {LONGEST_REASON}."}
        )
    if to < incident.severity and _may_raise(incident, policy, directory, to, by):
        return change_severity(incident, items, policy, directory, to, by=by, reason=why, now=now)
    proposal = Proposal(
        kind=ProposalKind.SEVERITY,
        value=int(to),
        current=int(incident.severity),
        rationale=why,
        proposed_by=by,
    )
    older = proposals.supersede_same(incident, items, ProposalKind.SEVERITY, now)
    verb = "Raise" if to < incident.severity else "Lower"
    return older.then(
        proposals.ask(
            incident,
            proposals.new_id(incident, items, ProposalKind.SEVERITY),
            proposal,
            policy,
            directory,
            now,
            f"{verb} the severity from {incident.severity.name} to {to.name}",
            items=items,
        )
    )


def change_severity(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    to: Severity,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision:
    """Apply another severity with everything that follows from it (S3-16).

    Targets count from the opening, none sooner than 10 minutes from now; roles that have not answered are asked by the
    new ladder, newly called roles get a page of their own, no acknowledgement is lost; what else is owed comes forward
    where the new severity is stricter; other proposals about the severity are superseded. Pass ``items`` without the
    approval that brought this about. Raises `IllegalMove` when nothing would change and `NotNow` below a floor.
    """
    _refuse(incident, to)
    before = incident.severity
    why = reason.strip()
    changed = replace(
        incident,
        severity=to,
        severity_reason=f"{to.name} because {why}" if why else f"{to.name}, decided by a person.",
    )
    changed = replace(changed, targets=severity.targets_of(policy, changed, changed_at=now))
    data = {
        "from": int(before),
        "to": int(to),
        "by": by,
        "reason": why,
        "computed": int(incident.computed_severity),
    }
    decision = Decision(
        incident=changed,
        facts=(Fact(kind="severity.changed", data=data, rule="severity.change"),),
        notices=_said(changed, before, by, why, directory),
    )
    decision = decision.then(proposals.supersede_same(changed, items, ProposalKind.SEVERITY, now))
    others = [i for i in items if i.proposal is None or i.proposal.kind is not ProposalKind.SEVERITY]
    return decision.then(recomputed(decision.incident, others, policy, directory, now))


def recomputed(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    reason: Reason = Reason.SEVERITY,
) -> Decision:
    """Bring what is owed into line with an incident that other rules hold for now: another severity, another policy.

    Roles that have not answered are asked by the new ladder, newly called ones get a page, no acknowledgement is lost; what
    else is owed comes forward where it is due sooner now; approvals need whom the new rules name.
    """
    decision = ladder.recall(incident, items, policy, directory, now, reason=reason)
    decision = decision.then(_hastened(decision.incident, items, policy, now))
    decision = decision.then(promises.recast(decision.incident, items, policy, directory, now))
    waiting = [item for item in items if item.proposal is not None]
    decision = decision.then(proposals.recast(decision.incident, waiting, policy, directory))
    return decision.then(watching.anew(decision.incident, policy, directory, now))


def reached(
    before: Incident,
    after: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    reason: Reason,
    why: str,
) -> Decision:
    """Take what has changed besides the severity to those who are asked: another ladder, or more roles (S3-16).

    ``after`` is the incident with other scores or conditions. Where another ladder applies it is climbed from its foot by
    whoever has not answered, and the record says why; otherwise only new roles are called in.
    """
    was, now_is = ladder.chosen(before, policy)[0], ladder.chosen(after, policy)[0]
    if was == now_is:
        return ladder.engage_all(after, items, policy, directory, now, reason=reason)
    data = {"from": was, "to": now_is, "reason": reason.value, "why": why}
    fact = Fact(kind="ladder.recomputed", data=data, rule=f"ladder.{now_is}")
    decision = Decision(incident=after, facts=(fact,))
    return decision.then(recomputed(after, items, policy, directory, now, reason=reason))


def assign_lead(
    incident: Incident, items: Sequence[Item], user: UserId, *, by: UserId, reason: str, now: datetime
) -> Decision:
    """Make somebody the incident's lead; they are told, and whatever the lead owes is theirs.

    A later acknowledgement by somebody else no longer takes the lead. Other proposals about the lead are superseded.
    Whether the person may act is the caller's to check. Raises `IllegalMove` when they lead already.
    """
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first.")
    if user == incident.lead:
        raise IllegalMove("That person leads this incident already.")
    led = replace(incident, lead=user)
    settled = tuple(
        replace(item, details={key: value for key, value in item.details.items() if key != "takes_lead"})
        for item in items
        if item.details.get("takes_lead") and not item.is_over
    )
    data = {"role": "lead", "users": [user], "previous": incident.lead, "by": by, "reason": reason.strip()}
    text = {"line": "lead_assigned", "user": user, "by": by, "reason": reason.strip()}
    decision = Decision(
        incident=led,
        items=settled,
        facts=(Fact(kind="role.assigned", data=data, rule="lead.assign"),),
        notices=tuple(
            Notice(
                kind=NoticeKind.LINE,
                to=to,
                key=f"{incident.id}/lead/{incident.version}/{to}",
                data=text | {"text": f"{incident.key} has a new lead."},
            )
            for to in (INCIDENT, direct(user))
        ),
    )
    decision = decision.then(steps.given_to(led, items, user))
    decision = decision.then(promises.given_to(led, items, user))
    return decision.then(proposals.supersede_same(led, items, ProposalKind.OWNER, now))


def _refuse(incident: Incident, to: Severity) -> None:
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first.")
    if to is incident.severity:
        raise IllegalMove(f"{incident.key} is {to.name} already.")
    if incident.floor is not None and to > incident.floor:
        raise NotNow(
            f"A stop-the-line condition keeps {incident.key} at {incident.floor.name} or worse; "
            "it has to be lifted first."
        )


def _may_raise(incident: Incident, policy: Policy, directory: Directory, to: Severity, by: UserId) -> bool:
    now, then = policy.row(incident.severity), policy.row(to)
    able = {role for roles in now.approvals.raise_severity for role in roles} | {now.lead, then.lead}
    return by == incident.lead or bool(able & quorum.roles_now(policy, directory, incident, by))


def _hastened(incident: Incident, items: Sequence[Item], policy: Policy, now: datetime) -> Decision:
    row = policy.row(incident.severity)
    decision = Decision(incident=incident)
    for item in items:
        if item.kind is ItemKind.NEXT_STEP and not item.details.get("text"):
            span = row.next_step_within
        elif item.kind is ItemKind.SETTLE:
            span = row.settle_unknown
        else:
            continue
        due = max(hours.after(now, span, policy.support_hours), severity.soonest(policy, now))
        decision = decision.then(chasing.hasten(incident, item, due, now))
    return decision


def _said(
    incident: Incident, before: Severity, by: UserId, why: str, directory: Directory
) -> tuple[Notice, ...]:
    name = acting.name(directory, by)
    text = f"{name} changed the severity from {before.name} to {incident.severity.name}: {why or 'no reason given'}"
    line = Notice(
        kind=NoticeKind.LINE,
        to=INCIDENT,
        key=f"{incident.id}/severity/{incident.version}",
        data={
            "line": "severity_changed",
            "from": int(before),
            "to": int(incident.severity),
            "by": by,
            "reason": why,
            "text": text,
        },
    )
    if incident.channel_state is not ChannelState.READY:
        return (line,)
    return (
        line,
        Notice(kind=NoticeKind.SET_TOPIC, to=INCIDENT, key=f"{incident.id}/topic/{incident.version}"),
    )
