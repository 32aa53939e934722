"""Changes of shift: who comes on call after whom, and what is open for them to take over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item, ItemState
from bot.domain.oncall import handovers, next_change
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of, holders

_MOMENT = timedelta(microseconds=1)
# So much fits on a card; the list of incidents has the rest.
_INCIDENTS, _DUTIES = 10, 6
# So many changes on paper are passed over while the person stays the same.
_PATIENCE = 20

Work = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At ``at`` a slot passes to people who were not in it before; ``until`` is when it passes on (None: not foreseeable)."""

    role: Role
    part: str
    incoming: tuple[UserId, ...]
    outgoing: tuple[UserId, ...]
    at: datetime
    until: datetime | None


def changes(policy: Policy, directory: Directory, since: datetime, until: datetime) -> tuple[Change, ...]:
    """Return who comes on call after ``since``, up to ``until``: of each slot the latest change only."""
    found: dict[tuple[Role, str], Change] = {}
    for handover in handovers(policy, since, until, duty_of(directory)):
        role, part, at = handover.role, handover.part, handover.at
        incoming = on_call(policy, directory, role, part, at)
        outgoing = on_call(policy, directory, role, part, at - _MOMENT)
        new = tuple(user for user in incoming if user not in outgoing)
        found.pop((role, part), None)
        if new:
            gone = tuple(user for user in outgoing if user not in incoming)
            ends = next_change_of_people(policy, directory, role, part, at)
            found[role, part] = Change(role=role, part=part, incoming=new, outgoing=gone, at=at, until=ends)
    return tuple(found.values())


def next_change_of_people(
    policy: Policy, directory: Directory, role: Role, part: str, at: datetime
) -> datetime | None:
    """Return when somebody else is on call next: the same person under another name is no change."""
    there, moment = {*on_call(policy, directory, role, part, at)}, at
    for _ in range(_PATIENCE):
        change = next_change(policy, role, part, moment, duty_of(directory))
        if change is None or {*on_call(policy, directory, role, part, change)} != there:
            return change
        moment = change
    return None


def open_work(
    change: Change, incidents: Iterable[tuple[Incident, Sequence[Item]]]
) -> tuple[tuple[Work, ...], Severity | None]:
    """Return what the new holder inherits, as the card shows it, and the worst severity of it.

    What is asked of somebody now stays theirs until they answer. Of a private incident only its key and severity are named.
    """
    found = []
    for incident, items in incidents:
        owed = [item for item in items if not item.is_over and _is_inherited(item, change)]
        if owed or incident.lead in change.outgoing:
            found.append((incident, owed))
    found.sort(key=lambda one: (one[0].severity, one[0].number))
    shown = tuple(_work(incident, owed) for incident, owed in found[:_INCIDENTS])
    return shown, min((incident.severity for incident, _ in found), default=None)


def on_call(policy: Policy, directory: Directory, role: Role, part: str, at: datetime) -> tuple[UserId, ...]:
    """Return whoever is behind a place at a moment, whatever moment the directory was made for."""
    return tuple(person.id for person in holders(policy, replace(directory, at=at), role, part))


def _is_inherited(item: Item, change: Change) -> bool:
    """Tell whether a duty is the role's, of whoever goes, or waits for the agreement of the role."""
    needs = item.proposal.needs if item.proposal else ()
    own = item.role == change.role or any(change.role in roles for roles in needs)
    return own or bool({*item.holders} & {*change.outgoing})


def _work(incident: Incident, owed: Sequence[Item]) -> Work:
    private = incident.private
    return {
        "key": incident.key,
        "severity": incident.severity.name,
        "title": "" if private else incident.title,
        "channel": None if private else incident.channel_id,
        "lead": None if private else incident.lead,
        "next_update": incident.next_update_at.isoformat() if incident.next_update_at else None,
        "owed": [] if private else [_duty(item) for item in owed[:_DUTIES]],
    }


def _duty(item: Item) -> Work:
    what = str(item.details.get("text") or item.title)
    due = item.due_at.isoformat() if item.due_at and item.state is not ItemState.ACKNOWLEDGED else None
    by = [item.answered_by] if item.answered_by else list(item.holders)
    return {"kind": item.kind.value, "what": what, "due": due, "by": by}
