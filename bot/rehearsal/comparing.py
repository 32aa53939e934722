"""Two policies side by side: which cases would go another way, and what the new one would mean for open incidents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import acting, policy_move, quorum
from bot.domain.calendars import is_holiday
from bot.domain.errors import BotError
from bot.domain.hours import WEEKDAYS
from bot.domain.incident import Incident, Role, Severity, UserId
from bot.domain.items import Item
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.domain.timeline import Row, Timeline
from bot.rehearsal import waiting
from bot.rehearsal.explaining import explain
from bot.rehearsal.playing import Case, Reaction, as_told
from bot.rehearsal.words import Words, draft_of

ANSWERED = Reaction(timedelta(minutes=3))
# Kinds of rows in which two timelines may differ for a person; what is only bookkeeping is passed over.
_FELT = (
    "ladder.",
    "ack.",
    "nextstep.",
    "comms.",
    "settle.",
    "approval.",
    "target.",
    "threshold.",
    "task.",
    "lane.",
    "stopline.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One case of the grid that goes another way: its name, and both timelines (None where it cannot be opened)."""

    name: str
    before: Timeline | None
    after: Timeline | None


def cases(old: Policy, new: Policy, since: datetime) -> Iterator[tuple[str, Words, datetime]]:
    """Return the grid: every severity and kind, by day, at night and on a holiday, answered and not.

    A service that says something else, or is new, has its own cases: another role may own it.
    """
    moments = dict(_moments(new, since))
    for level in Severity:
        for kind in ("", *dict.fromkeys((*old.kinds, *new.kinds))):
            for when, at in moments.items():
                for silent in (True, False):
                    words = Words(severity=level.name, kind=kind, silent=("everyone",) if silent else ())
                    name = f"{level.name}{f' {kind}' if kind else ''}, {when}, {'nobody answers' if silent else 'answered'}"
                    yield name, words, at
    for service in dict.fromkeys((*old.services, *new.services)):
        if old.services.get(service) != new.services.get(service):
            for level in (Severity.SEV1, Severity.SEV2, Severity.SEV3):
                words = Words(severity=level.name, service=service, silent=("everyone",))
                yield f"{level.name} about {service}, by day, nobody answers", words, moments["by day"]
    for lane in dict.fromkeys((*old.lanes, *new.lanes)):
        yield f"the {lane} lane, nobody decides", Words(lane=lane), moments["by day"]


def compare(
    old: Policy, new: Policy, directories: tuple[Directory, Directory], since: datetime
) -> tuple[int, list[Changed]]:
    """Play every case of the grid under both policies; return how many there are and those that differ."""
    count, changed = 0, []
    for name, words, at in cases(old, new, since):
        count += 1
        before, after = (
            _played(policy, people, words, at) for policy, people in zip((old, new), directories, strict=True)
        )
        if _felt(before) != _felt(after):
            changed.append(Changed(name=name, before=before, after=after))
    return count, changed


def if_moved(
    incident: Incident,
    items: Sequence[Item],
    old: Policy,
    new: Policy,
    directory: Directory,
    now: datetime,
) -> list[str]:
    """Return what moving an open incident to the new policy would change, as the move itself decides it."""
    row = old.row(incident.severity)
    able = (*incident.leads, *quorum.asked_for(old, directory, incident, (row.lead, Role(old.owner))))
    if not able:
        return ["nobody who could move it holds a role now"]
    try:
        moved = policy_move.move(incident, items, old, new, directory, by=able[0], now=now)
    except BotError as refused:
        return [str(refused)]
    said = []
    for name in dict.fromkeys((*incident.targets, *moved.incident.targets)):
        dues = [one.targets.get(name) for one in (incident, moved.incident)]
        if dues[0] != dues[1]:
            was, to = (f"{at:%d %b %H:%M} UTC" if at else "none" for at in dues)
            said.append(f"{name.replace('_', ' ')} target: {was} -> {to}")
    for fact in moved.facts:
        role = quorum.label(new, Role(str(fact.data.get("role") or "")))
        if fact.kind == "ladder.step":
            people = acting.names(directory, map(UserId, fact.data["asked"]))
            said.append(f"asks {people or 'nobody'} as {role}")
        elif fact.kind == "ladder.cancelled":
            said.append(f"no longer asks for {role}")
    if moved.incident.computed_severity is not incident.computed_severity:
        said.append(f"would be computed as {moved.incident.computed_severity.name}")
    return said


def _moments(policy: Policy, since: datetime) -> Iterator[tuple[str, datetime]]:
    zone = ZoneInfo(policy.support_hours.timezone)
    day = since.astimezone(zone).date()
    week = [day + timedelta(days=number) for number in range(1, 400)]
    open_days = set(policy.support_hours.weekdays)
    closed = [one for one in week if is_holiday(one, policy.support_hours)]
    work = next((d for d in week if WEEKDAYS[d.weekday()] in open_days and d not in closed), week[0])
    yield "by day", datetime.combine(work, time(10), zone).astimezone(UTC)
    yield "at night", datetime.combine(work, time(2), zone).astimezone(UTC)
    if closed:
        yield "on a holiday", datetime.combine(closed[0], time(10), zone).astimezone(UTC)


def _played(policy: Policy, directory: Directory, words: Words, at: datetime) -> Timeline | None:
    if words.lane:
        known = words.lane in policy.lanes
        return waiting.explain(policy, directory, words.lane, at, waiting.LONGEST) if known else None
    if (words.kind and words.kind not in policy.kinds) or (
        words.service and words.service not in policy.services
    ):
        return None
    does = {} if words.silent else dict.fromkeys(directory.people, ANSWERED)
    case = Case(draft=draft_of(words, policy), at=at, reacts=as_told(does))
    return explain(policy, directory, case)


def _felt(timeline: Timeline | None) -> tuple[object, ...] | None:
    if timeline is None:
        return None
    names = timeline.names
    return tuple(_seen(row, names) for row in timeline.rows if row.kind.startswith(_FELT))


def _seen(row: Row, names: Mapping[UserId, str]) -> tuple[object, ...]:
    people = tuple(names.get(user, user) for user in row.people)
    said = row.detail if row.kind.startswith("lane.") else ""
    return row.offset, row.kind, row.role, people, row.reason, row.rung, row.round, said
