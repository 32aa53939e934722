"""What every table shares: one naming convention, and which workspace a row belongs to."""

from typing import Any, ClassVar, cast

from sqlalchemy import Index, MetaData, Table, text
from sqlmodel import Field, SQLModel


class Row(SQLModel):
    """The root of all tables; every row says which workspace (and which enterprise grid) it belongs to."""

    metadata: ClassVar[Any] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )

    team_id: str = Field(max_length=32)
    enterprise_id: str | None = Field(default=None, max_length=32)


def core(row: type[Row]) -> Table:
    """Return the Core table behind a row class: the hot paths speak Core."""
    return cast(Table, cast(Any, row).__table__)


def partial(name: str, *columns: str, where: str) -> Index:
    """Return an index of only the rows that ``where`` holds for, on either database."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
