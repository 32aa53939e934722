"""An audit event in words that an auditor reads: who by name and id, how long, and why."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.audit import Event

Names = Mapping[str, str]
Data = Mapping[str, Any]

# Where a notice goes when it does not go to one person.
PLACES: Mapping[str, str] = {
    "incident": "the incident's channel",
    "announcements": "the announcement channel",
    "catch_all": "the catch-all channel",
    "customers": "the customers' channel",
    "executives": "the executives' channel",
}


def line(event: Event, names: Names) -> str:
    """Return one line: when, what, its rule. Whatever people wrote stays on it."""
    tell = TELLING.get(event.kind, _plain)
    told = " ".join(tell(event, names).split())
    return f"{event.at:%Y-%m-%d %H:%M:%S}Z  {event.kind:<16}  {told}  [{event.rule}]"


def _sent(event: Event, names: Names) -> str:
    data = event.data
    what, to = str(data.get("notice", "notice")).replace("_", " "), str(data.get("to", ""))
    kind, _, who = to.partition(":")
    where = f"{person(who, names)} by direct message" if kind == "user" else PLACES.get(to, to)
    place = f" in {data['channel']}" if data.get("channel") else ""
    return f"{what} to {where}{place}: {data.get('result', event.kind)}"


def _acknowledged(event: Event, names: Names) -> str:
    data = event.data
    return (
        f"{person(data.get('by'), names)} acknowledged as {_role(data)}, "
        f"{lasted(data['seconds_after_notice'])} after being asked, "
        f"{lasted(data['seconds_after_opening'])} after the opening"
    )


def _declined(event: Event, names: Names) -> str:
    why = f": {event.data['reason']}" if event.data.get("reason") else ""
    gave = "gave back" if event.data.get("gave_back") else "declined"
    return f"{person(event.data.get('by'), names)} {gave} {_role(event.data)}{why}"


def _lapsed(event: Event, names: Names) -> str:
    return f"nothing was heard from {person(event.data.get('by'), names)} as {_role(event.data)}; asked again"


def _step(event: Event, names: Names) -> str:
    data = event.data
    missed = f", no answer from {people(data['missed'], names)}" if data.get("missed") else ""
    late = f", {lasted(data['late_seconds'])} late" if data.get("late_seconds") else ""
    return (
        f"asked {people(data.get('asked'), names)} as {_role(data)}, because: {data.get('reason')}{missed}{late}; "
        f"round {data.get('round', 0) + 1}, step {data.get('rung', 0) + 1}"
    )


def _skipped(event: Event, _names: Names) -> str:
    data = event.data
    slot = str(data.get("slot", "")).replace("_", " ")
    return f"passed over the {slot} for {_role(data)}, because: {data.get('reason')}"


def _suggested(event: Event, names: Names) -> str:
    data = event.data
    ends = [data.get("current"), data.get("value")]
    before, after = (
        f"SEV{end}" if data.get("proposal") == "severity" else person(end, names) for end in ends
    )
    change = f"{data.get('proposal')} from {before} to {after}"
    model = f"{data.get('model')} {data.get('model_version')}".strip()
    decided = event.kind.partition(".")[2]
    by = person(data["by"], names) if data.get("by") else model
    why = f" because {data['reason']}" if data.get("reason") else ""
    said = f", because {data.get('rationale', '')}" if decided == "suggested" else ""
    return f"{decided} by {by}: {change}{why}{said} ({event.item_id})"


def _plain(event: Event, names: Names) -> str:
    kept = {name: value for name, value in event.data.items() if value not in (None, "", [])}
    return ", ".join(f"{name} {people(value, names)}" for name, value in kept.items())


def person(user: object, names: Names) -> str:
    """Return "judy (U0JUDY)"; whoever is not known by his id alone."""
    name = names.get(str(user))
    return f"{name} ({user})" if name else str(user or "nobody")


def people(users: object, names: Names) -> str:
    """Return one or several people, by name."""
    many = users if isinstance(users, list) else [users]
    return ", ".join(person(user, names) for user in many) or "nobody"


def lasted(seconds: float) -> str:
    """Return "40 s", "2 min 5 s", "3 h 0 min"."""
    whole = round(float(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    return f"{minutes} min {left} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _role(data: Data) -> str:
    return str(data.get("role") or "owner").replace("_", " ")


TELLING: Mapping[str, Callable[[Event, Names], str]] = {
    "notify.sent": _sent,
    "notify.failed": _sent,
    "ack.received": _acknowledged,
    "ack.declined": _declined,
    "ack.lease_lapsed": _lapsed,
    "ladder.step": _step,
    "ladder.skipped": _skipped,
    **dict.fromkeys(
        ("ai.suggested", "ai.approved", "ai.changed", "ai.modified", "ai.rejected", "ai.expired"), _suggested
    ),
}
