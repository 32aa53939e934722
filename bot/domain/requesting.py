"""Asking for an action by somebody who may agree to it: asking is agreeing then, and one card less is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import approvals, quorum, remediation, rights
from bot.domain.decision import Decision, direct
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def request(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    kind: ProposalKind,
    what: str,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Ask for an action; whoever holds one of the roles it needs has agreed by asking, and may be all it takes.

    Where the severity lets one person decide (SEV1, by default) it is approved at once; where it asks for two, the
    other one is asked. Raises what `remediation.ask` raises.
    """
    asked = remediation.ask(incident, items, policy, directory, kind, what, by=by, now=now)
    item = asked.items[-1]
    assert item.proposal is not None, "it was asked for with one"
    held = quorum.roles_now(policy, directory, incident, by)
    decides = any(held & set(need) for need in item.proposal.needs)
    if not decides or not rights.may(policy, directory, incident, by, rights.OF_PROPOSAL[kind]):
        return asked
    agreed = approvals.decide(
        incident,
        item,
        (*items, item),
        policy,
        directory,
        by=by,
        verdict="approve",
        digest=item.proposal.digest,
        reason="",
        now=now,
    )
    if agreed.items[-1].is_over:
        return replace(asked, notices=(), timers=()).then(agreed)
    others = tuple(notice for notice in asked.notices if notice.to != direct(by))
    return replace(asked, notices=others).then(agreed)
