"""Two timelines of one case in two columns, so that what differs stands side by side."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import zip_longest
from textwrap import wrap

from bot.domain.policy import Policy
from bot.domain.timeline import Timeline, moments, once, said, span

# Both columns fit into one line of a terminal.
WIDTH = 110
LABEL = 15
COLUMN = 44


def lines(before: Timeline | None, after: Timeline | None, old: Policy, new: Policy) -> Iterator[str]:
    """Return every moment that differs, a line for each thing that happens; ``|`` marks what differs."""
    yield f"  {'':<{LABEL}} {'before':<{COLUMN}}   after"
    sides = (_told(before, old), _told(after, new))
    alike = 0
    for offset in sorted({*sides[0], *sides[1]}):
        left, right = (side.get(offset, []) for side in sides)
        if left == right:
            alike += 1
            continue
        yield from _alike(alike)
        alike = 0
        yield from _pairs(f"+{span(offset)}", left, right)
    yield from _alike(alike)
    ends = [timeline.outcome if timeline else "There is no such case." for timeline in (before, after)]
    said = {"Both": ends[0]} if ends[0] == ends[1] else {"Before": ends[0], "After": ends[1]}
    for which, outcome in said.items():
        yield from wrap(f"{which}: {outcome}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def differing(page: Iterable[str]) -> tuple[str, ...]:
    """Return only the marked lines of a page: cases that have them in common go another way in the same manner."""
    return tuple(line for line in page if "| " in line or line.endswith("|"))


def _pairs(label: str, left: list[str], right: list[str]) -> Iterator[str]:
    """Return what happens on both sides first, then what only one of them has."""
    both = [one for one in left if one in right]
    only = ([one for one in side if one not in both] for side in (left, right))
    for one, other in (*zip(both, both, strict=True), *zip_longest(*only, fillvalue="")):
        mark = " " if one == other else "|"
        for before, after in zip_longest(wrap(one, COLUMN), wrap(other, COLUMN), fillvalue=""):
            yield f"  {label:<{LABEL}} {before:<{COLUMN}} {mark} {after}".rstrip()
            label = ""


def _alike(moments: int) -> Iterator[str]:
    if moments:
        yield f"  {'':<{LABEL}} ({moments} {'moment is' if moments == 1 else 'moments are'} alike)"


def _told(timeline: Timeline | None, policy: Policy) -> dict[timedelta, list[str]]:
    told: dict[timedelta, list[str]] = {}
    for _, groups in moments(once(timeline.rows) if timeline else ()):
        for alike in groups:
            what, who, _why = said(alike, timeline, policy) if timeline else ("", "", "")
            detail = alike[0].detail
            line = ": ".join(filter(None, (f"{what} {who}".strip(), detail)))
            told.setdefault(alike[0].offset, []).append(line)
    return {offset: sorted(lines) for offset, lines in told.items()}
