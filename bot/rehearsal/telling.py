"""Facts of the audit log as rows that a person reads."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.domain import quorum
from bot.domain.incident import Role, UserId
from bot.domain.policy import Policy
from bot.domain.timeline import REASONS, Row
from bot.rehearsal.memory import Recorded

# Said by the case's first lines, or by the row beside it.
_UNTOLD = frozenset(
    {"incident.opened", "severity.computed", "severity.changed", "role.assigned", "ladder.engaged"}
)
# Where a fact keeps the people whom it is about; the first that is there counts.
_PEOPLE = ("asked", "users", "told", "owner", "by", "candidates")


def rows(recorded: Iterable[Recorded], policy: Policy, began: datetime) -> tuple[Row, ...]:
    """Return a row for each fact that tells somebody something."""
    return tuple(_row(one, policy, began) for one in recorded if one.fact.kind not in _UNTOLD)


def _row(one: Recorded, policy: Policy, began: datetime) -> Row:
    data = one.fact.data
    role = data.get("role") if one.fact.kind != "ladder.informed" else None
    return Row(
        at=one.at,
        offset=one.at - began,
        kind=one.fact.kind,
        role=Role(role) if role else None,
        people=_people(one.fact.kind, data),
        reason=_reason(one.fact.kind, data),
        rule=one.fact.rule,
        rung=data.get("rung"),
        round=data["number"] - 1 if "number" in data else data.get("round"),
        detail=_detail(one.fact.kind, data, policy),
    )


def _reason(kind: str, data: Mapping[str, Any]) -> str:
    if not kind.startswith(("ladder.", "ack.")):
        return ""
    reason = str(data.get("reason") or data.get("cause") or "")
    return reason if reason in REASONS else ""


def _people(kind: str, data: Mapping[str, Any]) -> tuple[UserId, ...]:
    if kind in ("ladder.exhausted", "stopline.fired"):
        return ()
    for name in _PEOPLE:
        value = data.get(name)
        if isinstance(value, list | tuple):
            return tuple(map(UserId, value))
        if isinstance(value, str) and value:
            return (UserId(value),)
    return ()


def _detail(kind: str, data: Mapping[str, Any], policy: Policy) -> str:
    match kind:
        case "ladder.step" if not data["asked"]:
            return "nobody new; whoever was asked before keeps the time"
        case "ladder.step":
            slots = ", ".join(_place(slot, policy) for slot in data["slots"])
            return f"rung {data['rung'] + 1}: {slots}"
        case "ladder.skipped":
            return f"rung {data['rung'] + 1}: {_place(data['slot'], policy)}"
        case "ladder.exhausted" | "ladder.alarm":
            return "everybody was asked; said in the catch-all and the channel"
        case "ladder.informed":
            return "no answer is owed"
        case "task.owed":
            return str(data["text"])
        case "nextstep.owed":
            return "a next step must be named"
        case "severity.unknown":
            return f"unknown scores must be settled: {', '.join(data['unknown'])}"
        case "comms.promised":
            return f"an update for the {data['audience']} audience"
        case "comms.drafted" | "approval.asked" | "approval.expired":
            return _proposed(data)
        case "target.missed":
            return f"to {data['target']}"
        case "threshold.crossed":
            return f"{data['threshold']}: {str(data['measure']).replace('_', ' ')}"
        case "stopline.fired":
            return f"{data['condition']}: {data['text']}"
        case "ack.declined":
            return "the next rung is asked at once"
    reason = str(data.get("reason") or "")
    return "" if reason in REASONS else reason


def _place(slot: str, policy: Policy) -> str:
    """Return a place of a ladder as people read it: ``backup``, or the label of a role."""
    return slot if slot in ("primary", "backup") else quorum.label(policy, Role(slot))


def _proposed(data: Mapping[str, Any]) -> str:
    value = data.get("value")
    audience = value.get("audience") if isinstance(value, Mapping) else None
    return f"a text for the {audience} audience" if audience else str(data.get("proposal") or "")
