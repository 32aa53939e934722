"""`tocsin policy matrix`: the escalation matrix on one sheet of paper."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap

from blocks import matrix_words as words
from bot.cli.policy import pack
from bot.domain.policy import Policy

# One A4 page of plain text.
WIDTH = 110
LABEL = 15
GAP = " │ "


def matrix(directory: str, *pages: str) -> int:
    """Print a page of the matrix; 1 for a pack that has mistakes, 2 where two pages are asked for."""
    if len(pages) > 1:
        known = ", ".join(f"--{name}" for name in PAGES if name)
        print(f"One page at a time: give one of {known}.", file=sys.stderr)
        return 2
    policy = pack.given(directory)
    if policy is None:
        return 1
    page = PAGES[pages[0] if pages else ""](policy)
    print("\n".join([*wrap(words.standing(policy), WIDTH), "", *page]))
    return 0


def _severities(policy: Policy) -> Iterator[str]:
    levels = list(policy.severities)
    tables = [words.severity(policy, level) for level in levels]
    head = [words.title(policy, level) for level in levels]
    yield from _row("", head)
    yield _rule(len(levels))
    for at, (label, _) in enumerate(tables[0]):
        yield from _row(label, [table[at][1] for table in tables])


def _lanes(policy: Policy) -> Iterator[str]:
    for name in words.in_order(policy):
        yield f"{words.lane_title(policy, name)} {'─' * (WIDTH - len(words.lane_title(policy, name)) - 1)}"
        for label, text in words.lane(policy, name):
            yield from _labelled(label, text)
    yield "In every lane " + "─" * (WIDTH - 14)
    for line in words.everywhere(policy):
        yield from _labelled("", line)


def _raci(policy: Policy) -> Iterator[str]:
    yield "R responsible, A accountable, C consulted, I informed"
    for activity, levels, said in words.accountability(policy):
        yield from _labelled(levels, f"{activity}: {said}")


def _triggers(policy: Policy) -> Iterator[str]:
    for title, said in words.opens(policy):
        yield from wrap(f"{title}: {said}", WIDTH, subsequent_indent="  ")


def _stop(policy: Policy) -> Iterator[str]:
    for name, said in words.stops(policy):
        yield from wrap(f"{name} {said}", WIDTH, subsequent_indent="     ")
    if policy.stop_the_line.conditions:
        yield from wrap(
            f"To lift one: {words.lifts(policy)}, with a reason.", WIDTH, subsequent_indent="     "
        )


def _metrics(policy: Policy) -> Iterator[str]:
    for line in words.metrics(policy):
        yield from wrap(line, WIDTH, subsequent_indent="  ")


def _labelled(label: str, text: str) -> Iterator[str]:
    for at, line in enumerate(wrap(text, WIDTH - LABEL - 1) or ["–"]):
        yield f"{label if at == 0 else '':<{LABEL}} {line}"


def _row(label: str, cells: Sequence[str]) -> Iterator[str]:
    width = _width(len(cells))
    columns = [wrap(cell, width) or ["–"] for cell in cells]
    for at in range(max(map(len, columns))):
        parts = [f"{column[at] if at < len(column) else '':<{width}}" for column in columns]
        yield GAP.join([f"{label if at == 0 else '':<{LABEL}}", *parts]).rstrip()


def _rule(columns: int) -> str:
    return "─┼─".join(["─" * LABEL, *["─" * _width(columns)] * columns])


def _width(columns: int) -> int:
    return (WIDTH - LABEL - columns * len(GAP)) // columns


PAGES: Mapping[str, Callable[[Policy], Iterator[str]]] = {
    "": _severities,
    "lanes": _lanes,
    "raci": _raci,
    "triggers": _triggers,
    "stop": _stop,
    "metrics": _metrics,
}
