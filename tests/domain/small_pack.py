"""A policy of Acme Cloud made in Python, and the people it names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from bot.domain.incident import Dimension, Role, Severity, UserId
from bot.domain.policy import (
    Approvals,
    Channels,
    DimensionRow,
    Engagement,
    Ladder,
    Policy,
    RoleRow,
    SeverityRow,
    Slot,
    Span,
    Step,
    SupportHours,
    When,
)
from bot.domain.roles import Directory, Person

FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROSTER = {
    "l1": ("ana", "ben"),
    "l2": ("caro", "dev"),
    "l3": ("eli", "fay"),
    "incident_manager": ("ivan", "judy"),
    "technical_lead": ("tess", "theo"),
    "comms_lead": ("mona", "nils"),
    "legal_liaison": ("lara", "leo"),
    "executive_sponsor": ("xena", "xavi"),
    "security": ("sam", "sue"),
}
HOURS = SupportHours(
    timezone="UTC",
    weekdays=("mon", "tue", "wed", "thu", "fri"),
    opens=time(8),
    closes=time(20),
    holidays=(date(2026, 11, 26), date(2026, 12, 25)),
)
UNKNOWN_COUNTS = {
    Dimension.BUSINESS: 1,
    Dimension.USERS: 1,
    Dimension.DATA: 2,
    Dimension.REGULATORY: 2,
    Dimension.IDENTITY: 2,
    Dimension.BLAST: 2,
}


def minutes(count: int, *, working: bool = False) -> Span:
    return Span(minutes=count, working=working)


def user(name: str) -> UserId:
    return UserId(f"U{name.upper()}")


def rungs(*steps_: Step, repeat: int = 0, alarm: int | None = None) -> Ladder:
    return Ladder(steps=steps_, repeat=repeat, alarm=minutes(alarm) if alarm else None)


def step(*ask: str, wait: int, inform: tuple[str, ...] = ()) -> Step:
    return Step(ask=ask, inform=inform, wait=minutes(wait))


def row(
    lead: str, acknowledge: int, climb: Ladder, engage: tuple[Engagement, ...] = (), **changes: Any
) -> SeverityRow:
    leads = ((Role(lead),),)
    usual: dict[str, Any] = {
        "label": lead,
        "meaning": lead,
        "lead": Role(lead),
        "acknowledge": minutes(acknowledge),
        "next_step_within": minutes(acknowledge * 2),
        "handoff": minutes(acknowledge),
        "ack_lease": minutes(acknowledge * 4),
        "settle_unknown": minutes(240),
        "suggestion_expires": minutes(30),
        "update_backup_after": minutes(10),
        "engage": engage,
        "ladder": climb,
        "approvals": Approvals(
            raise_severity=leads, lower_severity=leads, owner=leads, external_text=leads, close=leads
        ),
    }
    return SeverityRow(**usual | changes)


def called(*roles: str) -> tuple[Engagement, ...]:
    return tuple(Engagement(role=Role(role)) for role in roles)


LEGAL = Engagement(
    role=Role("legal_liaison"),
    any_of=(When(at_least={Dimension.DATA: 2}), When(at_least={Dimension.REGULATORY: 2})),
)
COMMS = Engagement(role=Role("comms_lead"), any_of=(When(customer_visible=True),))
SPONSOR = Engagement(role=Role("executive_sponsor"), inform_only=True)
SEVERITIES = {
    Severity.SEV1: row(
        "incident_manager",
        5,
        rungs(
            step("primary", wait=5),
            step("backup", wait=5),
            step("l3", wait=5),
            step("executive_sponsor", wait=5),
            repeat=4,
            alarm=15,
        ),
        (*called("incident_manager", "l3", "technical_lead", "comms_lead"), SPONSOR, LEGAL),
        contain=minutes(60),
        resolve=minutes(240),
        internal_update=minutes(15),
        external_update=minutes(15),
        executive_brief=minutes(15),
        next_step_within=minutes(15),
        ack_lease=minutes(30),
        settle_unknown=minutes(30),
    ),
    Severity.SEV2: row(
        "incident_manager",
        15,
        rungs(
            step("primary", wait=15),
            step("backup", "incident_manager", wait=15),
            step("l3", wait=15),
            step(wait=15, inform=("executive_sponsor",)),
            repeat=3,
            alarm=60,
        ),
        (*called("incident_manager", "l2"), COMMS, LEGAL),
        contain=minutes(240),
        resolve=minutes(720),
        internal_update=minutes(30),
        external_update=minutes(30),
        settle_unknown=minutes(30),
    ),
    Severity.SEV3: row(
        "l2",
        60,
        rungs(step("primary", wait=60), step("backup", wait=60), step("technical_lead", wait=60), repeat=2),
        (*called("l2"), COMMS, LEGAL),
        contain=Span(days=1, working=True),
        resolve=Span(days=3, working=True),
        internal_update=minutes(240),
        external_update=minutes(240),
    ),
    Severity.SEV4: row("l1", 240, rungs(step("primary", wait=240), step("backup", wait=240)), called("l1")),
    Severity.SEV5: row("l1", 1440, rungs(step("primary", wait=1440)), called("l1")),
}


def policy(
    roster: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    severities: Mapping[Severity, SeverityRow] = MappingProxyType({}),
) -> Policy:
    """The small pack; ``roster`` changes who holds a role: names for primary and backup, empty for a vacancy."""
    held = {**ROSTER, **roster}
    slots = {
        Role(role): Slot(
            primary=tuple(f"{n}@acme.example" for n in names[:1] if n),
            backup=tuple(f"{n}@acme.example" for n in names[1:] if n),
        )
        for role, names in held.items()
    }
    return Policy(
        version="small",
        organisation="Acme Cloud",
        owner=Role("incident_manager"),
        archive_after=Span(days=1),
        reopen_within_days=30,
        dimensions={
            dimension: DimensionRow(
                label=dimension.value.capitalize(),
                question=f"{dimension.value}?",
                scores=("none", "a little", "some", "much", "all"),
                unknown_counts=count,
                only_with_identity=dimension in (Dimension.IDENTITY, Dimension.BLAST),
            )
            for dimension, count in UNKNOWN_COUNTS.items()
        },
        severities={**SEVERITIES, **severities},
        roles={Role(role): RoleRow(label=role.replace("_", " ")) for role in held},
        roster=slots,
        channels=Channels(
            announcements="esc-incidents",
            catch_all="esc-catchall",
            customers="customer-updates",
            executives="executive-briefs",
        ),
        support_hours=HOURS,
        stages={},
    )


def directory(**changes: Any) -> Directory:
    """Everybody of Acme; ``caro={"is_active": False}`` changes one of them."""
    named = [name for names in ROSTER.values() for name in names]
    people = [
        replace(Person(id=user(n), name=n, email=f"{n}@acme.example"), **changes.get(n, {})) for n in named
    ]
    people.append(Person(id=UserId("UBOT"), name="bot", is_bot=True))
    people.append(Person(id=UserId("UEXT"), name="extern", is_external=True))
    return Directory(
        people={person.id: person for person in people},
        references={person.email: (person.id,) for person in people if person.email},
    )


def scores(**given: int | None) -> dict[Dimension, int | None]:
    return {Dimension(name): score for name, score in given.items()}
