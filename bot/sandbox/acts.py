"""What every act of a person has in common: who and where, what comes of it, and why it may not be done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.delivery import Answer, Delivery
from bot.sandbox.state import Channel, User, Workspace

_SAFE = re.compile(r"<(?:@[UW]\w+|#C\w+|!subteam\^S\w+)(?:\|[^<>]*)?>")
_NAMED = re.compile(r"(?<![\w.])([@#])([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])")
_BROADCASTS = ("here", "channel", "everyone")


class CannotAct(Exception):
    """An act that Slack's own window does not let a person do; the text says why in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a person noticed at once: that the app answered, a note of Slack, errors under fields by block id."""

    answered: bool = True
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """Escape ``&``, ``<`` and ``>`` as Slack does with everything people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(workspace: Workspace, text: str, *, labels: bool = False, names: bool = True) -> str:
    """Return typed text as Slack keeps it: escaped, with ``@ana`` and ``#general`` turned into mentions.

    With ``labels`` a mention carries its name (``<@U0ANA|ana>``), as in commands with ``should_escape``. Mentions
    already written as ``<@U0ANA>`` stay; without ``names`` words are left alone.
    """
    parts: list[str] = []
    end = 0
    for safe in _SAFE.finditer(text):
        parts += [_mentions(workspace, text[end : safe.start()], labels, names), safe.group()]
        end = safe.end()
    return "".join([*parts, _mentions(workspace, text[end:], labels, names)])


def _mentions(workspace: Workspace, text: str, labels: bool, names: bool) -> str:
    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        target = _target(workspace, sign, name)
        shown = f"@{name}" if target.startswith("!subteam") else name
        if not target:
            return match.group()
        return f"<{target}|{shown}>" if labels else f"<{target}>"

    return _NAMED.sub(mention, escape(text)) if names else escape(text)


def _target(workspace: Workspace, sign: str, name: str) -> str:
    if sign == "#":
        channel = workspace.channel_named(name)
        return f"#{channel.id}" if channel else ""
    if name in _BROADCASTS:
        return f"!{name}"
    for user in workspace.users.values():
        if user.name == name:
            return f"@{user.id}"
    for group in workspace.usergroups.values():
        if group.handle == name:
            return f"!subteam^{group.id}"
    return ""


def must_be_in(channel: Channel, user: User) -> None:
    """Raise `CannotAct` unless this person can write in this channel now."""
    if channel.is_archived:
        raise CannotAct(f"#{channel.name} is archived, so nobody can write there.")
    if user.id not in channel.members:
        raise CannotAct(f"{user.name} is not in #{channel.name}. Join it first.")


def failed(delivery: Delivery, user: User, answer: Answer, words: str) -> Outcome:
    """Tell a person that the app did not answer; ``words`` may hold ``{error}`` for Slack's code."""
    error = "operation_timeout" if answer.reason == "http_timeout" else "dispatch_failed"
    note = words.format(error=error)
    delivery.screens.note(user.id, note)
    return Outcome(answered=False, note=note)
