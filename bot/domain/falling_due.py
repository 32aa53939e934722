"""Which rule answers when something falls due: the same for the engine, which runs it, and for who asks what would happen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.domain import (
    approvals,
    closure,
    ladder,
    offers,
    promises,
    settle,
    shifts,
    steps,
    targets,
    tasks,
    thresholds,
)
from bot.domain.decision import Decision, TimerKind
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory

Rule = Callable[[Incident, Item, TimerKind, Policy, Directory, datetime], Decision]
OwnRule = Callable[[Incident, Sequence[Item], TimerKind, Policy, Directory, datetime], Decision]


def _archive(
    incident: Incident,
    _items: Sequence[Item],
    kind: TimerKind,
    policy: Policy,
    _directory: Directory,
    now: datetime,
) -> Decision:
    return closure.fell_due(incident, kind, policy, now)


def _target(
    incident: Incident,
    _items: Sequence[Item],
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    return targets.fell_due(incident, kind, policy, directory, now)


def _threshold(
    incident: Incident,
    _items: Sequence[Item],
    _kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    return thresholds.fell_due(incident, policy, directory, now)


# Which rule answers for which duty. A new kind of duty is a new row here, never a new loop.
OF_ITEM: Mapping[ItemKind, Rule] = MappingProxyType(
    {
        ItemKind.ACKNOWLEDGE: ladder.fell_due,
        ItemKind.NEXT_STEP: steps.fell_due,
        ItemKind.UPDATE: promises.fell_due,
        ItemKind.SETTLE: settle.fell_due,
        ItemKind.APPROVAL: approvals.fell_due,
        ItemKind.OFFER: offers.fell_due,
        ItemKind.HANDOVER: shifts.fell_due,
        ItemKind.TASK: tasks.fell_due,
    }
)

# Which rule answers for a timer of the incident itself.
OF_INCIDENT: Mapping[TimerKind, OwnRule] = MappingProxyType(
    {
        TimerKind.ARCHIVE: _archive,
        TimerKind.CONTAIN: _target,
        TimerKind.RESOLVE: _target,
        TimerKind.THRESHOLD: _threshold,
    }
)


def fell_due(
    incident: Incident,
    items: Sequence[Item],
    item: Item | None,
    kind: TimerKind,
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Decide what one due timer means: of an ``item``, or of the incident itself where there is none.

    Safe to run late and more than once: the rules look at the state, not at the timer.
    """
    if item is not None:
        return OF_ITEM[item.kind](incident, item, kind, policy, directory, now)
    return OF_INCIDENT[kind](incident, items, kind, policy, directory, now)
