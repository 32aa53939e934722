"""What a change of severity, or of what chooses the ladder, does to the pages that are out already."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain import hours
from bot.domain.decision import Decision, Fact, Timer, TimerKind
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemKind, ItemState, Reason
from bot.domain.ladder.calls import ask, fresh
from bot.domain.ladder.engagement import engage_all, engaged_roles
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def recall(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    reason: Reason = Reason.SEVERITY,
) -> Decision:
    """Climb the incident's new ladder for every role that has not answered; no acknowledgement is lost (S3-16).

    ``incident`` carries what is new: its severity, its scores, its conditions. Roles it newly calls in get a page of
    their own; a page of a role that it no longer calls in is withdrawn, unless a person asked for that role.
    """
    items = tuple(items)
    row = policy.row(incident.severity)
    wanted = {e.role for e in engaged_roles(policy, incident) if not e.inform_only}
    decision = Decision(incident=incident)
    for item in items:
        if item.kind is not ItemKind.ACKNOWLEDGE or item.is_over:
            continue
        stays = item.role in wanted or bool(item.details.get("engaged_by"))
        if item.state is ItemState.ACKNOWLEDGED:
            one = _keep(decision.incident, item, policy, now, stays)
        elif stays:
            again = fresh(item)
            leads = {"takes_lead": True} if item.role == row.lead else {}
            details = {key: value for key, value in again.details.items() if key != "takes_lead"}
            again = replace(again, details=details | leads)
            one = ask(decision.incident, again, policy, directory, now, start=(0, 0), reason=reason)
        else:
            one = _withdraw(decision.incident, item, reason)
        decision = decision.then(one)
    after = {item.id: item for item in (*items, *decision.items)}
    called = engage_all(decision.incident, after.values(), policy, directory, now, reason=reason)
    return decision.then(called)


def _keep(incident: Incident, item: Item, policy: Policy, now: datetime, stays: bool) -> Decision:
    row = policy.row(incident.severity)
    if item.role == row.lead and incident.lead != item.answered_by and item.answered_by is not None:
        # The role that leads from now on has answered before the change.
        incident = replace(incident, lead=item.answered_by)
    if not stays and item.answered_by != incident.lead:
        # What they said stays; they are only not asked again when their lease runs out.
        free = replace(item, lease_until=None)
        return Decision(incident=incident, items=(free,), quiet=(item.id,))
    until = hours.after(now, row.ack_lease, policy.support_hours)
    if item.lease_until is not None and item.lease_until <= until:
        return Decision(incident=incident)
    timer = Timer(kind=TimerKind.LEASE, incident_id=incident.id, item_id=item.id, at=until)
    return Decision(incident=incident, items=(replace(item, lease_until=until),), timers=(timer,))


def _withdraw(incident: Incident, item: Item, reason: Reason) -> Decision:
    data = {"role": item.role, "reason": reason.value}
    return Decision(
        incident=incident,
        items=(replace(item, state=ItemState.CANCELLED, due_at=None),),
        facts=(Fact(kind="ladder.cancelled", data=data, item_id=item.id, rule="ladder.recall"),),
        quiet=(item.id,),
    )
