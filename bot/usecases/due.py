"""What happens when something falls due: time is just another visitor."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain import falling_due
from bot.domain.decision import TimerKind
from bot.usecases import oncall, policy_versions, readiness, scene
from bot.usecases.scene import Scene
from storage.database import Tx
from storage.timers import Due

# What the desk does when one of its own timers falls due; each sets its next turn itself.
AT_DESK: Mapping[TimerKind, Callable[[Tx, Scene, datetime], None]] = MappingProxyType(
    {
        TimerKind.REVIEW: policy_versions.review_fell_due,
        TimerKind.READINESS: readiness.fell_due,
        TimerKind.SHIFT: oncall.shift_due,
        TimerKind.GAPS: oncall.gaps_due,
    }
)


def fire(tx: Tx, due: Due, now: datetime) -> None:
    """Run one due timer. Safe to run late and more than once: the rules look at the state, not at the timer."""
    at = scene.of(tx, due.incident_id, due.workspace, now)
    if due.item_id is None and at.incident.is_desk:
        AT_DESK[due.kind](tx, at, now)
        return
    item = None if due.item_id is None else scene.item_of(tx, at, due.item_id)
    decision = falling_due.fell_due(at.incident, at.items, item, due.kind, at.policy, at.directory, now)
    scene.conclude(tx, at, decision, actor="tocsin", now=now)
