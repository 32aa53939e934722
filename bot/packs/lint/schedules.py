"""Who is on call when: rotations that somebody can take part in, at times that exist, used by the roster."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.incident import Role
from bot.domain.oncall import NOBODY, PARTS, gaps, schedule_id
from bot.domain.policy import Layer, Schedule
from bot.packs.explaining import did_you_mean
from bot.packs.lint.found import Found
from bot.packs.lint.settings import PERSON, PERSON_EXPECTED
from bot.packs.lint.zones import zone
from bot.packs.reading import Trail

AHEAD = timedelta(days=30)


def check(found: Found) -> None:
    """Refuse rotations nobody is in, times that cannot be and names that lead nowhere; remark on gaps and what is unused."""
    before = len(found.problems)
    for name, schedule in found.policy.schedules.items():
        _schedule(found, ("schedules", name), schedule)
    used = _references(found)
    for name in found.policy.schedules.keys() - used:
        expected = f"it in a slot of the roster, as schedule/{name}"
        found.warn(("schedules", name), "a schedule that nobody uses", expected, rule="unused")
    if found.today is not None and not any(not p.warning for p in found.problems[before:]):
        _gaps(found, datetime.combine(found.today, time(), UTC))


def _schedule(found: Found, here: Trail, schedule: Schedule) -> None:
    zone(found, (*here, "timezone"), schedule.timezone)
    if not schedule.layers and schedule.feed is None:
        found.refuse(here, "neither layers nor a feed", "one of them", rule="rotation")
    for at, layer in enumerate(schedule.layers):
        _layer(found, (*here, "layers", at), layer)
        hidden = any(
            later.members and not later.hours and later.starts <= layer.starts
            for later in schedule.layers[at + 1 :]
        )
        if hidden:
            expected = "hours for the layers above it, or to be listed after them: the last layer wins"
            found.warn((*here, "layers", at), "a layer that later ones cover wholly", expected, rule="hidden")
    if schedule.feed is not None and not schedule.feed.url.startswith("https://"):
        path, expected = (*here, "feed", "url"), "an address that begins with https://"
        if schedule.feed.url.startswith("http://"):
            found.warn(path, "an address without encryption", expected, rule="feed")
        else:
            found.refuse(path, repr(schedule.feed.url), expected, rule="feed")


def _layer(found: Found, here: Trail, layer: Layer) -> None:
    if not layer.members:
        found.refuse(
            (*here, "members"), "nobody", "at least one member, such as [ana@acme.example]", rule="rotation"
        )
    for at, member in enumerate(layer.members):
        if not PERSON.fullmatch(member):
            found.refuse((*here, "members", at), repr(member), PERSON_EXPECTED, rule="rotation")
    _length(found, here, layer)
    _wall_time(found, (*here, "handoff"), layer.handoff)
    for at, hours in enumerate(layer.hours):
        path = (*here, "hours", at)
        if not hours.weekdays:
            found.refuse((*path, "weekdays"), "no day", "at least one of mon to sun", rule="rotation")
        _wall_time(found, (*path, "since"), hours.since)
        _wall_time(found, (*path, "until"), hours.until)
        if hours.since == hours.until != time():
            found.refuse(
                (*path, "until"), f'the time it begins at, "{hours.until:%H:%M}"',
                'another time; the whole day is since: "00:00", until: "00:00"', rule="rotation",
            )  # fmt: skip


def _length(found: Found, here: Trail, layer: Layer) -> None:
    """Each kind of turn says what it needs, and nothing that would be ignored."""
    said = {"weekday": layer.weekday, "days": layer.days}
    wanted = {"weekly": "weekday", "custom": "days"}.get(layer.every)
    for name, value in said.items():
        if name == wanted and value is None:
            example = "weekday: mon" if name == "weekday" else "days: 3"
            found.refuse(here, f"{layer.every} turns without {name}", f"such as {example}", rule="rotation")
        elif name != wanted and value is not None:
            instead = f"{wanted} instead" if wanted else "it to be left out"
            found.refuse((*here, name), f"{name} for {layer.every} turns", instead, rule="rotation")


def _wall_time(found: Found, path: Trail, at: time) -> None:
    if at.tzinfo is not None:
        expected = 'a time on the wall such as "09:00"; the schedule names its time zone'
        found.refuse(path, f"a time with an offset, {at.isoformat()}", expected, rule="rotation")


def _references(found: Found) -> set[str]:
    """Refuse slots that refer to a schedule that does not exist; return the schedules that slots refer to."""
    known = list(found.policy.schedules)
    used = set()
    for role, slot in found.policy.roster.items():
        for part in type(slot).model_fields:
            for at, reference in enumerate(getattr(slot, part)):
                name = schedule_id(reference)
                if name is None:
                    continue
                used.add(name)
                if name not in known:
                    expected = "one of " + ", ".join(known) if known else "a schedule under schedules:"
                    path = ("roster", role, part, at)
                    found.refuse(path, f"the schedule {name!r}", expected, did_you_mean(name, known))
    return used


def _gaps(found: Found, since: datetime) -> None:
    """Remark on the first gap of each slot: when nobody will be on duty, and nobody stands in."""
    told: set[tuple[Role, str]] = set()
    policy = found.policy
    for gap in gaps(policy, since, since + AHEAD, NOBODY):
        slot = policy.roster[gap.role]
        names = slot.primary if gap.part == PARTS[0] else slot.backup
        rows = [policy.schedules[name] for name in map(schedule_id, names) if name is not None]
        if not rows or any(row.feed is not None for row in rows) or (gap.role, gap.part) in told:
            continue
        told.add((gap.role, gap.part))
        here = ZoneInfo(rows[0].timezone)
        begin, end = (f"{at.astimezone(here):%a %Y-%m-%d %H:%M}" for at in (gap.since, gap.until))
        found.warn(
            ("roster", gap.role, gap.part), f"nobody on duty from {begin} to {end} ({rows[0].timezone})",
            "a layer that covers it, or a fallback for the role", "fallback: [ana@acme.example]", rule="gap",
        )  # fmt: skip
