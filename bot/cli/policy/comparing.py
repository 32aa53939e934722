"""`tocsin policy diff`: what another version of a policy would change, in keys, in cases and for open incidents."""

import sys
from datetime import datetime
from pathlib import Path
from textwrap import wrap

from bot import packs
from bot.cli.audit import ask, opened
from bot.domain.errors import NotFound
from bot.domain.incident import Workspace
from bot.domain.policy import Policy
from bot.domain.policy_words import changes
from bot.rehearsal import beside, cast, comparing
from bot.settings import HalfConfigured
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage import incidents, workspaces
from storage.database import StorageError, Tx

SAME, DIFFERENT, TROUBLE = 0, 1, 2
SHOWN = 3


def run(old: str, new: str, *, now: datetime, every: bool = False, against_database: bool = False) -> int:
    """Print what differs; 0 when nothing does, 1 when something does, 2 for trouble, as `diff` does."""
    try:
        folder = old
        before = packs.load(Path(folder))
        folder = new
        after = packs.load(Path(folder))
    except packs.PackError as error:
        print(f"{folder}: {error}", file=sys.stderr)
        return TROUBLE
    if before.version == after.version:
        print(f"Both say the same: version {before.version[:12]}.")
    else:
        _tell(before, after, now, every)
    if against_database and (trouble := _open_incidents(after, now)):
        print(trouble, file=sys.stderr)
        return TROUBLE
    return SAME if before.version == after.version else DIFFERENT


def _tell(old: Policy, new: Policy, now: datetime, every: bool) -> None:
    print(f"Version {old.version[:12]} -> {new.version[:12]}\n")
    changed_keys = changes(old, new)
    print(f"{len(changed_keys)} key{'s' if len(changed_keys) != 1 else ''} changed")
    print(*(f"  {' '.join(line.split())}" for line in changed_keys), "", sep="\n")
    count, changed = comparing.compare(old, new, (cast.of_pack(old), cast.of_pack(new)), now)
    if not changed:
        print(f"None of {count} cases goes another way.")
        return
    print(f"{len(changed)} of {count} cases go another way")
    pages: dict[str, list[str]] = {}
    alike: dict[tuple[str, ...], list[str]] = {}
    for case in changed:
        pages[case.name] = list(beside.lines(case.before, case.after, old, new))
        alike.setdefault(beside.differing(pages[case.name]), []).append(case.name)
    shown = list(alike.values())[: None if every else SHOWN]
    for first, *others in shown:
        print(f"\n{first}", *pages[first], sep="\n")
        if every and others:
            print(
                *wrap(f"  In the same way: {'; '.join(others)}.", beside.WIDTH, subsequent_indent="    "),
                sep="\n",
            )
        elif others:
            print(f"  In the same way: {len(others)} more.")
    if rest := len(changed) - sum(map(len, shown)):
        print(f"\n{rest} more go yet other ways (--all shows each).")


def _open_incidents(new: Policy, now: datetime) -> str:
    """Print what moving each open incident to the new policy would change; return what is wrong, if anything is."""
    try:
        with opened() as db:
            db.check()
            scenes = ask(db, _scenes, now)
    except (HalfConfigured, StorageError, NotFound) as error:
        return f"tocsin: {error}"
    print(f"\n{len(scenes)} open incident{'' if len(scenes) == 1 else 's'} in the database")
    for at in scenes:
        said = comparing.if_moved(at.incident, at.items, at.policy, new, at.directory, now)
        title = "private" if at.incident.private else at.incident.title
        print(
            f"  {at.incident.key} {at.incident.severity.name} {title}: {'; '.join(said) or 'nothing changes'}"
        )
    return ""


def _scenes(tx: Tx, now: datetime) -> list[Scene]:
    found = []
    for team in workspaces.all_known(tx):
        workspace = Workspace(team_id=team)
        for incident in incidents.open_ones(tx, workspace):
            if not incident.is_desk:
                found.append(scene.of(tx, incident.id, workspace, now, for_update=False))
    return found
