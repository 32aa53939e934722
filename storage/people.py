"""Who is in a workspace, and what the references of a roster stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, select

from bot.domain.incident import UserId, Workspace
from bot.domain.roles import Directory, Person
from storage import marks, oncall
from storage.statements import upsert as upsert_into
from storage.tables import PERSON, PERSON_REFERENCE
from storage.transaction import Tx

_KNOWN: WeakKeyDictionary[Engine, dict[str, tuple[int, Directory]]] = WeakKeyDictionary()


def directory(tx: Tx, ws: Workspace, at: datetime | None = None) -> Directory:
    """Return everybody known in a workspace, and who is on duty at a moment (none: only who they are matters).

    Every rule asks for it and it seldom changes, so the last one is kept beside a mark that each change renews: what is
    kept is as fresh as what is stored, in every replica.
    """
    mark = marks.of(tx, ws, marks.PEOPLE)
    kept = _KNOWN.setdefault(tx.connection.engine, {})
    known = kept.get(ws.team_id)
    if known is not None and mark is not None and known[0] == mark:
        return replace(known[1], at=at)
    found = _load(tx, ws)
    if mark is not None:
        kept[ws.team_id] = (mark, found)
    return replace(found, at=at)


def _load(tx: Tx, ws: Workspace) -> Directory:
    people = map(_person, tx.execute(select(PERSON).where(PERSON.c.team_id == ws.team_id)))
    references = tx.execute(select(PERSON_REFERENCE).where(PERSON_REFERENCE.c.team_id == ws.team_id))
    return Directory(
        people={person.id: person for person in people},
        references={row.reference: tuple(row.user_ids) for row in references},
        duty=oncall.duty(tx, ws),
    )


def person(tx: Tx, ws: Workspace, user: UserId) -> Person | None:
    """Return one person, if they were ever seen."""
    row = tx.execute(select(PERSON).where(PERSON.c.team_id == ws.team_id, PERSON.c.id == user)).first()
    return None if row is None else _person(row)


def upsert(tx: Tx, ws: Workspace, people: Iterable[Person]) -> None:
    """Remember people as they are now."""
    rows = [
        {
            "team_id": ws.team_id,
            "enterprise_id": ws.enterprise_id,
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "tz": person.tz,
            "is_bot": person.is_bot,
            "is_active": person.is_active,
            "is_external": person.is_external,
        }
        for person in people
    ]
    if rows:
        tx.fast(upsert_into(tx, PERSON, "team_id", "id"), rows)
        marks.renew(tx, ws, marks.PEOPLE)


def set_references(tx: Tx, ws: Workspace, references: Mapping[str, Iterable[UserId]]) -> None:
    """Remember what these references stand for now; nobody is a valid answer."""
    rows = [
        {
            "team_id": ws.team_id,
            "enterprise_id": ws.enterprise_id,
            "reference": reference.lower(),
            "user_ids": list(users),
        }
        for reference, users in references.items()
    ]
    if rows:
        tx.fast(upsert_into(tx, PERSON_REFERENCE, "team_id", "reference"), rows)
        marks.renew(tx, ws, marks.PEOPLE)


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        tz=row.tz,
        is_bot=row.is_bot,
        is_active=row.is_active,
        is_external=row.is_external,
    )
