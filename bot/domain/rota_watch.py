"""What is wrong with who is on call, told to whoever can mend it, before it is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import covers, desk_notices
from bot.domain.decision import CATCH_ALL, Decision, Fact, Notice, NoticeKind
from bot.domain.incident import Incident, Role, UserId
from bot.domain.oncall import Gap
from bot.domain.policy import Policy
from bot.domain.roles import Directory

AHEAD = timedelta(days=30)
# A gap is told when it is found, and again when it is this near.
NEAR = {"week": timedelta(days=7), "day": timedelta(days=1)}
# A feed that fails for longer than this is somebody's task; until then it is a hiccup.
FEED_PATIENCE = timedelta(hours=2)

# From so many on, gaps of one slot are a hole in its rota; and so many are written out.
OFTEN, MOST = 6, 5

_GAP = "gap/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told now, the names under which that is remembered, and the names of what has gone away."""

    decision: Decision
    remember: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()


def gaps_found(
    desk: Incident,
    policy: Policy,
    directory: Directory,
    found: Sequence[Gap],
    told: Mapping[str, datetime],
    now: datetime,
) -> Told:
    """Tell of each gap once, again a week and a day before it comes, and when it has begun: one message for each slot.

    A slot with many of them has a rota with holes, not an accident: that is told once, and not every day.
    """
    decision, remember, standing = Decision(incident=desk), [], set()
    for (role, part), gaps in _by_slot(found).items():
        names = (
            [f"{_slot(role, part)}/often/found"] if len(gaps) >= OFTEN else [_name(gap, now) for gap in gaps]
        )
        standing |= {_without_nearness(name) for name in names}
        new = [name for name in names if name not in told]
        if not new:
            continue
        remember += new
        shown = gaps if len(gaps) >= OFTEN else [gap for gap in gaps if _name(gap, now) in new]
        decision = decision.then(_gaps_told(desk, policy, directory, role, part, shown, new[0], now))
    gone = (name for name in told if name.startswith(_GAP) and _without_nearness(name) not in standing)
    return Told(decision=decision, remember=tuple(remember), forget=tuple(gone))


def feed_failed(
    desk: Incident,
    policy: Policy,
    directory: Directory,
    schedule: str,
    why: str,
    since: datetime,
    now: datetime,
) -> Decision:
    """Tell the policy's owner that a calendar cannot be read any more; the last good one goes on counting."""
    row = policy.schedules.get(schedule)
    label = row.label if row is not None else schedule
    data = {"schedule": schedule, "label": label, "why": why, "since": since.isoformat()}
    people = covers.owners(policy, directory)
    fact = Fact(kind="oncall.feed_failed", data={**data, "told": list(people)}, rule="oncall.feeds")
    key = f"{desk.id}/feed/{schedule}/{desk_notices.stamp(since)}"
    return Decision(incident=desk, facts=(fact,), notices=_said(key, people, "oncall_feed", data))


def feed_restored(
    desk: Incident, policy: Policy, directory: Directory, schedule: str, since: datetime, now: datetime
) -> Decision:
    """Tell whoever was told of an outage that the calendar is read again."""
    row = policy.schedules.get(schedule)
    data = {
        "schedule": schedule,
        "label": row.label if row is not None else schedule,
        "since": since.isoformat(),
    }
    people = covers.owners(policy, directory)
    fact = Fact(kind="oncall.feed_restored", data={**data, "told": list(people)}, rule="oncall.feeds")
    key = f"{desk.id}/feed/{schedule}/{desk_notices.stamp(since)}/restored"
    return Decision(incident=desk, facts=(fact,), notices=_said(key, people, "oncall_feed_restored", data))


def next_look(policy: Policy, now: datetime) -> datetime:
    """Return when gaps are looked for next: every day when support opens, while people are there to mend them."""
    zone, opens = ZoneInfo(policy.support_hours.timezone), policy.support_hours.opens
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    return min(at for day in days if (at := datetime.combine(day, opens, zone).astimezone(UTC)) > now)


def _gaps_told(
    desk: Incident,
    policy: Policy,
    directory: Directory,
    role: Role,
    part: str,
    gaps: Sequence[Gap],
    name: str,
    now: datetime,
) -> Decision:
    shown = [
        {
            "since": gap.since.isoformat(),
            "until": gap.until.isoformat(),
            "members": list(gap.members),
            "begun": gap.since <= now,
        }
        for gap in gaps[:MOST]
    ]
    data = {"role": role, "part": part, "gaps": shown, "more": len(gaps) - len(shown)}
    people = covers.keepers(policy, directory, role)
    fact = Fact(kind="oncall.gap_found", data={**data, "told": list(people)}, rule="oncall.gaps")
    key = f"{desk.id}/{name}/{desk_notices.stamp(now)}"
    return Decision(incident=desk, facts=(fact,), notices=_said(key, people, "oncall_gap", data))


def _by_slot(found: Sequence[Gap]) -> dict[tuple[Role, str], list[Gap]]:
    slots: dict[tuple[Role, str], list[Gap]] = {}
    for gap in found:
        slots.setdefault((gap.role, gap.part), []).append(gap)
    return slots


def _name(gap: Gap, now: datetime) -> str:
    # What has begun is cut at the moment of looking, so its beginning says nothing.
    begins = "now" if gap.since <= now else desk_notices.stamp(gap.since)
    return f"{_slot(gap.role, gap.part)}/{begins}/{_how_near(gap, now)}"


def _slot(role: Role, part: str) -> str:
    return f"{_GAP}{role}/{part}"


def _without_nearness(name: str) -> str:
    return name.rpartition("/")[0]


def _how_near(gap: Gap, now: datetime) -> str:
    if gap.since <= now:
        return "begun"
    near = (name for name, span in sorted(NEAR.items(), key=lambda one: one[1]) if gap.since - now <= span)
    return next(near, "found")


def _said(key: str, people: Sequence[UserId], line: str, data: Mapping[str, object]) -> tuple[Notice, ...]:
    if people:
        return desk_notices.lines(key, people, line.removeprefix("oncall_"), dict(data))
    return (Notice(kind=NoticeKind.LINE, to=CATCH_ALL, key=key, data={"line": line, **data}),)
