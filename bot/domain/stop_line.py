"""Stopping the line: a condition is ticked and everything follows at once; lifting it takes the roles that may (S0-30)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import (
    acting,
    change,
    conditions,
    hours,
    proposal_facts,
    proposals,
    quorum,
    severity,
    stages,
    tasks,
)
from bot.domain.conditions import Ticks
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed
from bot.domain.incident import ChannelState, Incident, UserId
from bot.domain.items import Grant, Item, Proposal, ProposalKind, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory

LONGEST_REASON = 500


def tick(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    ticked: Ticks,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision:
    """Say that conditions of the checklist hold: the severity rises to their floor and their roles are called in, at once.

    Allowed to whoever takes part: stopping needs nobody's agreement. Raises `IllegalMove` when all of them hold already.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first: `/incident reopen`.")
    if not stages.takes_part(incident, policy, directory, by):
        lead = quorum.label(policy, policy.row(incident.severity).lead)
        raise NotAllowed(f"Only people on the roster can stop the line. Please tell the {lead} at once.")
    if not ticked:
        raise InvalidInput({"condition": "Please tick what is true, for example S-03."})
    fired = _fired(incident, items, policy, directory, ticked, by=by, reason=_reason(reason), now=now)
    if fired is None:
        names = " and ".join(ticked)
        raise IllegalMove(f"{names} is ticked on {incident.key} already.")
    return fired


def seen(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    what: str,
    *,
    reason: str,
    now: datetime,
) -> Decision:
    """Stop the line for what the bot itself sees, as if somebody had ticked it; nothing where no condition looks at it.

    Repeated, or about what holds already, it decides nothing.
    """
    found = dict.fromkeys(conditions.automatic(incident, policy, what), False)
    by = acting.TOCSIN
    fired = _fired(incident, items, policy, directory, found, by=by, reason=_reason(reason), now=now)
    return fired or Decision(incident=incident)


def _fired(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    ticked: Ticks,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision | None:
    """Return all that follows from conditions that hold from now on; None where they all held before."""
    held, facts = conditions.hold(incident, policy, ticked, by=by, reason=reason, now=now)
    if not facts:
        return None
    computed = severity.rated(policy, held)
    held = replace(held, computed_severity=computed.severity)
    decision = Decision(incident=held, facts=facts)
    fired = [str(fact.data["condition"]) for fact in facts]
    text = "; ".join(f"{name}: {policy.stop_the_line.conditions[name].text}" for name in fired)
    if computed.severity < incident.severity:
        worse = change.change_severity(
            held, items, policy, directory, computed.severity, by=by, reason=text, now=now
        )
        decision = decision.then(
            replace(worse, incident=replace(worse.incident, severity_reason=computed.reason))
        )
    else:
        if computed.severity is incident.severity:
            held = replace(held, severity_reason=computed.reason)
        decision = decision.then(
            change.reached(incident, held, items, policy, directory, now, reason=Reason.STOPPED, why=text)
        )
    known = {item.id: item for item in (*items, *decision.items)}
    return decision.then(follows(decision.incident, known.values(), policy, directory, fired, now))


def follows(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    fired: Iterable[str],
    now: datetime,
) -> Decision:
    """Return what else conditions do besides the severity: the channel is told what to do, and tasks are owed."""
    items = tuple(items)
    decision = Decision(incident=incident)
    within = policy.stop_the_line.owes_within
    for name in fired:
        of = policy.stop_the_line.conditions[name]
        decision = decision.then(Decision(incident=incident, notices=(_told(incident, name, policy),)))
        if of.owes:
            role = of.engage[0] if of.engage else policy.row(incident.severity).lead
            due = hours.after(now, within, policy.support_hours)
            rule = f"{conditions.RULE}.{name}"
            owed = tasks.owe(
                incident, items, policy, directory, role, of.owes, about=name, due=due, now=now, rule=rule
            )
            decision = decision.then(owed)
    return decision


def ask_lift(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    condition: str,
    *,
    by: UserId,
    reason: str,
    now: datetime,
) -> Decision:
    """Ask to lift a condition; it is lifted once everybody has agreed whom the checklist names for the severity.

    Asking counts as agreeing for whoever holds one of the roles: where one is enough, it is lifted at once. The severity stays
    what it is; lowering it takes its own approvals. Raises `InvalidInput` without a reason.
    """
    acting.require(directory, by)
    name = conditions.named(condition)
    text = conditions.row(policy, name).text
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed; nothing holds it any more.")
    if name not in incident.conditions:
        raise IllegalMove(f"{name} does not hold on {incident.key}; there is nothing to lift.")
    why = _reason(reason)
    if not why:
        example = f"`/incident stop lift {name} the key is revoked, seen by sam`"
        raise InvalidInput({"reason": f"Please say why it is safe now, for example {example}."})
    needs = quorum.needs(policy, incident, ProposalKind.LIFT, name)
    met = quorum.assigned(needs, [quorum.roles_now(policy, directory, incident, by)])
    if met and len(needs) == 1:
        return lift(incident, policy, name, by=by, reason=why, now=now)
    older = [i for i in items if i.is_open and i.proposal is not None and _lifts(i.proposal, name)]
    before = proposals.supersede(incident, older, now)
    proposal = Proposal(kind=ProposalKind.LIFT, value=name, current=text, rationale=why, proposed_by=by)
    item_id = proposals.new_id(incident, items, ProposalKind.LIFT)
    asked = before.then(
        proposals.ask(
            incident, item_id, proposal, policy, directory, now, f"lift {name} on {incident.key}", items=items
        )
    )
    return asked if not met else asked.then(_agrees(asked, policy, directory, by, now))


def lift(
    incident: Incident, policy: Policy, condition: str, *, by: UserId, reason: str, now: datetime
) -> Decision:
    """Lift a condition: its floor no longer holds. The severity stays until people lower it."""
    if condition not in incident.conditions:
        return Decision(incident=incident)
    left = {name: data for name, data in incident.conditions.items() if name != condition}
    lifted = replace(
        incident, conditions=left, floor=conditions.worst(conditions.floors(policy, left).values())
    )
    lifted = replace(lifted, computed_severity=severity.rated(policy, lifted).severity)
    text = policy.stop_the_line.conditions[condition].text
    data = {
        "condition": condition,
        "text": text,
        "by": by,
        "reason": reason,
        "floor": lifted.floor.name if lifted.floor else None,
        "held": dict(incident.conditions[condition]),
    }
    said = {
        "line": "stop_lifted",
        "condition": condition,
        "by": by,
        "reason": reason,
        "text": f"{condition} is lifted.",
    }
    key = f"{incident.id}/stop/{condition}/lifted/{incident.version}"
    return Decision(
        incident=lifted,
        facts=(Fact(kind="stopline.lifted", data=data, rule=f"{conditions.RULE}.{condition}"),),
        notices=(Notice(kind=NoticeKind.LINE, to=INCIDENT, key=key, data=said),),
    )


def _told(incident: Incident, name: str, policy: Policy) -> Notice:
    of, data = policy.stop_the_line.conditions[name], incident.conditions[name]
    open_to_all = of.private and not incident.private
    said = {
        "line": "stop_fired",
        "condition": name,
        "by": data["by"],
        "suspected": data["suspected"],
        "reason": data["reason"],
        "cannot_hide": open_to_all and incident.channel_state is not ChannelState.WANTED,
        "text": f"{incident.key}: the line is stopped, {name}: {of.text}.",
    }
    key = f"{incident.id}/stop/{name}/{data['at']}"
    return Notice(kind=NoticeKind.LINE, to=INCIDENT, key=key, data=said)


def _agrees(asked: Decision, policy: Policy, directory: Directory, by: UserId, now: datetime) -> Decision:
    """Count the asking of somebody who may agree as their agreement; the others are still asked."""
    incident, item = asked.incident, asked.items[-1]
    proposal = item.proposal
    assert proposal is not None, "the item was made with one"
    roles = quorum.roles_now(policy, directory, incident, by)
    met = quorum.assigned(proposal.needs, [roles])
    role = next(role for role in proposal.needs[next(iter(met))] if role in roles)
    grant = Grant(
        by=by, role=role, verdict="approve", reason=proposal.rationale, at=now, digest=proposal.digest
    )
    waiting, _ = proposals.call(incident, replace(item, grants=(grant,)), policy, directory)
    data = {**proposal_facts.told(proposal), "by": by, "role": role}
    fact = Fact(kind="approval.granted", item_id=item.id, data=data, rule="approval.granted")
    return Decision(incident=incident, items=(waiting,), facts=(fact,))


def _lifts(proposal: Proposal, name: str) -> bool:
    return proposal.kind is ProposalKind.LIFT and proposal.value == name


def _reason(reason: str) -> str:
    why = " ".join(reason.split())
    if len(why) > LONGEST_REASON:
        raise InvalidInput(
            {"reason": f"The reason has {len(why)} characters; please keep it to {LONGEST_REASON}."}
        )
    return why
