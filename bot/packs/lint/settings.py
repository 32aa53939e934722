"""The general settings: channels, prefix, support hours, who is on the roster."""

import re

from bot.packs.lint.found import Found
from bot.packs.lint.zones import zone

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}|[CG][A-Z0-9]{6,}")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
PERSON = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[UWS][A-Z0-9]{6,}|@[\w.-]+")
PERSON_EXPECTED = "an e-mail address, a Slack user id (U...), a user group (@handle or S...)"


def check(found: Found) -> None:
    """Refuse channels, prefixes, hours and roster references that cannot be."""
    _roster(found)
    policy, hours = found.policy, found.policy.support_hours
    if not _PREFIX.fullmatch(policy.channel_prefix):
        found.refuse(
            ("channel_prefix",), repr(policy.channel_prefix), "up to 20 small letters, digits, - and _"
        )
    for name, channel in policy.channels.model_dump().items():
        if not _CHANNEL.fullmatch(channel):
            found.refuse(("channels", name), repr(channel), "a channel name without #, or a channel id")
    zone(found, ("support_hours", "timezone"), hours.timezone)
    if hours.opens >= hours.closes:
        found.refuse(
            ("support_hours", "closes"), f"{hours.closes:%H:%M}", f"a time after {hours.opens:%H:%M}"
        )
    if not hours.weekdays:
        found.refuse(("support_hours", "weekdays"), "no day", "at least one of mon to sun")
    found.span(("archive_after",), policy.archive_after)


def _roster(found: Found) -> None:
    for name, slot in found.policy.roster.items():
        found.role(("roster", name), name)
        for part in type(slot).model_fields:
            for at, reference in enumerate(getattr(slot, part)):
                if not reference.startswith("schedule/") and not PERSON.fullmatch(reference):
                    expected = f"{PERSON_EXPECTED} or schedule/<id>"
                    found.refuse(("roster", name, part, at), repr(reference), expected)
