"""What was right once: reviews that are overdue, runbooks nobody has opened, exceptions that have run out.

All of it only warns: a pack that was good yesterday must not stop a restart today.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from bot.domain.policy import Reviewed, Runbook
from bot.packs.lint.found import Found
from bot.packs.reading import Trail


def check(found: Found) -> None:
    """Warn of what is past its date; says nothing where the date does not matter (`Found.today` is None)."""
    today = found.today
    if today is None:
        return
    for path, row in _reviewed(found.policy, ()):
        if row.review_by is not None and row.review_by < today:
            last = f", last done on {row.reviewed_on}" if row.reviewed_on else ""
            found.warn(
                (*path, "review_by"), f"a review that was due on {row.review_by}{last}",
                "a later date once it was looked at", f"reviewed_on: {today}", rule="review",
            )  # fmt: skip
        if row.reviewed_on is not None and row.reviewed_on > today:
            found.warn(
                (*path, "reviewed_on"), f"a review on {row.reviewed_on}, which is still to come",
                "the day on which somebody looked at it", rule="review",
            )  # fmt: skip
    for name, service in found.policy.services.items():
        if service.runbook is not None:
            _runbook(found, ("services", name, "runbook"), service.runbook, today)
    for name, waiver in found.policy.exceptions.items():
        if waiver.expires_on < today:
            found.warn(
                ("exceptions", name, "expires_on"), f"an exception that ran out on {waiver.expires_on}",
                "it to be renewed by whoever may approve it, or taken out", rule="expired",
            )  # fmt: skip


def _runbook(found: Found, here: Trail, runbook: Runbook, today: date) -> None:
    _recent(found, (*here, "reviewed_on"), runbook.reviewed_on, "reviewed", today, rule="runbook")
    _recent(found, (*here, "exercised_on"), runbook.exercised_on, "tried out", today, rule="runbook")
    if runbook.plan_b is not None:
        _recent(
            found, (*here, "plan_b", "tested_on"), runbook.plan_b.tested_on, "tested", today, rule="plan-b"
        )


def _recent(found: Found, path: Trail, on: date | None, done: str, today: date, *, rule: str) -> None:
    stale = found.policy.runbook_stale_days
    said = f"never {done}" if on is None else f"last {done} on {on}, {(today - on).days} days ago"
    if on is None or (today - on).days > stale:
        found.warn(path, said, f"at most {stale} days ago", f"{path[-1]}: {today}", rule=rule)


def _reviewed(value: Any, path: Trail) -> Iterator[tuple[Trail, Reviewed]]:
    """Yield everything in the pack that carries a date by which to look at it again, with its place."""
    if isinstance(value, Reviewed):
        yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _reviewed(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            name = (
                key.name if isinstance(getattr(key, "value", None), int) else str(getattr(key, "value", key))
            )
            yield from _reviewed(inner, (*path, name))
    elif isinstance(value, tuple):
        for at, inner in enumerate(value):
            yield from _reviewed(inner, (*path, at))
