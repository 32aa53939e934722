"""Acme Cloud: its people, its default policy, and an incident to begin with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import severity
from bot.domain.decision import Decision
from bot.domain.incident import (
    ChannelId,
    ChannelState,
    Dimension,
    Incident,
    IncidentId,
    Severity,
    UserId,
    Workspace,
)
from bot.domain.items import Item, Proposal
from bot.domain.roles import Directory, Person
from bot.packs import load

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
NAMES = tuple(
    "ana ben caro dev eli fay ivan judy tess theo mona nils lara leo xena xavi sam sue ike iris igor ines suzy sid "  # noqa: SIM905
    "omar olga finn gail walt wren bela beth".split()
)
POLICY = load()

# What a finished triage was told.
TRIAGED = {"scope": "external"} | {f"credible:{one.id}": "yes" for one in POLICY.credible}


def user(name: str) -> UserId:
    return UserId(f"U{name.upper()}")


def directory(**changes: Any) -> Directory:
    """Everybody of Acme; ``caro={"is_active": False}`` changes one of them."""
    people = [Person(id=user(name), name=name, email=f"{name}@acme.example") for name in NAMES]
    people = [replace(person, **changes.get(person.name, {})) for person in people]
    people += [Person(id=UserId("UBOT"), name="bot", is_bot=True)]
    return Directory(
        people={person.id: person for person in people},
        references={person.email: (person.id,) for person in people if person.email},
        at=NINE,
    )


def incident(level: Severity = Severity.SEV3, **changes: Any) -> Incident:
    """One that has been triaged and in every stage before, so that no gate holds it back."""
    scores = {Dimension.BUSINESS: 2, Dimension.USERS: 2, Dimension.DATA: 0, Dimension.REGULATORY: 0}
    made = Incident(
        id=IncidentId("i1"),
        workspace=Workspace(team_id="T1"),
        number=7,
        title="Search is slow",
        severity=level,
        computed_severity=level,
        severity_reason=f"{level.name} because business impact is 2.",
        scores=scores,
        opened_by=user("ana"),
        opened_at=NINE,
        lead=user("caro"),
        channel_state=ChannelState.READY,
        channel_id=ChannelId("C1"),
        targets=severity.targets(POLICY, level, NINE),
        stage=POLICY.first_stage,
        answers=TRIAGED | {"severity": level.name},
        ticked={stage: {"at": NINE.isoformat()} for stage in POLICY.stages},
        stage_since=NINE,
        policy_version=POLICY.version,
    )
    return replace(made, **changes)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def after(items: tuple[Item, ...], decision: Decision) -> tuple[Item, ...]:
    """The items as they stand once a decision is applied."""
    known = {item.id: item for item in items} | {item.id: item for item in decision.items}
    return tuple(known.values())


def facts(decision: Decision) -> list[str]:
    return [fact.kind for fact in decision.facts]


def said_to(decision: Decision, kind: object) -> list[str]:
    return [notice.to for notice in decision.notices if notice.kind is kind]


def proposal(item: Item) -> Proposal:
    """What an approval item is about."""
    assert item.proposal is not None
    return item.proposal
