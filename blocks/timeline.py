"""The answer to `/incident policy explain`: a case as a timeline, moment by moment, and how it ends."""

from collections.abc import Iterator

from blocks import kit
from blocks.post import Post
from bot.domain.policy import Policy
from bot.domain.timeline import Timeline, moments, once, rounds, said, span

# More is not read in a chat; the command line shows all of it.
MOST = 45
LONGEST = 280


def draw(timeline: Timeline, policy: Policy) -> Post:
    """Draw a rehearsed case; nobody is called by it, so people are named and not mentioned."""
    title = f"Rehearsal, nobody is called: {kit.outside(timeline.title, 200)}"
    head = (
        f"*{title}*\n{kit.outside(str(timeline.facts['because']), 500)}\nOpens {kit.when(timeline.opens_at)}."
    )
    lines = list(_lines(timeline, policy))
    shown = lines[:MOST]
    if len(lines) > MOST:
        shown.append(f"… and {len(lines) - MOST} more. `tocsin policy explain` shows all of it.")
    if (climbed := rounds(timeline.rows)) > 1:
        shown.append(f"_The ladder is climbed {climbed} times; only the first is shown._")
    shown.append(f"*Outcome:* {kit.outside(timeline.outcome, 1000)}")
    pieces = [head, *kit.pieces("\n".join(shown))]
    return kit.post(title, [kit.section(piece) for piece in pieces])


def _lines(timeline: Timeline, policy: Policy) -> Iterator[str]:
    for at, groups in moments(once(timeline.rows)):
        offset = span(groups[0][0].offset)
        for alike in groups:
            what, who, why = said(alike, timeline, policy)
            words = ": ".join(filter(None, (who, why)))
            yield f"{kit.when(at, timeline.opens_at)} (+{offset}) *{kit.escape(what)}* {kit.outside(words, LONGEST)}"
