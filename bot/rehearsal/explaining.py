"""A case explained: who would be asked, when and why, and one sentence of how it ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import acting, desk, identities, quorum, raci
from bot.domain.incident import Incident
from bot.domain.items import Item, ItemState
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.domain.timeline import Timeline, span
from bot.rehearsal import telling, waiting
from bot.rehearsal.memory import Recorded
from bot.rehearsal.playing import Case, Played, play
from bot.rehearsal.words import Words, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What was asked for, played, and the zone in which its times are meant."""

    timeline: Timeline
    zone: ZoneInfo


def explained(words: Words, policy: Policy, directory: Directory, now: datetime) -> Explained:
    """Read a case and explain it: an incident, or a request in a lane. Raises `InvalidInput` by option."""
    asked = read(words, policy, directory, now)
    if words.lane:
        length = asked.case.until or waiting.LONGEST
        return Explained(
            timeline=waiting.explain(policy, asked.directory, words.lane, asked.case.at, length),
            zone=asked.zone,
        )
    return Explained(timeline=explain(policy, asked.directory, asked.case), zone=asked.zone)


def explain(policy: Policy, directory: Directory, case: Case) -> Timeline:
    """Play a case and tell it. Raises what opening an incident raises."""
    played = play(policy, directory, case)
    began = played.recorded[0].at
    recorded = sorted((*played.recorded, *_at_desk(played, policy, directory, began)), key=lambda one: one.at)
    return Timeline(
        title=_title(played.memory.incident, policy),
        opens_at=began,
        rows=telling.rows(recorded, policy, began),
        outcome=outcome(played, policy, directory, began),
        names={person.id: person.name for person in directory.people.values()},
        facts=_facts(played.memory.incident, policy),
    )


def _at_desk(played: Played, policy: Policy, directory: Directory, began: datetime) -> list[Recorded]:
    """Return what the opening leaves to be done beyond the incident: an identity that nobody owns gets an owner."""
    incident = played.memory.incident
    record = desk.open_desk(incident.workspace, policy, began).incident
    people = replace(directory, at=began)
    owed = identities.exception(record, (), incident, policy, people, began)
    return [Recorded(at=began, by="tocsin", fact=fact) for fact in owed.facts if fact.kind == "task.owed"]


def outcome(played: Played, policy: Policy, directory: Directory, began: datetime) -> str:
    """Return one sentence for each way in which the pages of a case ended."""
    pages = [page for page in played.pages if page.state is not ItemState.CANCELLED]
    if not pages:
        return "Nobody is called in."
    answered = sorted(
        (page for page in pages if page.state is ItemState.ACKNOWLEDGED),
        key=lambda page: page.answered_at or began,
    )
    alone = [page for page in pages if page.state is ItemState.EXHAUSTED]
    waiting = [page for page in pages if page.is_open]
    said = [_answered(page, policy, directory, began) for page in answered]
    if alone:
        said.append(_alone(alone, played, policy, began))
    if waiting:
        roles = _roles(waiting, policy)
        said.append(f"after {span(played.ended_at - began)} nobody has answered as {roles} yet")
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _answered(page: Item, policy: Policy, directory: Directory, began: datetime) -> str:
    who = acting.name(directory, page.answered_by)
    after = span((page.answered_at or began) - began)
    return f"{who} answers as {_roles([page], policy)} after {after}"


def _alone(pages: list[Item], played: Played, policy: Policy, began: datetime) -> str:
    first = min(
        one.at for one in played.recorded
        if one.fact.kind == "ladder.exhausted" and one.fact.item_id in {page.id for page in pages}
    )  # fmt: skip
    rounds = max(page.round for page in pages) + 1
    after = f"after {span(first - began)}" if first > began else "at once"
    again = any(page.due_at is not None for page in pages)
    alarm = f"the alarm sounds {after}, {'again and again until a person answers' if again else 'once'}"
    asked = {user for page in pages for user in page.asked}
    if not asked:
        return f"nobody can be asked as {_roles(pages, policy)}: {alarm}"
    people = "1 person is" if len(asked) == 1 else f"{len(asked)} people are"
    times = f" in {rounds} rounds" if rounds > 1 else ""
    return f"nobody answers as {_roles(pages, policy)}: {people} asked{times}, and {alarm}"


def _roles(pages: list[Item], policy: Policy) -> str:
    labels = [quorum.label(policy, page.role) for page in pages if page.role is not None]
    return " and ".join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))


def _title(incident: Incident, policy: Policy) -> str:
    row = policy.row(incident.severity)
    return f"{incident.severity.name} {row.label}: {row.meaning}"


def _facts(incident: Incident, policy: Policy) -> dict[str, object]:
    return {
        "severity": incident.severity.name,
        "because": incident.severity_reason,
        "leads": policy.row(incident.severity).lead,
        "accountable": raci.answering(policy, incident.severity),
        "targets": {name: at.isoformat() for name, at in incident.targets.items()},
        "policy": incident.policy_version,
    }
