"""Exceptions: a trigger that does not count for one asset, for a while."""

from datetime import date, timedelta

from bot.domain.policy import Policy, Waiver


def pausing(policy: Policy, trigger: str, asset: str, on: date) -> str:
    """Return the exception that pauses a trigger for an asset on a day; on the day it expires it still does."""
    for name, waiver in policy.exceptions.items():
        if waiver.trigger == trigger and waiver.asset == asset and is_active(waiver, on):
            return name
    return ""


def is_active(waiver: Waiver, on: date) -> bool:
    """Tell whether an exception counts on a day."""
    return waiver.granted_on <= on <= waiver.expires_on


def longest(policy: Policy, waiver: Waiver) -> timedelta | None:
    """Return how long an exception from its trigger may last; None when the policy has no such trigger."""
    row = policy.triggers.get(waiver.trigger)
    return None if row is None else timedelta(days=row.exception_days)
