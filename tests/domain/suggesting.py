"""Suggesting and deciding, as short sentences."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import advice, approvals
from bot.domain.advice import Suggestion
from bot.domain.decision import Decision
from bot.domain.incident import Incident, UserId
from bot.domain.items import Item, ProposalKind
from bot.domain.roles import Directory
from tests.domain.acme import NINE, POLICY, directory, incident, proposal, user

HEARD = frozenset({"m1", "m2"})


def suggestion(value: Any = 2, **changes: Any) -> Suggestion:
    made = Suggestion(
        kind=ProposalKind.SEVERITY,
        value=value,
        rationale="checkout is said to be down",
        evidence=("m1", "m2"),
        confidence=0.83,
        model="offline-rules",
        model_version="1",
    )
    return replace(made, **changes)


def suggest(
    at_: Incident | None = None, items: tuple[Item, ...] = (), now: datetime = NINE, **changes: Any
) -> Decision:
    return advice.suggest(
        at_ or incident(),
        items,
        POLICY,
        directory(),
        suggestion(**changes),
        known_evidence=HEARD,
        by="advisor",
        now=now,
    )


def decide(
    subject: Incident,
    item: Item,
    by: str,
    verdict: str = "approve",
    *,
    now: datetime,
    digest: str | None = None,
    reason: str = "",
    value: Any = None,
    people: Directory | None = None,
    items: tuple[Item, ...] = (),
) -> Decision:
    return approvals.decide(
        subject,
        item,
        items or (item,),
        POLICY,
        people or directory(),
        by=user(by) if by != "UBOT" else UserId(by),
        verdict=verdict,
        digest=proposal(item).digest if digest is None else digest,
        reason=reason,
        value=value,
        now=now,
    )
