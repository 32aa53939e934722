"""Moving one incident to the policy in force: on purpose, on record, and without losing anybody's answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import acting, change, quorum, severity
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.errors import IllegalMove, NotAllowed, NotNow
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item
from bot.domain.policy import Policy
from bot.domain.policy_words import short
from bot.domain.roles import Directory


def move(
    incident: Incident,
    items: Sequence[Item],
    old: Policy,
    new: Policy,
    directory: Directory,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Let an incident go on by another version of the policy: its targets, ladders and approvals are those of the new one.

    The severity stays as it is; where the new version would compute another one, that is said. Whoever leads, holds the
    leading role of this severity or owns the policy may do it. Raises `NotAllowed`, `IllegalMove` when there is nothing to
    move to, and `NotNow` when the new version does not know the stage that the incident is in.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed: it keeps the policy that it was worked by.")
    if new.version == old.version:
        raise IllegalMove(f"{incident.key} works by the policy in force already ({short(new.version)}).")
    able = (old.row(incident.severity).lead, old.owner)
    if by != incident.lead and not quorum.roles_now(old, directory, incident, by) & set(able):
        raise NotAllowed(
            f"An incident is moved to another policy by whoever leads it, or by: {quorum.words(old, (able,))}."
        )
    if incident.stage not in new.stages:
        stages = ", ".join(new.stages)
        raise NotNow(
            f"Policy {short(new.version)} has no stage {incident.stage}. Move to one that it has first: {stages}."
        )
    computed = severity.rated(new, incident)
    moved = replace(
        incident,
        policy_version=new.version,
        computed_severity=computed.severity,
        targets=severity.targets(
            new,
            incident.severity,
            incident.opened_at,
            changed_at=now,
            customer_visible=incident.customer_visible,
            kind=incident.kind,
        ),
    )
    data = {
        "from": old.version,
        "to": new.version,
        "by": by,
        "computed": int(computed.severity),
        "severity": int(incident.severity),
    }
    line = {"line": "policy_moved", **data}
    notice = Notice(
        kind=NoticeKind.LINE,
        to=INCIDENT,
        key=f"{incident.id}/policy/{new.version}/{incident.version}",
        data=line,
    )
    fact = Fact(kind="policy.moved", data=data, rule="policy.move")
    told = Decision(incident=moved, facts=(fact,), notices=(notice,))
    return told.then(change.recomputed(moved, items, new, directory, now))
