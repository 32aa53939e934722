"""The same thing again: what makes two incidents alike, and the suggestion that follows when it comes back too often."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import advice, thresholds
from bot.domain.decision import Decision
from bot.domain.incident import Incident, Severity
from bot.domain.items import Item, ProposalKind
from bot.domain.policy import Policy
from bot.domain.roles import Directory

# Who makes the suggestion: a rule that counts, named like any other advisor.
RULE = "recurrence"
LONGEST = 128


def fingerprint(service: str, kind: str, title: str) -> str:
    """Return by what an incident is recognised: its service and kind, or the words of its title where it has no service.

    Numbers are left out of a title: the same alert names another host or release every time.
    """
    if service:
        return f"service:{service}/{kind}"[:LONGEST]
    words = ("".join(c if c.isalpha() else " " for c in title.casefold())).split()
    return f"title:{' '.join(words)}"[:LONGEST] if words else ""


def longest(policy: Policy) -> int:
    """Return how many days back the policy looks for the same thing; 0 where it does not look at all."""
    return max((one.within_days or 0 for one in policy.thresholds.values()), default=0)


def came_back(
    incident: Incident,
    items: Sequence[Item],
    earlier: Sequence[Incident],
    policy: Policy,
    directory: Directory,
    now: datetime,
) -> Decision:
    """Tell the owners of the thresholds that are crossed, and suggest one level worse; a person decides on that.

    ``earlier`` are incidents with the same fingerprint. Nothing happens below every threshold.
    """
    crossed = thresholds.repeated(incident, earlier, policy, directory, now)
    if not crossed.facts or incident.severity is Severity.SEV1:
        return crossed
    refs = tuple(dict.fromkeys(key for fact in crossed.facts for key in fact.data["earlier"]))
    times = max(int(fact.data["value"]) for fact in crossed.facts)
    suggestion = advice.Suggestion(
        kind=ProposalKind.SEVERITY,
        value=int(incident.severity) - 1,
        rationale=f"The same thing came {times} times: {', '.join((*refs, incident.key))}.",
        evidence=refs,
        confidence=1.0,
        model=RULE,
        model_version="1",
    )
    if not advice.is_new(incident, items, suggestion):
        return crossed
    return crossed.then(
        advice.suggest(
            crossed.incident,
            items,
            policy,
            directory,
            suggestion,
            known_evidence=frozenset(refs),
            by=RULE,
            now=now,
        )
    )
