"""One line in an incident's timeline."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from blocks import kit, words
from blocks.post import Post
from blocks.view import View
from bot.domain.incident import Severity

Data = Mapping[str, Any]


def draw(view: View, data: Data) -> Post:
    """Draw one line; its name says which sentence it is, and ``text`` is a sentence of its own."""
    sentence = SENTENCES.get(str(data.get("line", "")))
    text = sentence(view, data) if sentence else kit.outside(str(data.get("text", "")))
    text = text or words.name(view.incident)
    return kit.post(text, [kit.context(text)])


# What Slack's codes mean to the person who reads the line.
NOT_INVITED: Mapping[str, str] = {
    "cant_invite": "Slack does not allow it",
    "no_external_invite_permission": "belongs to another company",
    "org_user_not_in_team": "is not in this workspace",
    "ura_max_channels": "a guest who can be in no more channels",
    "user_is_restricted": "a guest",
    "user_is_ultra_restricted": "a guest of a single channel",
    "user_not_found": "is not in this workspace",
}


def _not_invited(_view: View, data: Data) -> str:
    failed = ", ".join(
        f"{kit.mention(user)} ({NOT_INVITED.get(str(why)) or kit.outside(str(why), 100)})"
        for user, why in data.get("users", {}).items()
    )
    return f":warning: Could not be let in: {failed}. Please add them by hand or tell them another way."


def _severity_changed(view: View, data: Data) -> str:
    before, after = (words.severity(view.policy, Severity(int(data[end]))) for end in ("from", "to"))
    return f"{kit.mention(str(data['by']))} changed the severity from {before} to *{after}*{_because(data)}"


def _lead_assigned(view: View, data: Data) -> str:
    by = kit.mention(str(data["by"]))
    return f"{kit.mention(str(data['user']))} leads *{words.name(view.incident)}* now, decided by {by}{_because(data)}"


def _step_done(_view: View, data: Data) -> str:
    by, at = kit.mention(str(data["by"])), datetime.fromisoformat(str(data["at"]))
    return f":white_check_mark: {by} finished at {kit.when(at, at)}: {kit.outside(str(data['step']), 500)}"


def _because(data: Data) -> str:
    reason = str(data.get("reason") or "").rstrip(".")
    return f": {kit.outside(reason, 500)}." if reason else "."


SENTENCES: Mapping[str, Callable[[View, Data], str]] = {
    "not_invited": _not_invited,
    "severity_changed": _severity_changed,
    "lead_assigned": _lead_assigned,
    "step_done": _step_done,
}
