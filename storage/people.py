"""Who is in a workspace, and what the references of a roster stand for."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select, update

from bot.domain.incident import UserId, Workspace
from bot.domain.roles import Directory, Person
from storage.statements import upsert as upsert_into
from storage.tables import PERSON, PERSON_REFERENCE
from storage.transaction import Tx


def directory(tx: Tx, ws: Workspace) -> Directory:
    """Return everybody known in a workspace."""
    people = (
        Person(
            id=row.id,
            name=row.name,
            email=row.email,
            tz=row.tz,
            is_bot=row.is_bot,
            is_active=row.is_active,
            is_external=row.is_external,
        )
        for row in tx.execute(select(PERSON).where(PERSON.c.team_id == ws.team_id))
    )
    references = tx.execute(select(PERSON_REFERENCE).where(PERSON_REFERENCE.c.team_id == ws.team_id))
    return Directory(
        people={person.id: person for person in people},
        references={row.reference: tuple(row.user_ids) for row in references},
    )


def person(tx: Tx, ws: Workspace, user: UserId) -> Person | None:
    """Return one person, if they were ever seen."""
    row = tx.execute(select(PERSON).where(PERSON.c.team_id == ws.team_id, PERSON.c.id == user)).first()
    if row is None:
        return None
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        tz=row.tz,
        is_bot=row.is_bot,
        is_active=row.is_active,
        is_external=row.is_external,
    )


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


def deactivate(tx: Tx, ws: Workspace, user: UserId) -> None:
    """Remember that somebody has left: they hold no role from now on."""
    leaver = (PERSON.c.team_id == ws.team_id) & (PERSON.c.id == user)
    tx.execute(update(PERSON).where(leaver).values(is_active=False))
