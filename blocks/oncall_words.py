"""The sentences about who is on call: what was arranged, what came of an offer, what is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from blocks import kit, words
from blocks.view import View
from bot.domain.incident import Role
from bot.domain.policy import Policy

Data = Mapping[str, Any]


def place(policy: Policy, role: str, part: str) -> str:
    """Return a place on call as people read it: ``L2 platform``, or ``L2 platform (backup)``."""
    label = words.role(policy, Role(role))
    return label if part == "primary" else f"{label} ({kit.escape(part)})"


def span(one: Data) -> str:
    """Return "from Monday at 09:00 until Tuesday at 09:00", in each reader's own zone."""
    since, until = (datetime.fromisoformat(str(one[end])) for end in ("since", "until"))
    return f"from {kit.when(since)} until {kit.when(until)}"


def takes(policy: Policy, one: Data, reader: str = "", *, would: bool = False) -> str:
    """Return who is on call (or ``would`` be) as what and when; the reader is called you."""
    mine = one["user"] == reader
    verb = "would be" if would else "are" if mine else "is"
    who = "you" if mine else kit.mention(str(one["user"]))
    what = place(policy, str(one["role"]), str(one["part"]))
    return f"{who} {verb} on call as *{what}* {span(one)}"


def _taken(view: View, data: Data) -> str:
    reader, instead = str(data["reader"]), [user for user in data["instead"] if user != data["reader"]]
    if reader == data["user"]:
        others = f" instead of {kit.mentions(instead)}" if instead else ""
        return f":white_check_mark: {_first(takes(view.policy, data, reader))}{others}."
    return f"{_first(takes(view.policy, data, reader))}, instead of you."


def _accepted(view: View, data: Data) -> str:
    by = kit.mention(str(data["by"]))
    return f":white_check_mark: {by} accepted: {_all(view, data, would=False)}."


def _declined(view: View, data: Data) -> str:
    return f"{kit.mention(str(data['by']))} declined, so who is on call stays as it was. It was about: {_all(view, data)}."


def _withdrawn(view: View, data: Data) -> str:
    by = kit.mention(str(data["by"]))
    return f"{by} withdrew the offer, so who is on call stays as it was. It was about: {_all(view, data)}."


def _expired(view: View, data: Data) -> str:
    nobody = f"There was no answer of {kit.mentions(data['asked'])} in time"
    return f"{nobody}, so who is on call stays as it was. It was about: {_all(view, data)}."


def _cancelled(view: View, data: Data) -> str:
    what, again = place(view.policy, str(data["role"]), str(data["part"])), data["again"]
    back = f"{kit.mentions(again)} as the rota says" if again else "whoever the rota says"
    by, user = kit.mention(str(data["by"])), kit.mention(str(data["user"]))
    did = f"gave back *{what}*" if by == user else f"ended the time of {user} as *{what}*"
    return f"{by} {did}: {span(data)} it is {back} again."


def _has_it(view: View, data: Data) -> str:
    what = place(view.policy, str(data["role"]), str(data["part"]))
    who = kit.mention(str(data["by"]))
    return f":white_check_mark: {who} has the shift as *{what}* now. What you are asked for already stays yours until you answer."


def _gap(view: View, data: Data) -> str:
    what = place(view.policy, str(data["role"]), str(data["part"]))
    begun = any(gap["begun"] for gap in data["gaps"])
    lines = [
        f":warning: Nobody {'is' if begun else 'will be'} on call as *{what}*, and there is no fallback either:"
    ]
    lines += [f"• {span(gap)}{_gone(gap)}" for gap in data["gaps"]]
    lines += [f"• and {data['more']} more times in the next 30 days"] if data["more"] else []
    take = f"`/incident oncall take {kit.escape(str(data['role']))}`"
    lines.append(
        f"A page would find nobody then. Put somebody into the rota, give the role a fallback, or take it: {take}."
    )
    return "\n".join(lines)


def _gone(gap: Data) -> str:
    return f" ({kit.outside(', '.join(gap['members']), 200)} cannot be asked)" if gap["members"] else ""


def _feed(_view: View, data: Data) -> str:
    since = datetime.fromisoformat(str(data["since"]))
    label, why = kit.outside(str(data["label"]), 200), kit.outside(str(data["why"]), 500)
    head = f":warning: The calendar of *{label}* has not been readable since {kit.when(since)}: {why}"
    return f"{head} Its last good content goes on counting. Please mend the calendar or its address in the policy."


def _feed_restored(_view: View, data: Data) -> str:
    since = kit.when(datetime.fromisoformat(str(data["since"])))
    label = kit.outside(str(data["label"]), 200)
    return (
        f":white_check_mark: The calendar of *{label}*, which was not readable since {since}, is read again."
    )


def _all(view: View, data: Data, *, would: bool = True) -> str:
    every: Sequence[Data] = data["takes"]
    return "; ".join(takes(view.policy, one, str(data["reader"]), would=would) for one in every)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


SENTENCES: Mapping[str, Callable[[View, Data], str]] = {
    "oncall_taken": _taken,
    "oncall_accepted": _accepted,
    "oncall_declined": _declined,
    "oncall_withdrawn": _withdrawn,
    "oncall_expired": _expired,
    "oncall_cancelled": _cancelled,
    "oncall_has_it": _has_it,
    "oncall_gap": _gap,
    "oncall_feed": _feed,
    "oncall_feed_restored": _feed_restored,
}
