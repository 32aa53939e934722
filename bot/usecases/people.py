"""The people of a workspace and what the roster's references resolve to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import ladder
from bot.domain.incident import UserId, Workspace
from bot.domain.items import ItemState
from bot.domain.roles import Directory, Person
from bot.usecases import scene
from storage import audit, incidents, items
from storage import people as rows
from storage.database import Tx


def refresh(
    tx: Tx,
    workspace: Workspace,
    people: Sequence[Person],
    references: Mapping[str, tuple[UserId, ...]],
    *,
    now: datetime,
) -> None:
    """Store what Slack said of the roster; a slot that resolves to nobody leaves an audit row when that is news.

    Where somebody is found whom an exhausted ladder could not ask, that ladder is climbed again at once.
    """
    before = rows.directory(tx, workspace)
    rows.upsert(tx, workspace, people)
    rows.set_references(tx, workspace, references)
    for reference, ids in references.items():
        if not ids and before.references.get(reference.lower()) != ():
            audit.append(
                tx,
                workspace,
                "roster.vacant",
                actor="tocsin",
                data={"reference": reference},
                rule="roster.lookup",
                now=now,
            )
    if any(ids and not before.references.get(reference.lower()) for reference, ids in references.items()):
        _ask_again(tx, workspace, now)


def _ask_again(tx: Tx, workspace: Workspace, now: datetime) -> None:
    for incident in incidents.open_ones(tx, workspace):
        for item_id in (i.id for i in items.of_incident(tx, incident.id) if i.state is ItemState.EXHAUSTED):
            at, item = scene.of_item(tx, item_id, workspace, now)
            decision = ladder.refilled(at.incident, item, at.policy, at.directory, now)
            scene.conclude(tx, at, decision, actor="tocsin", now=now)


def person(tx: Tx, user: UserId, *, workspace: Workspace) -> Person | None:
    """Return somebody as last seen, or None for a stranger."""
    return rows.directory(tx, workspace).people.get(user)


def everyone(tx: Tx, *, workspace: Workspace) -> Directory:
    """Return the directory, for showing names."""
    return rows.directory(tx, workspace)
