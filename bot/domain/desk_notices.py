"""What the desk sends to people directly, and the stamps that tell one occasion from the next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.decision import Notice, NoticeKind, direct
from bot.domain.incident import UserId
from bot.domain.items import Item


def cards(kind: NoticeKind, item: Item, users: Sequence[UserId], moment: str) -> tuple[Notice, ...]:
    """Return an item's card for each of these people, in their direct messages, as it looks at a ``moment`` of its life."""
    return tuple(
        Notice(
            kind=kind,
            to=direct(user),
            key=f"{item.id}/{moment}/{user}",
            item_id=item.id,
            data={"user": user, "moment": moment},
        )
        for user in dict.fromkeys(users)
    )


def lines(key: str, users: Sequence[UserId], line: str, data: dict[str, Any]) -> tuple[Notice, ...]:
    """Return one sentence for each of these people, in their direct messages."""
    return tuple(
        Notice(
            kind=NoticeKind.LINE,
            to=direct(user),
            key=f"{key}/{user}",
            data={"line": f"oncall_{line}", "reader": user, **data},
        )
        for user in dict.fromkeys(users)
    )


def stamp(moment: datetime) -> str:
    """Return a moment as part of a key."""
    return f"{moment:%Y%m%dT%H%M%S.%f}"
