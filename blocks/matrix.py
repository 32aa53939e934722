"""The escalation matrix in one answer: the severity table, the agent matrix, who answers for what."""

from collections.abc import Mapping

from blocks import kit
from blocks import matrix_words as words
from blocks.post import Post
from bot.domain.policy import Policy

# What else of the policy can be asked for.
PAGES: Mapping[str, str] = {
    "": "the severity table",
    "lanes": "when agents must ask a person",
    "raci": "who answers for what",
    "triggers": "what opens an incident by itself",
    "stop": "what stops the line",
    "metrics": "what triggers may look at",
}


def draw(policy: Policy) -> Post:
    """Draw the severity table on one page: what each level means, its targets, who leads, who must agree."""
    blocks = [
        _table(words.title(policy, level), words.severity(policy, level)) for level in policy.severities
    ]
    return _page("The escalation matrix", policy, blocks)


def draw_lanes(policy: Policy) -> Post:
    """Draw the agent matrix on one page, and what holds in every lane."""
    if not policy.lanes:
        return _page("When agents must ask a person", policy, ["This policy has no lanes."])
    blocks = [
        _table(words.lane_title(policy, name), words.lane(policy, name)) for name in words.in_order(policy)
    ]
    rules = "\n".join(f"• {kit.escape(line)}" for line in words.everywhere(policy))
    return _page("When agents must ask a person", policy, [*blocks, f"*In every lane*\n{rules}"])


def draw_raci(policy: Policy) -> Post:
    """Draw who is responsible, accountable, consulted and informed, activity by activity."""
    lines = [
        f"*{kit.escape(activity)}* ({levels}): {kit.escape(said)}"
        for activity, levels, said in words.accountability(policy)
    ]
    return _page("Who answers for what", policy, kit.pieces("\n".join(lines) or "This policy has no RACI."))


def draw_triggers(policy: Policy) -> Post:
    """Draw what opens an incident by itself, trigger by trigger."""
    lines = [f"*{kit.escape(title)}*: {kit.escape(said)}" for title, said in words.opens(policy)]
    none = "This policy has no triggers of its own."
    return _page("What opens an incident by itself", policy, kit.pieces("\n".join(lines) or none))


def draw_stop(policy: Policy) -> Post:
    """Draw the stop-the-line checklist, and who lifts a condition."""
    lines = [f"*{kit.escape(name)}* {kit.escape(said)}" for name, said in words.stops(policy)]
    if lines:
        lines.append(f"*To lift one*: {kit.escape(words.lifts(policy))}, with a reason.")
    return _page(
        "What stops the line", policy, kit.pieces("\n".join(lines) or "This policy has no such checklist.")
    )


def draw_metrics(policy: Policy) -> Post:
    """Draw what trigger expressions may look at, each metric with its unit and its meaning."""
    lines = [f"• {kit.escape(line)}" for line in words.metrics(policy)]
    return _page(
        "What triggers may look at", policy, kit.pieces("\n".join(lines) or "This policy has no metrics.")
    )


def _page(title: str, policy: Policy, sections: list[str]) -> Post:
    standing = kit.escape(words.standing(policy))
    more = " · ".join(f"`/incident policy{' ' if word else ''}{word}` {said}" for word, said in PAGES.items())
    blocks = [
        kit.header(title),
        kit.context(standing),
        *(kit.section(text) for text in sections),
        kit.context(more),
    ]
    return kit.post(f"{title}: {standing}", blocks)


def _table(title: str, rows: words.Rows) -> str:
    lines = [f"{label}: {kit.outside(text, 700)}" for label, text in rows if text and text != "–"]
    return "\n".join([f"*{kit.escape(title)}*", *lines])
