"""Cursor pagination as Slack does it."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.sandbox.args import Args
from bot.sandbox.refused import Refused

T = TypeVar("T")


def page(
    items: Iterable[T],
    args: Args,
    *,
    key: Callable[[T], str],
    default: int = 100,
    most: int = 1000,
    newest_first: bool = False,
) -> tuple[list[T], str]:
    """The asked part of the items in the order of their keys, and the cursor of the next part.

    The cursor is empty at the end. It names the last key given, so what comes or goes meanwhile
    neither repeats nor skips anything. Raises `Refused`: invalid_limit outside 1 to `most`,
    invalid_cursor for one that we did not give.
    """
    limit = args.number("limit", default) or default
    if not 1 <= limit <= most:
        raise Refused("invalid_limit")
    last = _opened(args.text("cursor"))
    ordered = sorted(items, key=key, reverse=newest_first)
    rest = [item for item in ordered if not last or (key(item) < last if newest_first else key(item) > last)]
    return rest[:limit], _sealed(key(rest[limit - 1])) if len(rest) > limit else ""


def metadata(cursor: str) -> dict[str, Any]:
    """The part of an answer that carries the next cursor."""
    return {"response_metadata": {"next_cursor": cursor}}


def _sealed(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode()


def _opened(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        word, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_cursor") from None
    if word != "next":
        raise Refused("invalid_cursor")
    return key
