"""`tocsin policy ready`: would a page arrive? From what the database knows, and with `--live` from what Slack says now."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import packs
from bot.cli import doctor
from bot.cli.audit import ask, opened
from bot.cli.policy.people import as_slack_says
from bot.cli.policy.versions import plain, workspace_of
from bot.clock import system_clock
from bot.domain.errors import InvalidInput, NotFound
from bot.domain.incident import Workspace
from bot.domain.moments import Moment
from bot.domain.policy import Policy
from bot.domain.readiness import Finding, Record
from bot.domain.roles import Directory
from bot.settings import HalfConfigured, Settings
from bot.usecases import readiness
from storage import people, policies
from storage.database import Database, StorageError, Tx

# Without these no page leaves at all; what else the doctor says is worth a look.
NEEDED = frozenset({"token", "scopes", "socket"})

# The doctor looks at the roster too, but not at who is asked when.
_SAID_HERE = frozenset({"roster"})


def run(directory: str | None, workspace: str | None, *, live: bool) -> int:
    """Print a line for each finding; 0 when a page would arrive, 1 when not, 2 when that cannot be told."""
    try:
        given = packs.load(Path(directory)) if directory else None
        with opened() as db:
            db.check()
            found, moments = _look(db, workspace_of(db, workspace), given, live=live)
    except packs.PackError as error:
        print(error, file=sys.stderr)
        return 1
    except (HalfConfigured, StorageError, NotFound, InvalidInput) as error:
        print(f"tocsin: {error}", file=sys.stderr)
        return 2
    _show(found, moments)
    return 1 if any(finding.urgent for finding in found) else 0


def _look(
    db: Database, here: Workspace, given: Policy | None, *, live: bool
) -> tuple[tuple[Finding, ...], tuple[Moment, ...]]:
    now = system_clock()
    policy, directory, record = ask(db, _known, here, given)
    if not live:
        return readiness.looked(policy, directory, record, now)
    settings = Settings.load()
    settings.require(None)
    directory, more = asyncio.run(_ask_slack(settings, policy, directory))
    # Where the bot is was asked of Slack just now; what the database remembers of it may be older.
    found, moments = readiness.looked(policy, directory, replace(record, channels=None), now)
    return tuple(sorted((*more, *found), key=lambda finding: not finding.urgent)), moments


def _known(tx: Tx, here: Workspace, given: Policy | None) -> tuple[Policy, Directory, Record]:
    now = system_clock()
    policy = given or policies.active(tx, here)
    return policy, people.directory(tx, here, now), readiness.record(tx, here, now)


async def _ask_slack(
    settings: Settings, policy: Policy, directory: Directory
) -> tuple[Directory, list[Finding]]:
    """Return the people as Slack knows them now, and what the doctor finds wrong with the app."""
    lines = await doctor.in_slack(settings, policy)
    found = [
        Finding(rule=line.what, urgent=line.what in NEEDED, says=line.says, todo="")
        for line in lines
        if not line.ok and line.what not in _SAID_HERE
    ]
    return await as_slack_says(settings, policy, directory), found


def _show(found: Sequence[Finding], moments: Sequence[Moment]) -> None:
    for finding in found:
        print(
            f"{'FIX ' if finding.urgent else 'look'} {finding.rule:<14} {plain(finding.says)} {finding.todo}".rstrip()
        )
    asked = ", ".join(f"{moment.name} ({moment.at:%Y-%m-%d %H:%M}Z)" for moment in moments)
    urgent = sum(finding.urgent for finding in found)
    verdict = "a page would arrive" if not urgent else f"a page might not arrive: {urgent} to put right"
    print(f"{'ok  ' if not urgent else 'NOT '} {verdict}. Looked at: {asked}.")
