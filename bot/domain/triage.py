"""What the triage was told: is it credible, how far does it reach, what data is at risk, is the severity right (S1-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import acting, change, progress, rights, settle
from bot.domain.decision import Decision, Fact
from bot.domain.errors import IllegalMove, InvalidInput
from bot.domain.incident import Dimension, Incident, UserId
from bot.domain.items import Item, Reason
from bot.domain.policy import Policy, Question
from bot.domain.roles import Directory

YES, NO = "yes", "no"
LONGEST = 1000

# The questions that every triage asks besides those of the policy; what is answered is kept under these names.
SCOPE, DATA, SEVERITY, SERVICE = "scope", "data", "severity", "service"
SCOPES: Mapping[str, str] = {
    "internal": "Internal: only our own people feel it",
    "external": "External: customers or partners feel it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of the policy, with the name that its answer is kept under."""

    name: str
    question: Question


def questions(policy: Policy, incident: Incident) -> tuple[Asked, ...]:
    """Return what the policy asks: the test of a credible incident, then what this kind must collect (S1-16)."""
    kind = policy.kinds.get(incident.kind)
    return (
        *(Asked(name=f"credible:{one.id}", question=one) for one in policy.credible),
        *(Asked(name=f"collect:{one.id}", question=one) for one in (kind.collect if kind else ())),
    )


def is_answered(incident: Incident, policy: Policy) -> bool:
    """Tell whether nothing is left that a triage would ask."""
    names = [SCOPE, SEVERITY, *(asked.name for asked in questions(policy, incident))]
    return all(incident.answers.get(name) for name in names) and _data_is_known(incident, policy)


def answer(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    directory: Directory,
    given: Mapping[str, str],
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Keep what the triage was told; what is left blank stays as it was, and the same answers again change nothing.

    The class of data is the score of its dimension, so it may raise the severity at once, as any new score does. To
    confirm a severity is to answer ``yes`` for the one that holds after that. Another service may call in its owner and climb
    another ladder, as any change of what the policy looks at does. Raises `InvalidInput` by question.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first: `/incident reopen`.")
    told = {name: " ".join(text.split()) for name, text in given.items() if text.strip()}
    _refuse_impossible(told, policy, incident)
    rights.require(policy, directory, incident, by, "triage")
    decision = Decision(incident=incident)
    if DATA in told and incident.scores.get(Dimension.DATA) != int(told[DATA]):
        scores = {Dimension.DATA: int(told[DATA])}
        decision = settle.rescore(incident, items, policy, directory, scores, by=by, now=now)
    after = decision.incident
    news = {name: text for name, text in told.items() if name not in (DATA, SEVERITY, SERVICE)}
    if SEVERITY in told:
        news[SEVERITY] = after.severity.name if told[SEVERITY] == YES else ""
    news = {name: text for name, text in news.items() if after.answers.get(name, "") != text}
    service = told.get(SERVICE, after.service)
    if not news and service == after.service:
        return decision
    said = {**{name: text or NO for name, text in news.items()}}
    if service != after.service:
        said[SERVICE] = service
    told_anew = replace(after, answers={**after.answers, **news}, service=service)
    fact = Fact(kind="triage.answered", data={"answers": said, "by": by}, rule="triage")
    decision = decision.then(Decision(incident=told_anew, facts=(fact,)))
    if service == after.service:
        return decision
    known = {item.id: item for item in (*items, *decision.items)}
    return decision.then(
        change.reached(
            after,
            told_anew,
            tuple(known.values()),
            policy,
            directory,
            now,
            reason=Reason.SERVICE,
            why=f"it is about {policy.services[service].label}",
        )
    )


def forgotten(incident: Incident) -> Incident:
    """Return an incident that begins again: what was ticked and confirmed counts no more, what was told stays."""
    kept = {name: text for name, text in incident.answers.items() if name != SEVERITY}
    return progress.without(replace(incident, answers=kept), *incident.ticked)


def _data_is_known(incident: Incident, policy: Policy) -> bool:
    return Dimension.DATA not in policy.dimensions or incident.scores.get(Dimension.DATA) is not None


def _refuse_impossible(told: Mapping[str, str], policy: Policy, incident: Incident) -> None:
    known = {asked.name: asked.question for asked in questions(policy, incident)}
    problems = {}
    for name, text in told.items():
        question = known.get(name)
        if len(text) > LONGEST:
            problems[name] = f"This has {len(text)} characters; please keep it to {LONGEST}."
        elif name == SCOPE and text not in SCOPES:
            problems[name] = f"Please choose {' or '.join(SCOPES)}, for example external."
        elif name == DATA and text not in set("01234"):
            problems[name] = "Please choose what data is at risk, from 0 to 4, for example 1."
        elif name == SERVICE and text not in policy.services:
            names = ", ".join(policy.services) or "none: this policy names no services"
            problems[name] = f"Please choose a service of the policy: {names}."
        elif name == SEVERITY or (question is not None and question.answer == "yes_no"):
            if text not in (YES, NO):
                problems[name] = "Please answer yes or no."
        elif question is None and name not in (SCOPE, DATA, SERVICE):
            problems[name] = "This is not asked any more. Please open the form again."
    if problems:
        raise InvalidInput(problems)
