"""What happens when something falls due: time is just another visitor."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain import approvals, closure, ladder, promises, settle, steps
from bot.domain.decision import Decision, TimerKind
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage.database import Tx
from storage.timers import Due

Rule = Callable[[Incident, Item, TimerKind, Policy, Directory, datetime], Decision]

# Which rule answers for which duty. A new kind of duty is a new row here, never a new loop.
FELL_DUE: Mapping[ItemKind, Rule] = MappingProxyType(
    {
        ItemKind.ACKNOWLEDGE: ladder.fell_due,
        ItemKind.NEXT_STEP: steps.fell_due,
        ItemKind.UPDATE: promises.fell_due,
        ItemKind.SETTLE: settle.fell_due,
        ItemKind.APPROVAL: approvals.fell_due,
    }
)

# What the desk does when one of its own timers falls due; each sets its next turn itself.
AT_DESK: Mapping[TimerKind, Callable[[Tx, Scene, datetime], None]] = MappingProxyType({})


def fire(tx: Tx, due: Due, now: datetime) -> None:
    """Run one due timer. Safe to run late and more than once: the rules look at the state, not at the timer."""
    at = scene.of(tx, due.incident_id, due.workspace, now)
    if due.item_id is None and at.incident.is_desk:
        AT_DESK[due.kind](tx, at, now)
        return
    if due.item_id is None:
        decision = closure.fell_due(at.incident, due.kind, at.policy, now)
    else:
        item = at.item(due.item_id)
        decision = FELL_DUE[item.kind](at.incident, item, due.kind, at.policy, at.directory, now)
    scene.conclude(tx, at, decision, actor="tocsin", now=now)
