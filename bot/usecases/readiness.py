"""Looking whether a page would arrive, and saying so every week."""

from dataclasses import asdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import moments, readiness, roles
from bot.domain.decision import (
    CATCH_ALL,
    Decision,
    Fact,
    Notice,
    NoticeKind,
    Timer,
    TimerKind,
    direct,
)
from bot.domain.incident import Workspace
from bot.domain.moments import Moment
from bot.domain.policy import Policy
from bot.domain.readiness import Finding, Record
from bot.domain.roles import Directory
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage import channels, people
from storage import readiness as rows
from storage.database import Tx

# When the week's report comes, by the clock of the support hours, and how many findings its card holds.
AT = time(9)
WEEK = timedelta(days=7)
MOST = 20


def look(
    tx: Tx, policy: Policy, *, workspace: Workspace, now: datetime
) -> tuple[tuple[Finding, ...], tuple[Moment, ...]]:
    """Look with what the database knows; nothing is changed and Slack is not asked."""
    directory = people.directory(tx, workspace, now)
    return looked(policy, directory, record(tx, workspace, now), now)


def looked(
    policy: Policy, directory: Directory, known: Record, now: datetime
) -> tuple[tuple[Finding, ...], tuple[Moment, ...]]:
    """Return what stands in the way of a page, and at which moments that was asked."""
    at = moments.of_interest(policy, now)
    return readiness.findings(policy, directory, at, known, now), at


def record(tx: Tx, workspace: Workspace, now: datetime) -> Record:
    """Load what the workspace remembers."""
    known = channels.named(tx, workspace)
    return Record(
        asked=rows.asked_since(tx, workspace, now - readiness.LOOK_BACK),
        channels=frozenset((*known, *known.values())),
        since=rows.begun(tx, workspace),
        last_drill=rows.last_drill(tx, workspace),
    )


def fell_due(tx: Tx, at: Scene, now: datetime) -> None:
    """Report to the policy's owner and to the catch-all channel, and set the next report."""
    found, asked = look(tx, at.policy, workspace=at.incident.workspace, now=now)
    scene.conclude(tx, at, reported(at, found, asked, now), actor="tocsin", now=now)


def reported(at: Scene, found: tuple[Finding, ...], asked: tuple[Moment, ...], now: datetime) -> Decision:
    """Return the report, to be said once however often this week's is asked for."""
    urgent = sum(finding.urgent for finding in found)
    shown = {
        "at": now.isoformat(),
        "findings": [asdict(finding) for finding in found[:MOST]],
        "more": max(0, len(found) - MOST),
        "moments": [{"name": moment.name, "at": moment.at.isoformat()} for moment in asked],
    }
    owners = roles.holders(at.policy, at.directory, at.policy.owner)
    told = (CATCH_ALL, *(direct(person.id) for person in owners))
    fact = {
        "ready": urgent == 0,
        "urgent": urgent,
        "findings": len(found),
        "rules": sorted({f.rule for f in found}),
    }
    return Decision(
        incident=at.incident,
        facts=(Fact(kind="readiness.reported", data=fact, rule="readiness.weekly"),),
        notices=tuple(
            Notice(
                kind=NoticeKind.READINESS,
                to=to,
                key=f"{at.incident.id}/readiness/{now:%Y-%m-%d}/{to}",
                data=shown,
            )
            for to in told
        ),
        timers=(next_report(at, now),),
    )


def next_report(at: Scene, now: datetime) -> Timer:
    """Return the timer of the next report: Monday morning."""
    zone = ZoneInfo(at.policy.support_hours.timezone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    morning = datetime.combine(monday, AT, zone)
    while morning <= now:
        monday += WEEK
        morning = datetime.combine(monday, AT, zone)
    return Timer(kind=TimerKind.READINESS, incident_id=at.incident.id, at=morning.astimezone(now.tzinfo))
