"""A case in words, as somebody types it, read into what is played; everything wrong is said with an example."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from bot.domain import kinds, severity, triggers
from bot.domain.errors import InvalidInput
from bot.domain.incident import Dimension, Severity, UserId
from bot.domain.opening import Draft
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.rehearsal import cast
from bot.rehearsal.playing import Answer, Case, Reaction, as_told
from bot.rehearsal.times import length, moment, zone

EVERYONE = "everyone"
# How soon somebody answers of whom nothing else is said, where others are said to be silent.
PROMPT = timedelta(minutes=2)
_USUAL = {Answer.ACKNOWLEDGE: PROMPT, Answer.DECLINE: timedelta(minutes=1)}
TITLE = "Rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was typed. Empty means: not said. ``answers`` and ``declines`` are ``NAME`` or ``NAME=7m``."""

    severity: str = ""
    scores: tuple[str, ...] = ()
    kind: str = ""
    service: str = ""
    identity: str = ""
    trigger: str = ""
    conditions: tuple[str, ...] = ()
    lane: str = ""
    customer_visible: bool = False
    at: str = ""
    zone: str = ""
    silent: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    declines: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A case that can be played, with the people as the case has them and the zone in which its times are shown."""

    case: Case
    directory: Directory
    zone: ZoneInfo


def read(words: Words, policy: Policy, directory: Directory, now: datetime) -> Asked:
    """Read a case; raises `InvalidInput` by option for whatever cannot be meant."""
    if words.lane:
        _alone(words)
    shown = zone(words.zone or policy.support_hours.timezone)
    opens = moment(words.at, shown) if words.at else now
    people = _People(directory)
    away = {user for name in words.away for user in people.named("away", name)}
    there = {u: replace(p, is_active=False) if u in away else p for u, p in directory.people.items()}
    case = Case(
        draft=draft_of(words, policy),
        at=opens,
        reacts=as_told(people.told(words)),
        until=length("until", words.until) if words.until else None,
        unreachable=frozenset(
            user for name in words.unreachable for user in people.named("unreachable", name)
        ),
    )
    return Asked(case=case, directory=replace(directory, people=there), zone=shown)


def _alone(words: Words) -> None:
    """Refuse what a lane does not look at, rather than leave it out of account in silence."""
    heard = ("lane", "at", "zone", "until", "away")
    told = [field.name for field in fields(words) if field.name not in heard and getattr(words, field.name)]
    if told:
        said = told[0].replace("_", "-")
        raise InvalidInput(
            {
                "lane": f"A lane is explained by itself, while nobody decides: leave out {said}, or leave out the lane."
            }
        )


@dataclass(frozen=True, slots=True)
class _People:
    directory: Directory

    def named(self, option: str, name: str) -> tuple[UserId, ...]:
        if name == EVERYONE:
            return tuple(self.directory.people)
        if found := cast.found(name, self.directory):
            return found
        names = cast.known_names(self.directory)
        near = get_close_matches(name.partition("@")[0].lower(), names, n=1)
        meant = f" Did you mean {near[0]}?" if near else f" Known are, for example, {', '.join(names[:3])}."
        raise InvalidInput({option: f"Nobody here is called {name!r}.{meant}"})

    def told(self, words: Words) -> dict[UserId, Reaction]:
        """Return what each person does who is not silent; a name counts for more than ``everyone``.

        Raises `InvalidInput` for a person of whom two things are said by name.
        """
        found: dict[UserId, Reaction] = {}
        if words.silent and EVERYONE not in words.silent:
            found = dict.fromkeys(self.directory.people, Reaction(PROMPT))
        said = [
            (option, *one.partition("=")[::2])
            for option in ("silent", "answers", "declines")
            for one in getattr(words, option)
        ]
        by_name: set[UserId] = set()
        for option, name, after in sorted(said, key=lambda one: one[1] != EVERYONE):
            users = self.named(option, name)
            if name != EVERYONE:
                if twice := by_name.intersection(users):
                    who = self.directory.people[min(twice)].name
                    raise InvalidInput(
                        {option: f"Only one can be true of {who}: silent, answers or declines."}
                    )
                by_name.update(users)
            if option == "silent":
                found = {user: does for user, does in found.items() if user not in users}
            else:
                answer = Answer.DECLINE if option == "declines" else Answer.ACKNOWLEDGE
                within = length(option, after) if after else _USUAL[answer]
                found |= dict.fromkeys(users, Reaction(within, answer))
        return found


def draft_of(words: Words, policy: Policy) -> Draft:
    """Return what the opening form would hold; raises `InvalidInput` for what this policy does not know."""
    if words.severity and words.scores:
        raise InvalidInput(
            {"severity": "Give --severity SEV2 or --score users=3, not both: scores make the severity."}
        )
    _known("kind", words.kind, policy.kinds)
    _known("service", words.service, policy.services)
    _known("identity", words.identity, policy.identities)
    _known("trigger", words.trigger, policy.triggers)
    _known("lane", words.lane, policy.lanes)
    for condition in words.conditions:
        _known("condition", condition, policy.stop_the_line.conditions)
    scores = _scores(words.scores, policy)
    by = policy.triggers.get(words.trigger)
    kind = words.kind or (by.kind if by else "")
    draft = Draft(
        title=by.label if by else TITLE,
        scores=scores,
        kind=kind,
        service=words.service,
        identity=words.identity,
        trigger=words.trigger,
        conditions=dict.fromkeys(words.conditions or (by.conditions if by else ()), False),
        customer_visible=words.customer_visible,
    )
    if scores:
        return draft
    usual = triggers.severity_of(policy, by, words.service) if by else Severity.SEV1
    level = _level(words.severity) if words.severity else usual
    scores = scores_for(policy, level, kind)
    draft = replace(draft, scores=scores)
    if severity.compute(policy, scores).severity is not level:
        draft = replace(draft, severity=level, severity_reason="the case says so")
    return draft


def scores_for(policy: Policy, level: Severity, kind: str = "") -> dict[Dimension, int | None]:
    """Return scores that make a severity: one dimension as high as it takes, nothing else harmed."""
    always = [d for d, row in policy.dimensions.items() if not row.only_with_identity]
    asked = dict.fromkeys((*always, *kinds.dimensions(policy, kind)))
    return {dimension: 5 - level if at == 0 else 0 for at, dimension in enumerate(asked)}


def _scores(said: Iterable[str], policy: Policy) -> dict[Dimension, int | None]:
    scores: dict[Dimension, int | None] = {}
    for one in said:
        name, _, value = (part.strip().lower() for part in one.partition("="))
        _known("score", name, [dimension.value for dimension in policy.dimensions])
        if value != "unknown" and value not in ("0", "1", "2", "3", "4"):
            raise InvalidInput(
                {"score": f"{one!r} is no score. Write 0 to 4 or unknown, for example {name}=3."}
            )
        scores[Dimension(name)] = None if value == "unknown" else int(value)
    return scores


def _level(said: str) -> Severity:
    name = said.strip().upper()
    found = Severity.__members__.get(name if name.startswith("SEV") else f"SEV{name}")
    if found is None:
        raise InvalidInput(
            {"severity": f"There is no severity {said!r}. Write SEV1 to SEV5, for example --severity SEV2."}
        )
    return found


def _known(option: str, name: str, there: Mapping[str, object] | list[str]) -> None:
    if not name or name in there:
        return
    names = sorted(there)
    near = get_close_matches(name, names, n=1)
    meant = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(names) or 'none'}."
    raise InvalidInput({option: f"This policy has no {option} {name!r}. {meant}"})
