"""An advisor without a network: the policy's phrases, the severity computation, and nothing it could not explain."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.advisor.protocol import Said, Suggestion
from bot.domain import severity
from bot.domain.incident import Dimension, Incident, Severity
from bot.domain.items import ProposalKind
from bot.domain.policy import AdviceRule, Policy

NAME = "offline-rules"
VERSION = "1"

# One voice is worth listening to; a second one, or a second reason, makes it more likely, and none makes it certain.
ONE_VOICE, EACH_MORE, MOST = 0.6, 0.1, 0.9
EXCERPT = 80
RATIONALE = 500

_SENTENCES = re.compile(r"(?<=[.!?\n])\s+|\n")
_DENIED = re.compile(
    r"\b(?:not|no|never|without|if|unless|isn't|aren't|wasn't|don't|doesn't|didn't|won't)\b[^,;]{0,40}$"
)
_WHO_LEADS = re.compile(
    r"\bwho (?:owns|leads|is leading|is in charge|runs|is running|takes|is on)\b"
    r"|\bnobody (?:owns|leads|is leading|is on)\b|\bno owner\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A rule whose phrase was said."""

    rule: AdviceRule
    said: Said
    phrase: str


class OfflineAdvisor:
    """Suggests a severity from the phrases of the policy and the scores so far, and an owner from the matrix.

    For each dimension the latest statement counts: "all users are affected" gives way to "only one user is affected".
    Questions and denials are passed over. The same words on the same incident always give the same answer.
    """

    def advise(self, policy: Policy, incident: Incident, said: Sequence[Said]) -> list[Suggestion]:
        """Return at most one suggestion of each kind, with the sentences it rests on."""
        matches = _latest(match for one in said for match in _matches(policy, one))
        wanted = _severity(policy, incident, matches)
        suggestions = [wanted] if wanted is not None else []
        return suggestions + _owner(policy, incident, said, wanted)


def _matches(policy: Policy, said: Said) -> list[_Match]:
    found = []
    for sentence in _SENTENCES.split(said.excerpt.lower().replace("\u2019", "'")):
        if sentence.rstrip().endswith("?"):
            continue
        for rule in policy.advice:
            hit = _phrases(rule.any_of).search(sentence)
            if hit is not None and not _DENIED.search(sentence[: hit.start()]):
                found.append(_Match(rule=rule, said=said, phrase=hit.group()))
    return found


@lru_cache(maxsize=512)
def _phrases(any_of: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first, so that what is quoted is the most telling phrase.
    phrases = sorted((re.escape(phrase.lower()) for phrase in any_of), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)")


def _latest(matches: Iterable[_Match]) -> dict[Dimension, list[_Match]]:
    """Return for each dimension the matches that say what was said last; within one message the worst counts."""
    by_dimension: dict[Dimension, list[_Match]] = {}
    for match in matches:
        by_dimension.setdefault(match.rule.dimension, []).append(match)
    kept = {}
    for dimension, found in by_dimension.items():
        last = max(found, key=lambda m: (m.said.at, m.said.ref, m.rule.score))
        kept[dimension] = [m for m in found if m.rule.score == last.rule.score]
    return kept


def _severity(
    policy: Policy, incident: Incident, matches: Mapping[Dimension, list[_Match]]
) -> Suggestion | None:
    telling = {d: found for d, found in matches.items() if incident.scores.get(d) != found[0].rule.score}
    if not telling:
        return None
    scores = {**incident.scores, **{d: found[0].rule.score for d, found in telling.items()}}
    computed = severity.compute(policy, scores, floor=incident.floor)
    if computed.severity == incident.severity:
        return None
    raised = computed.severity < incident.severity
    # Only what pushes in the direction of the suggestion is a ground for it.
    grounds = {
        d: f
        for d, f in telling.items()
        if _pushes(policy, incident, d, f[0].rule.score) == (1 if raised else -1)
    }
    if not grounds:
        return None
    return _suggestion(
        ProposalKind.SEVERITY,
        int(computed.severity),
        _because(policy, grounds),
        grounds,
    )


def _pushes(policy: Policy, incident: Incident, dimension: Dimension, score: int) -> int:
    before = severity.counted(policy, incident.scores).get(dimension, 0)
    return (score > before) - (score < before)


def _because(policy: Policy, grounds: Mapping[Dimension, list[_Match]]) -> str:
    parts = [
        f"{found[0].rule.because} ({policy.dimensions[d].label}: {_score(policy, d, found[0].rule.score)})"
        for d, found in sorted(grounds.items())
    ]
    first = next(iter(sorted(grounds.items())))[1][0]
    because, quote = "; ".join(parts), " ".join(first.said.excerpt.split())[:EXCERPT]
    rules = ", ".join(dict.fromkeys(found[0].rule.id for found in grounds.values()))
    text = f'{because}.\nSaid: "{quote}" (rule {rules})'
    return text if len(text) <= RATIONALE else text[: RATIONALE - 1] + "…"


def _score(policy: Policy, dimension: Dimension, score: int) -> str:
    return policy.dimensions[dimension].scores[score]


def _owner(
    policy: Policy, incident: Incident, said: Sequence[Said], wanted: Suggestion | None
) -> list[Suggestion]:
    """Suggest the role that leads by the matrix, when somebody asks or when another severity has another lead."""
    now, level = policy.row(incident.severity).lead, Severity(wanted.value) if wanted else incident.severity
    role = policy.row(level).lead
    label = policy.roles[role].label if role in policy.roles else role
    if wanted is not None and role != now and level < incident.severity:
        why = f"By the matrix the {label} leads at {level.name}, which is suggested too."
        return [
            Suggestion(
                kind=ProposalKind.OWNER, value=role, rationale=why, evidence=wanted.evidence,
                confidence=wanted.confidence, model=NAME, model_version=VERSION,
            )
        ]  # fmt: skip
    asking = tuple(one.ref for one in said if _WHO_LEADS.search(one.excerpt.lower()))
    if incident.lead is not None or not asking:
        return []
    why = f"Somebody asked who leads. By the matrix the {label} leads at {incident.severity.name}."
    return [
        Suggestion(
            kind=ProposalKind.OWNER, value=role, rationale=why, evidence=asking,
            confidence=MOST, model=NAME, model_version=VERSION,
        )
    ]  # fmt: skip


def _suggestion(
    kind: ProposalKind, value: int, why: str, grounds: Mapping[Dimension, list[_Match]]
) -> Suggestion:
    matches = [match for found in grounds.values() for match in found]
    voices = {match.said.by for match in matches}
    more = len(voices) - 1 + len(grounds) - 1
    return Suggestion(
        kind=kind,
        value=value,
        rationale=why,
        evidence=tuple(dict.fromkeys(match.said.ref for match in matches)),
        confidence=round(min(MOST, ONE_VOICE + EACH_MORE * more), 2),
        model=NAME,
        model_version=VERSION,
    )
