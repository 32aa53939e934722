"""A timeline as text in columns, for a terminal, and as JSON for a machine."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy
from bot.domain.timeline import Row, Timeline, moments, once, rounds, said, span

# One line of a terminal, and of a page of plain text.
WIDTH = 110


def lines(timeline: Timeline, policy: Policy, zone: ZoneInfo, *, full: bool = False) -> Iterator[str]:
    """Return the timeline's lines: the case, a line for everything that happens at one moment, and the outcome.

    Unless ``full``, a ladder that is climbed again is told in one line.
    """
    yield from wrap(timeline.title, WIDTH)
    yield from wrap(str(timeline.facts["because"]), WIDTH)
    if accountable := timeline.facts.get("accountable"):
        yield from wrap(f"Accountable: {accountable}.", WIDTH)
    yield f"Opens {_long(timeline.opens_at, zone)}. Times are those of {zone.key}."
    yield ""
    rows = timeline.rows if full else tuple(once(timeline.rows))
    widths = (_widest(f"+{span(row.offset)}" for row in rows), _widest(row.what for row in rows))
    day = None
    for at, together in moments(rows):
        local = at.astimezone(zone)
        if local.date() != day:
            day = local.date()
            yield f"{local:%A %d %B %Y}"
        yield from _moment(local, together, timeline, policy, widths)
    if not full and rounds(timeline.rows) > 1:
        last = max(row.offset for row in timeline.rows if row.kind == "ladder.step")
        yield f"  The ladder is climbed {rounds(timeline.rows)} times, until +{span(last)} (--full shows every round)."
    yield ""
    yield from wrap(f"Outcome: {timeline.outcome}", WIDTH)


def as_json(timeline: Timeline, zone: ZoneInfo) -> dict[str, Any]:
    """Return everything as JSON: every row of every round, with its rule."""
    return {
        "case": timeline.title,
        "opens_at": timeline.opens_at.isoformat(),
        "zone": zone.key,
        **timeline.facts,
        "timeline": [
            {
                "at": row.at.isoformat(),
                "local": row.at.astimezone(zone).isoformat(),
                "seconds": row.offset.total_seconds(),
                "kind": row.kind,
                "what": row.what,
                "role": row.role,
                "people": [timeline.names.get(user, user) for user in row.people],
                "reason": row.reason,
                "rule": row.rule,
                "rung": row.rung,
                "round": row.round,
                "detail": row.detail,
            }
            for row in timeline.rows
        ],
        "outcome": timeline.outcome,
    }


def _moment(
    at: datetime, groups: Sequence[Sequence[Row]], timeline: Timeline, policy: Policy, widths: tuple[int, int]
) -> Iterator[str]:
    clock, offset = f"{at:%H:%M}", f"+{span(groups[0][0].offset)}"
    for alike in groups:
        what, who, why = said(alike, timeline, policy)
        text = " - ".join(filter(None, (who, why)))
        rule = f" [{alike[0].rule}]" if alike[0].rule else ""
        start = f"  {clock:<5}  {offset:<{widths[0]}}  {what:<{widths[1]}}  "
        yield from wrap(f"{text}{rule}", WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
        clock = offset = ""


def _widest(words: Iterable[str]) -> int:
    return max(map(len, words), default=0)


def _long(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A %d %B %Y at %H:%M} ({local:%Z})"
