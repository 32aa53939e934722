"""Which stop-the-line conditions hold on an incident, and what they keep it at."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import acting
from bot.domain.decision import Fact
from bot.domain.errors import InvalidInput, NotNow
from bot.domain.incident import Incident, Role, Severity
from bot.domain.policy import Policy, StopCondition

# One condition as it was ticked: its id, and whether it is only suspected.
Ticks = Mapping[str, bool]

RULE = "stop_the_line"


def row(policy: Policy, condition: str) -> StopCondition:
    """Return a condition of the checklist by its id, in any case; raises `InvalidInput` naming those there are."""
    found = policy.stop_the_line.conditions.get(named(condition))
    if found is None:
        known = ", ".join(policy.stop_the_line.conditions) or "none"
        raise InvalidInput(
            {
                "condition": f"There is no condition {condition[:20]!r} on the checklist. Please name one of: {known}."
            }
        )
    return found


def named(condition: str) -> str:
    """Return a condition's id as the pack writes it: ``s3`` and ``s-03`` are ``S-03``."""
    text = condition.strip().upper()
    digits = text.removeprefix("S").removeprefix("-")
    return f"S-{int(digits):02d}" if digits.isdecimal() and len(digits) < 4 else text


def active(incident: Incident, policy: Policy) -> dict[str, StopCondition]:
    """Return the conditions that hold now, in the order of the checklist."""
    rows = policy.stop_the_line.conditions
    return {condition: rows[condition] for condition in rows if condition in incident.conditions}


def floors(policy: Policy, ticked: Mapping[str, Mapping[str, Any]]) -> dict[str, Severity]:
    """Return the severity at which each condition keeps an incident; one without a floor is left out."""
    found = {}
    for condition, data in ticked.items():
        of = policy.stop_the_line.conditions.get(condition)
        floor = floor_of(of, suspected=bool(data.get("suspected"))) if of else None
        if floor is not None:
            found[condition] = floor
    return found


def floor_of(of: StopCondition, *, suspected: bool) -> Severity | None:
    """Return what one condition keeps an incident at, confirmed or suspected."""
    return of.suspected_floor if suspected and of.suspected_floor is not None else of.floor


def worst(found: Iterable[Severity]) -> Severity | None:
    """Return the worst of some floors; None without any."""
    return min(found, default=None)


def hold(
    incident: Incident, policy: Policy, ticked: Ticks, *, by: str, reason: str, now: datetime
) -> tuple[Incident, tuple[Fact, ...]]:
    """Return the incident with conditions that hold from now on, its floor, and the facts; the severity stays.

    What holds in earnest already is left as it is; what was suspected becomes confirmed, never the other way.
    """
    held: dict[str, Mapping[str, Any]] = dict(incident.conditions)
    facts = []
    for condition, suspected in ticked.items():
        of, before = row(policy, condition), held.get(condition)
        unsure = suspected and of.suspected_floor is not None
        if before is not None and (unsure or not before.get("suspected")):
            continue
        held[condition] = {"by": by, "at": now.isoformat(), "suspected": unsure, "reason": reason}
        floor = floor_of(of, suspected=unsure)
        data = {
            "condition": condition,
            "text": of.text,
            "suspected": unsure,
            "floor": floor.name if floor else None,
            "severity": int(incident.severity),
            "by": by,
            "reason": reason,
        }
        kind = "stopline.confirmed" if before is not None else "stopline.fired"
        facts.append(Fact(kind=kind, data=data, rule=f"{RULE}.{condition}"))
    rows = [row(policy, condition) for condition in ticked]
    held_now = replace(
        incident,
        conditions=held,
        floor=worst(floors(policy, held).values()),
        legal_hold=incident.legal_hold or any(of.legal_hold for of in rows),
    )
    return held_now, tuple(facts)


def seen_by_itself(
    incident: Incident, policy: Policy, what: str, now: datetime, reason: str = ""
) -> tuple[Incident, tuple[Fact, ...]]:
    """Return the incident with every condition that the bot itself sees come true (``ladder_exhausted``)."""
    found = dict.fromkeys(automatic(incident, policy, what), False)
    if not found:
        return incident, ()
    said = reason or what.replace("_", " ")
    return hold(incident, policy, found, by=acting.TOCSIN, reason=said, now=now)


def automatic(incident: Incident, policy: Policy, what: str) -> tuple[str, ...]:
    """Return the conditions that what the bot itself sees makes true of an open incident, by their ids."""
    if incident.is_desk or incident.is_closed:
        return ()
    rows = policy.stop_the_line.conditions.items()
    return tuple(
        condition
        for condition, of in rows
        if of.automatic == what and incident.severity <= (of.automatic_from or Severity.SEV5)
    )


def calls_in(incident: Incident, policy: Policy) -> tuple[Role, ...]:
    """Return whom the conditions that hold call in: their own roles first, then those of every condition."""
    held = active(incident, policy)
    own = (role for of in held.values() for role in of.engage)
    everybody = policy.stop_the_line.engage if held else ()
    return tuple(dict.fromkeys((*own, *everybody)))


def stopping(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Return the conditions that hold and stop every approval: the audit trail cannot be trusted."""
    return tuple(condition for condition, of in active(incident, policy).items() if of.refuses_approvals)


def refuse_approvals(incident: Incident, policy: Policy) -> None:
    """Raise `NotNow` while a condition holds that stops every approval."""
    if stopped := stopping(incident, policy):
        raise NotNow(
            f"Nothing is approved on {incident.key} while {stopped[0]} holds: {policy.stop_the_line.conditions[stopped[0]].text}. "
            f"Once that is mended, lift it first: `/incident stop lift {stopped[0]} [why it is safe now]`."
        )
