"""One line in an incident's timeline."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from blocks import kit, oncall_words, policy_change, spans, stopline, threshold, words
from blocks.post import Post
from blocks.view import View
from bot.domain.incident import Severity, Stage

Data = Mapping[str, Any]


def draw(view: View, data: Data) -> Post:
    """Draw one line; its name says which sentence it is, and ``text`` is a sentence of its own."""
    sentence = SENTENCES.get(str(data.get("line", "")))
    text = sentence(view, data) if sentence else kit.outside(str(data.get("text", "")))
    text = text or words.name(view.incident)
    shown = kit.section if data.get("line") in oncall_words.SENTENCES else kit.context
    return kit.post(text, [shown(text)])


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

# What a target asks for.
MISSED: Mapping[str, str] = {"contain": "contained", "resolve": "resolved"}


def _not_invited(_view: View, data: Data) -> str:
    failed = ", ".join(
        f"{kit.mention(user)} ({NOT_INVITED.get(str(why)) or kit.outside(str(why), 100)})"
        for user, why in data.get("users", {}).items()
    )
    return f":warning: Could not be let in: {failed}. Please add them by hand or tell them another way."


def _severity_changed(view: View, data: Data) -> str:
    before, after = (words.severity(view.policy, Severity(int(data[end]))) for end in ("from", "to"))
    by = kit.mention(str(data["by"])) if data["by"] != "tocsin" else "Tocsin"
    return f"{by} changed the severity from {before} to *{after}*{_because(data)}"


def _lead_assigned(view: View, data: Data) -> str:
    by = kit.mention(str(data["by"]))
    return f"{kit.mention(str(data['user']))} leads *{words.name(view.incident)}* now, decided by {by}{_because(data)}"


def _step_done(_view: View, data: Data) -> str:
    by, at = kit.mention(str(data["by"])), datetime.fromisoformat(str(data["at"]))
    return f":white_check_mark: {by} finished at {kit.when(at, at)}: {kit.outside(str(data['step']), 500)}"


def _gate_overridden(view: View, data: Data) -> str:
    to = words.stage(view.policy, Stage(str(data["to"])))
    what = kit.outside(str(data["what"]), 800)
    return f":warning: {kit.mention(str(data['by']))} moves on to {to} without: {what}{_because(data)}"


def _target_missed(view: View, data: Data) -> str:
    at = datetime.fromisoformat(str(data["due_at"]))
    what = MISSED.get(str(data["target"]), str(data["target"]))
    lead = kit.mention(str(data["lead"])) if data.get("lead") else "nobody"
    parts = [
        f":warning: {words.short(view.incident)} was to be {what} by {kit.when(at, at)} and is not. Lead: {lead}."
    ]
    if above := [str(user) for user in data.get("above", ())]:
        parts.append(f"{kit.mentions(above)}, as the next level: please decide what is needed.")
    if asked := [str(user) for user in data.get("reconsider", ())]:
        parts.append(
            f"{kit.mentions(asked)}: is it worse than {view.incident.severity.name}? `/incident sev` changes it."
        )
    return " ".join(parts)


def _threshold_crossed(view: View, data: Data) -> str:
    users = [str(user) for user in data.get("users", ())]
    said = threshold.says(view.policy, str(data["threshold"]), str(data["says"]), str(data["owner"]), users)
    return f":bell: {words.short(view.incident)}, threshold {said}"


def _action_approved(_view: View, data: Data) -> str:
    users, at = kit.mentions(str(user) for user in data["users"]), datetime.fromisoformat(str(data["at"]))
    name, what = kit.outside(str(data["name"]), 100), kit.outside(str(data["what"]), 800)
    return (
        f":white_check_mark: Approved by {users} at {kit.when(at, at)}, {name}: *{what}*. It may be done now."
    )


def _closed(view: View, data: Data) -> str:
    if "archive_at" not in data:  # written by an earlier version
        return kit.outside(str(data.get("text", "")))
    at, lasted = datetime.fromisoformat(str(data["archive_at"])), spans.lasted(int(data["minutes"]))
    return f"{view.incident.key} is closed after {lasted}. This channel is archived {kit.when(at)}."


def _because(data: Data) -> str:
    reason = str(data.get("reason") or "").rstrip(".")
    return f": {kit.outside(reason, 500)}." if reason else "."


SENTENCES: Mapping[str, Callable[[View, Data], str]] = {
    "not_invited": _not_invited,
    "severity_changed": _severity_changed,
    "lead_assigned": _lead_assigned,
    "stop_fired": stopline.fired,
    "stop_lifted": stopline.lifted,
    "step_done": _step_done,
    "gate_overridden": _gate_overridden,
    "target_missed": _target_missed,
    "threshold_crossed": _threshold_crossed,
    "action_approved": _action_approved,
    "closed": _closed,
    "policy_in_force": policy_change.said_in_force,
    "policy_reviewed": policy_change.said_reviewed,
    "policy_moved": policy_change.said_moved,
    **oncall_words.SENTENCES,
}
