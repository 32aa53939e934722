"""Column types that behave alike on SQLite and PostgreSQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, ``timestamptz`` in PostgreSQL, sortable text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # Every row has several moments and documents: in SQLite they are written and read without the general machinery.
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return self._as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def _as_text(self, value: datetime | None) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry a time zone")
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Json(TypeDecorator[Any]):
    """A JSON document: ``jsonb`` in PostgreSQL, text in SQLite. ``None`` is SQL's NULL."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _document_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _document if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class Prose(TypeDecorator[str]):
    """Text that people wrote: what a database cannot hold is replaced instead of refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else clean(value)


def dumps(value: Any) -> str:
    """Return compact JSON that both databases accept.

    PostgreSQL refuses NUL characters and lone surrogates in text; they are replaced, so that one strange
    character from outside cannot make an incident unsaveable. Not-a-number is refused with `ValueError`.
    """
    text = json.dumps(value, default=_plain, separators=(",", ":"), allow_nan=False)
    if "\\u0000" in text or "\\ud" in text:
        text = json.dumps(_cleaned(json.loads(text)), separators=(",", ":"))
    return text


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _document_text(value: Any) -> str | None:
    return None if value is None else dumps(value)


def _document(text: str | None) -> Any:
    if text is None:
        return None
    if text == "[]":
        return []
    return {} if text == "{}" else _decode(text)


_decode = json.JSONDecoder().decode


def plain(value: Any) -> Any:
    """Return the value as the database will give it back: lists for tuples, values for enumerations."""
    return json.loads(dumps(value))


def clean(text: str) -> str:
    """Return text that both databases can hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(inner) for inner in value]
        case dict():
            return {clean(key): _cleaned(inner) for key, inner in value.items()}
        case _:
            return value


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Enum():
            return value.value
        case BaseModel():
            return value.model_dump(mode="json")
        case set() | frozenset():
            return sorted(value)
        case _ if hasattr(value, "items"):
            return dict(value.items())
        case _:
            raise TypeError(f"{type(value).__name__} cannot be stored as JSON")
