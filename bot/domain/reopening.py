"""Reviving a closed incident when it comes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import acting, ladder, rights, rooms, severity, steps, triage, watching
from bot.domain.decision import Decision, Fact
from bot.domain.errors import IllegalMove, InvalidInput, NotNow
from bot.domain.incident import ChannelState, Incident, Status, UserId
from bot.domain.items import Item, Reason
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def reopen(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    reason: str,
    next_step: str,
    now: datetime,
) -> Decision:
    """Revive a closed incident in the first stage: severity is computed again, its roles are asked again, the first closure stays.

    Raises `IllegalMove` when it is open, `NotNow` after the days the policy allows, `InvalidInput` for ``reason`` and
    ``next_step``.
    """
    acting.require(directory, by)
    if not incident.is_closed or incident.closed_at is None:
        raise IllegalMove(f"{incident.key} is open already.")
    rights.require(policy, directory, incident, by, "reopen")
    until = incident.closed_at + timedelta(days=policy.reopen_within_days)
    if now > until:
        raise NotNow(
            f"{incident.key} was closed on {incident.closed_at:%Y-%m-%d}; an incident can be reopened within "
            f"{policy.reopen_within_days} days. Open a new one and mention {incident.key} in its summary: `/incident open`."
        )
    problems = {}
    if not reason.strip():
        problems["reason"] = 'Please say why it is open again, for example "errors are back since 14:00".'
    if not next_step.strip():
        problems["next_step"] = 'Please say what happens next, for example "caro checks the new release".'
    if problems:
        raise InvalidInput(problems)
    revived = _revived(incident, policy, now)
    data = {
        "by": by,
        "reason": reason.strip(),
        "severity": revived.severity.name,
        "closed_at": incident.closed_at.isoformat(),
    }
    decision = Decision(
        incident=revived, facts=(Fact(kind="incident.reopened", data=data, rule="closure.reopen"),), hush=True
    )
    # A channel that was archived meanwhile is left as it is; the incident announces itself when its new one stands.
    if incident.channel_state is ChannelState.ARCHIVED:
        decision = decision.then(rooms.wanted(revived, again=incident.version))
    else:
        decision = decision.then(Decision(incident=revived, notices=rooms.announced(revived)))
    decision = decision.then(
        ladder.engage_all(decision.incident, items, policy, directory, now, reason=Reason.OPENED)
    )
    decision = decision.then(watching.anew(decision.incident, policy, directory, now))
    known = {item.id: item for item in (*items, *decision.items)}
    return decision.then(
        steps.set_step(
            decision.incident, tuple(known.values()), policy, directory,
            text=next_step.strip(), owner=decision.incident.lead, due=None, by=by, now=now,
        )
    )  # fmt: skip


def _revived(incident: Incident, policy: Policy, now: datetime) -> Incident:
    computed = severity.rated(policy, incident)
    worse = min(incident.severity, computed.severity)
    archived = incident.channel_state is ChannelState.ARCHIVED
    return replace(
        triage.forgotten(incident),
        status=Status.OPEN,
        stage=policy.first_stage,
        stage_since=now,
        severity=worse,
        computed_severity=computed.severity,
        severity_reason=computed.reason if worse is not incident.severity else incident.severity_reason,
        targets=severity.targets(
            policy, worse, now, customer_visible=incident.customer_visible, kind=incident.kind
        ),
        closed_at=None,
        lead=None,
        reopened=incident.reopened + 1,
        channel_state=ChannelState.WANTED if archived else incident.channel_state,
        channel_id=None if archived else incident.channel_id,
        channel_name=None if archived else incident.channel_name,
        card_ts=None if archived else incident.card_ts,
    )
