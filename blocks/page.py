"""Asking a person: the page, the nag, and the alarm when nobody answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import ids, kit, offer, words
from blocks.post import Post
from blocks.view import View
from bot.domain import ladder, repeats
from bot.domain.items import Item, ItemKind, ItemState, Reason


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Ask somebody to take it: what it is, as what, by when, why they, and who is next.

    Once it is answered, the same copy shows who has it and offers nothing.
    """
    if view.item is None or data.get("inform"):
        return _informed(view, data)
    item, users = view.item, _users(view.item, data)
    role, name = words.role(view.policy, item.role), words.name(view.incident)
    if words.is_asked(item) and repeats.is_asked_again(item, data):
        return _asked_again(view, item, users)
    lines = [f"{kit.mentions(users)}, you are asked to take *{name}* as {role}.", _by_when(view, item, data)]
    if late := int(data.get("late_seconds") or 0):
        lines.append(
            f"This was due {late // 60} minutes earlier; it runs late because the bot was not running then."
        )
    return _page(view, item, lines, data, why=_reason(item, data, users))


def draw_nag(view: View, data: Mapping[str, Any]) -> Post:
    """Remind whoever is asked, halfway to the next person."""
    if view.item is None:
        return _informed(view, data)
    item, users = view.item, _users(view.item, data)
    if words.is_asked(item) and repeats.is_asked_again(item, data):
        return _asked_again(view, item, users)
    duty = words.duty(view.policy, item)
    lines = [
        f"{kit.mentions(users)}, *{words.name(view.incident)}* still waits for you: {duty}.",
        _by_when(view, item, data),
    ]
    if words.is_asked(item) and _passed_on(item, data):
        lines[0] = f"{kit.mentions(users)}, *{words.name(view.incident)}* waited for you: {duty}."
    return _page(view, item, lines, data)


def draw_alarm(view: View, data: Mapping[str, Any]) -> Post:
    """Say loudly that everybody on the ladder was asked and nobody has answered.

    ``outside`` says that it stands outside the incident's own channel, where a private one is not named.
    """
    if view.item is None:
        return _informed(view, data)
    item = view.item
    if words.is_asked(item) and (item.is_open or repeats.is_overtaken(item, data)):
        return _alarm_before(view, item, data)
    if view.incident.private and data.get("outside"):
        return _alarm_outside(view, item)
    lines = [
        f":rotating_light: *Nobody has answered for {words.name(view.incident)}.*",
        f"Asked as {words.role(view.policy, item.role)}: {kit.mentions(item.asked)}.",
        "Anybody who can take it: press Acknowledge. If you know somebody who can, call them now.",
    ]
    return _page(view, item, lines, data)


def _asked_again(view: View, item: Item, users: Sequence[str]) -> Post:
    role, name = words.role(view.policy, item.role), words.name(view.incident)
    text = (
        f"Asked earlier to take *{name}* as {role}: {kit.mentions(users)}. Asked again since, further down."
    )
    return kit.post(text, [kit.section(text)])


def _alarm_before(view: View, item: Item, data: Mapping[str, Any]) -> Post:
    outside = view.incident.private and data.get("outside")
    name = f"the {words.masked(view.incident)}" if outside else words.name(view.incident)
    since = (
        f"now asked: {kit.mentions(item.holders)}" if item.is_open else "the alarm has sounded again since"
    )
    text = f"Nobody had answered for {name} as {words.role(view.policy, item.role)}; {since}."
    return kit.post(text, [kit.section(text)])


def _alarm_outside(view: View, item: Item) -> Post:
    name, role = f"the {words.masked(view.incident)}", words.role(view.policy, item.role)
    if not words.is_asked(item):
        text = f":white_check_mark: For {name}, an answer as {role} is no longer needed."
        return kit.post(text, [kit.section(text)])
    lines = [
        f":rotating_light: *Nobody has answered for {name}.*",
        f"Asked as {role}: {kit.mentions(item.asked)}.",
        "If you know one of them, or who can stand in, call them now.",
    ]
    return kit.post(" ".join(lines), [kit.section("\n".join(lines))])


def _page(
    view: View, item: Item, lines: Sequence[str], data: Mapping[str, Any], *, why: str | None = None
) -> Post:
    if item.is_over and not words.is_asked(item):
        return _over(view, item)
    if item.kind is ItemKind.ACKNOWLEDGE and item.answered_by is not None:
        return _over(view, item)
    blocks: list[Block] = [kit.section("\n".join(lines)), kit.context(_where(view), *([why] if why else []))]
    return kit.post(" ".join(lines), [*blocks, *kit.buttons(offers(view, item, data))])


def offers(view: View, item: Item, data: Mapping[str, Any] | None = None) -> list[ButtonElement]:
    """Return what can be answered, by what is owed; a copy whose people are no longer asked (``data``) has no Decline."""
    match item.kind:
        case ItemKind.ACKNOWLEDGE:
            may_decline = item.is_open and not _passed_on(item, data or {})
            return [
                kit.button("Acknowledge", ids.ACKNOWLEDGE, item.id, style="primary"),
                *([kit.button("Decline", ids.DECLINE, item.id)] if may_decline else []),
                kit.button("Escalate now", ids.ESCALATE_NOW, item.id, style="danger"),
            ]
        case ItemKind.NEXT_STEP:
            done = (
                [kit.button("Done", ids.STEP_DONE, item.id, style="primary")]
                if item.details.get("text")
                else []
            )
            return [*done, kit.button("Next step", ids.NEXT_STEP, view.incident.id)]
        case ItemKind.UPDATE:
            return [kit.button("Post update", ids.POST_UPDATE, view.incident.id, style="primary")]
        case ItemKind.SETTLE:
            return [kit.button("Settle", ids.SETTLE, view.incident.id, style="primary")]
        case ItemKind.TASK:
            return [kit.button("Done", ids.TASK_DONE, item.id, style="primary")]
        case ItemKind.OFFER:
            return offer.answers(item)
        case ItemKind.HANDOVER:
            return [kit.button("I have it", ids.SHIFT_TAKEN, item.id, style="primary")]
        case ItemKind.APPROVAL:
            return []


def _over(view: View, item: Item) -> Post:
    role, name = words.role(view.policy, item.role), words.name(view.incident)
    if item.kind is not ItemKind.ACKNOWLEDGE:
        text = words.settled(view.policy, item, name)
    elif item.answered_by is not None:
        since = f" since {kit.when(item.answered_at, item.asked_at)}" if item.answered_at else ""
        text = f":white_check_mark: {kit.mention(item.answered_by)} has *{name}* as {role}{since}."
    else:
        text = f"*{name}*: an answer as {role} is no longer needed."
    return kit.post(text, [kit.section(text), kit.context(_where(view))])


def _informed(view: View, data: Mapping[str, Any]) -> Post:
    users = [str(user) for user in data.get("users", ())]
    for_whom = f"{kit.mentions(users)}, for" if users else "For"
    text = f"{for_whom} your information: *{words.name(view.incident)}*. You owe no answer."
    why = kit.outside(view.incident.severity_reason, 1000)
    return kit.post(text, [kit.section(text), kit.context(_where(view), *([why] if why else []))])


def _users(item: Item, data: Mapping[str, Any]) -> Sequence[str]:
    return [str(user) for user in data.get("users", ())] or item.holders


def _passed_on(item: Item, data: Mapping[str, Any]) -> bool:
    """Say whether nobody is asked any more whom this copy asked: the one person whose own it is, or all in a channel."""
    place = str(data.get("place", repeats.CHANNEL))
    asked = _users(item, data) if place == repeats.CHANNEL else [place]
    return bool(item.holders) and not set(asked) & set(item.holders)


def _by_when(view: View, item: Item, data: Mapping[str, Any]) -> str:
    if item.state is ItemState.EXHAUSTED:
        return "Everybody on the ladder was asked and nobody has answered: whoever can take it, please do."
    if item.due_at is None:
        return "Please answer now."
    if not words.is_asked(item):
        return f"It is due by {kit.when(item.due_at, item.asked_at)}."
    if _passed_on(item, data):
        return f"Asked in your place: {kit.mentions(repeats.asked_after(item, data))}. You can still take it."
    line = f"Answer by {kit.when(item.due_at, item.asked_at)}"
    then, _ = ladder.next_asked(item, view.incident, view.policy, view.directory)
    new = [user for user in then if user not in item.holders]
    return f"{line}; then {kit.mentions(new)} will be asked." if new else f"{line}."


def _reason(item: Item, data: Mapping[str, Any], users: Sequence[str]) -> str:
    try:
        reason = Reason(data["reason"])
    except (KeyError, ValueError):
        reason = item.reason
    if reason is Reason.LEASE and item.details.get("resume") and set(users) <= set(item.holders):
        return (
            "Why you: you had it, and nothing was heard from you for a while. If you still have it, say so."
        )
    return f"Why you: {words.WHY_ASKED[reason]}."


def _where(view: View) -> str:
    where = view.incident.channel_id
    place = kit.channel(where) if where else "you are let into its channel as soon as it is there"
    return f"{place} · stage {words.stage(view.policy, view.incident.stage)}"
