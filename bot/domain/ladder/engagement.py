"""Which roles a severity calls in, and the page that each of them gets."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain import acting, conditions, identities, kinds, quorum
from bot.domain.decision import Decision, Fact
from bot.domain.errors import NotNow
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemId, ItemKind, Reason
from bot.domain.ladder.calls import ask, tell
from bot.domain.ladder.rungs import ladder_of
from bot.domain.policy import Engagement, Policy
from bot.domain.roles import Directory


def engaged_roles(policy: Policy, incident: Incident) -> tuple[Engagement, ...]:
    """Return whom the incident calls in now, in the order in which they are asked.

    First whom a stop-the-line condition calls in, then whom its trigger and its kind tell first (S1-16), then the
    leading role of its severity, then whoever's condition holds. The leading role always owes an answer, whatever its
    own row says.
    """
    row = policy.row(incident.severity)
    first = (
        *conditions.calls_in(incident, policy),
        *_told_first(policy, incident),
        *kinds.first(policy, incident.kind),
        *identities.governors(policy, incident),
    )
    called = {role: Engagement(role=role) for role in (*first, row.lead)}
    for engagement in row.engage:
        only, role = engagement.any_of, quorum.meant(policy, incident, engagement.role)
        if role is not None and (not only or any(quorum.holds(incident, when, policy) for when in only)):
            called.setdefault(role, engagement.model_copy(update={"role": role}))
    return tuple(called.values())


def engage(
    incident: Incident,
    role: Role,
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    reason: Reason = Reason.OPENED,
    items: Iterable[Item] = (),
    by: UserId | None = None,
) -> Decision:
    """Call in a role with a page and a ladder of its own: nobody else's answer silences it.

    A vacant slot is passed at once. Pass the incident's ``items`` when the role may have been called in before, so that
    the new page is told from the old one. The leading role's first person becomes the incident's lead until somebody
    answers.
    """
    number = 1 + sum(item.kind is ItemKind.ACKNOWLEDGE and item.role == role for item in items)
    leads = role == policy.row(incident.severity).lead
    item = Item(
        id=ItemId(f"{incident.id}/acknowledge/{role}/{incident.reopened}.{number}"),
        incident_id=incident.id,
        kind=ItemKind.ACKNOWLEDGE,
        role=role,
        title=f"Acknowledge as {quorum.label(policy, role)}",
        reason=reason,
        opened_at=now,
        asked_at=now,
        details=({"takes_lead": True} if leads else {}) | ({"engaged_by": by} if by else {}),
    )
    data = {"by": by} if by else {}
    asked = ask(incident, item, policy, directory, now, start=(0, 0), reason=reason, data=data)
    page = asked.items[-1]
    assigned = Fact(
        kind="role.assigned",
        data={"role": role, "users": list(page.holders), "reason": page.reason.value, **data},
        item_id=item.id,
        rule=_why_called(incident, role, policy),
    )
    if leads and incident.lead is None and page.holders:
        incident = replace(incident, lead=page.holders[0])
    return replace(asked, incident=incident, facts=(assigned, *asked.facts))


def engage_all(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    now: datetime,
    *,
    reason: Reason,
) -> Decision:
    """Call in every role of the severity that is not called in yet, and tell those who are only informed."""
    items = tuple(items)
    present = {item.role for item in items if item.kind is ItemKind.ACKNOWLEDGE and not item.is_over}
    decision = Decision(incident=incident)
    informed: list[Role] = []
    order: list[Role] = []
    for engagement in engaged_roles(policy, incident):
        if engagement.inform_only:
            informed.append(engagement.role)
        elif engagement.role not in present:
            one = engage(
                decision.incident, engagement.role, policy, directory, now, reason=reason, items=items
            )
            decision = decision.then(one)
            order.append(engagement.role)
    if len(order) > 1:
        data = {"order": order, "kind": incident.kind, "reason": reason.value}
        rule = _why_called(incident, order[0], policy)
        decision = decision.then(
            Decision(incident=decision.incident, facts=(Fact(kind="ladder.engaged", data=data, rule=rule),))
        )
    told = {user for item in (*items, *decision.items) for user in item.details.get("informed", ())}
    pages = {item.id: item for item in (*items, *decision.items) if item.kind is ItemKind.ACKNOWLEDGE}
    lead = policy.row(incident.severity).lead
    keeper = next((i for i in pages.values() if i.role == lead and not i.is_over), None)
    new = tuple(
        role
        for role in informed
        if not told.issuperset(quorum.asked_for(policy, directory, incident, (role,)) or {""})
    )
    if keeper is None or not new:
        return decision
    return decision.then(tell(decision.incident, keeper, new, policy, directory))


def _told_first(policy: Policy, incident: Incident) -> tuple[Role, ...]:
    """Return whom the trigger of an incident tells before anybody else."""
    row = policy.triggers.get(incident.trigger)
    return row.notify_first if row else ()


def _why_called(incident: Incident, role: Role, policy: Policy) -> str:
    """Name the rule that calls a role in: a condition, a trigger, the kind, the identity or the severity."""
    for condition, of in conditions.active(incident, policy).items():
        if role in of.engage or role in policy.stop_the_line.engage:
            return f"{conditions.RULE}.{condition}"
    if role in _told_first(policy, incident):
        return f"trigger.{incident.trigger}"
    if role in kinds.first(policy, incident.kind):
        return f"kind.{incident.kind}"
    if role in identities.governors(policy, incident):
        return identities.RULE
    return f"severity.{incident.severity.name.lower()}"


def engage_next(
    incident: Incident,
    items: Iterable[Item],
    policy: Policy,
    directory: Directory,
    by: UserId,
    now: datetime,
) -> Decision:
    """Call in the next role of the severity's ladder that is not on the incident yet, because a person asked for it.

    Raises `NotNow` when everyone on the ladder is in already.
    """
    acting.require(directory, by)
    items = tuple(items)
    present = {item.role for item in items if item.kind is ItemKind.ACKNOWLEDGE and not item.is_over}
    steps = ladder_of(incident, policy).steps
    slots = [name for step in steps for name in step.ask] + [name for step in steps for name in step.inform]
    for slot in dict.fromkeys(slots):
        role = quorum.meant(policy, incident, Role(slot))
        if (
            role is not None
            and slot not in ("primary", "backup")
            and role not in present
            and quorum.asked_for(policy, directory, incident, (role,))
        ):
            return engage(incident, role, policy, directory, now, reason=Reason.ASKED_NOW, items=items, by=by)
    raise NotNow(
        f"Everyone on the {incident.severity.name} ladder of {incident.key} has been called in already. "
        "To call in more people, raise the severity: `/incident sev`."
    )
