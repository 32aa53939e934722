"""What a simulation found, as lines for a terminal and as JSON: what the policy costs and what it catches."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from textwrap import wrap
from typing import Any

from bot.domain import quorum
from bot.domain.incident import Severity, UserId
from bot.domain.policy import Policy
from bot.domain.timeline import span
from bot.rehearsal.counting import AFTER_ALARM, Tally, percentile

SHOWN = 12
WIDTH = 110


def lines(tally: Tally, policy: Policy, names: Mapping[UserId, str], *, per_day: float) -> Iterator[str]:
    """Return the report; loads are told for ``per_day`` incidents a day, whatever was simulated."""
    yield from wrap(finding(tally, names, per_day=per_day), WIDTH)
    yield ""
    yield "Who answers"
    for name, share in by_rung(tally):
        yield f"  {name:<22} {share:>6.1%}"
    yield ""
    yield "Time to an answer        pages     p50         p90         p99         in time   exhausted"
    for level in sorted(tally.pages):
        found = tally.seconds.get(level, [])
        p50, p90, p99 = (_span(found, share) for share in (0.5, 0.9, 0.99))
        pages = tally.pages[level]
        yield (
            f"  {level.name} {policy.row(level).label:<15} {pages:>9,}  {p50:<10}  {p90:<10}  {p99:<10}"
            f"  {tally.in_time[level] / pages:>6.1%}  {tally.exhausted[level]:>10,}"
        )
    yield f"  Alarms sounded: {tally.alarms:,}."
    yield ""
    yield f"Calls a week by role, at {per_day:g} incidents a day      out of hours"
    for role, calls in tally.by_role.most_common():
        away = tally.out_of_hours[role] / calls
        yield f"  {quorum.label(policy, role):<28} {per_week(tally, calls, per_day):>8.1f} {away:>18.0%}"
    yield ""
    yield f"Calls by person, at {per_day:g} incidents a day   a week   a night (22:00 to 07:00)"
    for user, calls in tally.calls.most_common(SHOWN):
        week, night = per_week(tally, calls, per_day), per_night(tally, user, per_day)
        yield f"  {names.get(user, user):<33} {week:>9.1f} {night:>8.2f}"
    if len(tally.calls) > SHOWN:
        yield f"  … and {len(tally.calls) - SHOWN} more who are called less."


def as_json(tally: Tally, policy: Policy, names: Mapping[UserId, str], *, per_day: float) -> dict[str, Any]:
    """Return every number of the report for scripts; everybody who was called is in it."""
    return {
        "incidents": {level.name: count for level, count in sorted(tally.incidents.items())},
        "finding": finding(tally, names, per_day=per_day),
        "answered_by": dict(by_rung(tally)),
        "severities": {
            level.name: {
                "pages": pages,
                "seconds": {f"p{share:.0%}".rstrip("%"): percentile(tally.seconds.get(level, []), share)
                            for share in (0.5, 0.9, 0.99)} if tally.seconds.get(level) else {},
                "in_time": tally.in_time[level] / pages,
                "exhausted": tally.exhausted[level],
            }
            for level, pages in sorted(tally.pages.items())
        },
        "alarms": tally.alarms,
        "per_day": per_day,
        "roles": {
            role: {"calls_a_week": per_week(tally, calls, per_day),
                   "out_of_hours": tally.out_of_hours[role] / calls}
            for role, calls in tally.by_role.most_common()
        },
        "people": {
            user: {"name": names.get(user, user), "calls_a_week": per_week(tally, calls, per_day),
                   "calls_a_night": per_night(tally, user, per_day)}
            for user, calls in tally.calls.most_common()
        },
    }  # fmt: skip


def finding(tally: Tally, names: Mapping[UserId, str], *, per_day: float) -> str:
    """Return the one sentence that matters most: how often the first people called answer, and what nights cost."""
    pages = tally.pages.total()
    first, lost = tally.answered[0] / pages, tally.exhausted.total()
    caught = "no ladder is exhausted" if not lost else f"{lost:,} of {pages:,} ladders end in an alarm"
    said = f"The first people called answer {first:.0%} of pages; {caught}"
    if not tally.at_night:
        return f"{said}; nobody is called at night."
    user = tally.at_night.most_common(1)[0][0]
    nights = per_night(tally, user, per_day)
    return f"{said}; {names.get(user, user)} is called most at night, {nights:.2g} times a night at {per_day:g} incidents a day."


def by_rung(tally: Tally) -> list[tuple[str, float]]:
    """Return the share of pages answered on each rung, after the alarm, and never while it was watched."""
    pages = tally.pages.total()
    rungs = sorted(rung for rung in tally.answered if rung != AFTER_ALARM)
    shares = [(f"rung {rung + 1}", tally.answered[rung] / pages) for rung in rungs]
    never = pages - tally.answered.total()
    rest = [("after the alarm", tally.answered[AFTER_ALARM]), ("nobody", never)]
    return shares + [(name, count / pages) for name, count in rest]


def per_week(tally: Tally, calls: int, per_day: float) -> float:
    """Return how many of these calls a week has at so many incidents a day."""
    return calls / tally.incidents.total() * per_day * 7


def per_night(tally: Tally, user: UserId, per_day: float) -> float:
    """Return how often somebody is called in one night at so many incidents a day."""
    return tally.at_night[user] / tally.incidents.total() * per_day


def _span(seconds: list[float], share: float) -> str:
    return span(timedelta(seconds=_rounded(percentile(seconds, share)))) if seconds else "never"


def _rounded(seconds: float) -> float:
    step = 1 if seconds < 60 else 60 if seconds < 24 * 3600 else 3600
    return round(seconds / step) * step


def mix(said: str) -> dict[Severity, float]:
    """Read a mix such as ``sev1=0.03,sev2=12%``; raises `ValueError` for what is none."""
    found: dict[Severity, float] = {}
    for one in said.split(","):
        name, _, share = one.strip().partition("=")
        weight = float(share.rstrip("%"))
        level = Severity[name.strip().upper()]
        if not 0 <= weight < 1e9 or level in found:
            raise ValueError
        found[level] = weight
    if not sum(found.values()):
        raise ValueError
    return found
