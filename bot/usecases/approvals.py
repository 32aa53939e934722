"""People's decisions on what was suggested or drafted."""

from datetime import datetime
from typing import Any

from bot.domain import approvals
from bot.domain.incident import UserId, Workspace
from bot.domain.items import Item, ItemId
from bot.usecases import oncall, scene
from storage.database import Tx


def decide(
    tx: Tx,
    item_id: ItemId,
    verdict: str,
    digest: str,
    reason: str,
    value: Any = None,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> Item:
    """Record one person's decision; the last grant that is needed takes effect in the same transaction (M-03).

    The role is checked now, the digest binds the click to the exact proposal, and the first valid click wins.
    """
    at, item = scene.of_item(tx, item_id, workspace, now)
    decision = approvals.decide(
        at.incident,
        item,
        at.items,
        at.policy,
        at.directory,
        by=by,
        verdict=verdict,
        digest=digest,
        reason=reason,
        value=value,
        now=now,
    )
    scene.conclude(tx, at, decision, actor=by, now=now)
    if decision.standings:
        oncall.arm(tx, workspace, now)
    return next(i for i in decision.items if i.id == item_id)
