"""Slack failing on purpose: each call of a method is struck once, and what it cost is measured on the story's clock."""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from bot.sandbox import Fault, Sandbox
from bot.sandbox.dispatch import Call
from bot.sandbox.faults import Kind
from storage.database import Tx
from storage.tables import OUTBOX

Trouble = Literal[
    "rate_limited", "server_error_before", "server_error_after", "abort_before", "abort_after", "timeout"
]
TROUBLES: tuple[Trouble, ...] = (
    "rate_limited",
    "server_error_before",
    "server_error_after",
    "abort_before",
    "abort_after",
    "timeout",
)
# Slack asks for this much patience; other numbers in the table are the bot's own.
RETRY_AFTER = 5
# What differs when the same thing is asked again.
_AGAIN = ("trigger_id", "hash", "view_id", "cursor")


@dataclass(slots=True)
class Disturbance:
    """One kind of trouble with one method: every call that was not made before is struck the first time.

    ``patience`` is how long the bot waits for an answer, in real seconds; a timeout is a call that takes longer.
    ``most`` is how many calls are struck in all.
    """

    sandbox: Sandbox
    method: str
    trouble: Trouble
    patience: float = 0.5
    most: int = 1000
    struck: int = 0
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sandbox.faults.on_call(self._called)

    async def _called(self, moment: str, method: str, args: Mapping[str, Any]) -> None:
        if moment != "before" or method != self.method or not self._is_new(args):
            return
        self.struck += 1
        if self.trouble == "timeout":
            # The answer comes, and the effect with it, when nobody waits for it any more.
            await asyncio.sleep(self.patience * 1.5)
        else:
            self.sandbox.faults.add(Fault(_kind(self.trouble), self.method, retry_after=RETRY_AFTER))

    def _is_new(self, args: Mapping[str, Any]) -> bool:
        if self.struck >= self.most:
            return False
        what = _what(args)
        if what in self._seen:
            return False
        self._seen.add(what)
        return True


def order_of(tx: Tx, keys: Collection[str]) -> list[str]:
    """Return these keys in the order in which they were decided."""
    return [
        row.key
        for row in tx.execute(select(OUTBOX.c.key).where(OUTBOX.c.key.in_(keys)).order_by(OUTBOX.c.id))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How long the outbox held what was ready to go, on the story's clock."""

    rows: int
    late: int
    worst: timedelta


def delivered(tx: Tx) -> Delivered:
    """Look at every row of the outbox that was settled."""
    waits = [
        _moment(row.done_at) - max(_moment(row.created_at), _moment(row.not_before or row.created_at))
        for row in tx.execute(select(OUTBOX.c.created_at, OUTBOX.c.not_before, OUTBOX.c.done_at))
        if row.done_at is not None
    ]
    late = [wait for wait in waits if wait > timedelta(0)]
    return Delivered(rows=len(waits), late=len(late), worst=max(late, default=timedelta(0)))


def redrawn(calls: Sequence[Call]) -> timedelta:
    """Return the longest time from a redraw that failed to the next one of the same copy that did not."""
    waits = [timedelta(0)]
    failed: dict[object, datetime] = {}
    for call in calls:
        if call.method != "chat.update":
            continue
        copy = (call.args.get("channel"), call.args.get("ts"))
        if not call.ok:
            failed.setdefault(copy, call.at)
        elif copy in failed:
            waits.append(call.at - failed.pop(copy))
    return max(waits)


def _what(args: Mapping[str, Any]) -> str:
    """Tell one call from another; a form is the same form however it is filled in."""
    view = args.get("view")
    if isinstance(view, Mapping):
        return str(view.get("callback_id") or view.get("title") or view["type"])
    return json.dumps({name: args[name] for name in args if name not in _AGAIN}, sort_keys=True, default=str)


def _kind(trouble: Trouble) -> Kind:
    assert trouble != "timeout", "a timeout is made by being slow"
    return trouble


def _moment(at: Any) -> datetime:
    assert isinstance(at, datetime), at
    return at
