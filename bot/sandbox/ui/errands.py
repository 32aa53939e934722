"""What a person does on the page, carried out by the same acts that the Python driver uses."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from bot.sandbox import acts_click, acts_command, acts_form, acts_talk
from bot.sandbox.acts import CannotAct, Outcome
from bot.sandbox.payloads_inputs import INPUTS
from bot.sandbox.state import Channel, Message, User, View
from bot.sandbox.ui.live import Live

Body: TypeAlias = Mapping[str, Any]
Reply: TypeAlias = dict[str, Any]

LONGEST_SKIP = timedelta(days=31)
GONE = "That is no longer there; the page shows what is."


async def do(live: Live, name: str, who: User, body: Body) -> Reply:
    """Carry out one errand; ``error`` in the reply says in a sentence why it could not be done.

    Raises KeyError when there is no errand of this name.
    """
    errand = ERRANDS[name]
    try:
        return {"ok": True, **await errand(live, who, body)}
    except CannotAct as refusal:
        return {"ok": False, "error": str(refusal)}


async def _say(live: Live, who: User, body: Body) -> Reply:
    text = str(body.get("text", "")).strip()
    if not text:
        raise CannotAct("Write something first.")
    thread = body.get("thread_ts")
    await acts_talk.say(live.stage.delivery, who, text, _channel(live, who, body), thread_ts=thread or None)
    return {}


async def _command(live: Live, who: User, body: Body) -> Reply:
    outcome = await acts_command.run_command(
        live.stage.delivery,
        who,
        str(body["command"]),
        str(body.get("text", "")),
        _channel(live, who, body),
        in_thread=bool(body.get("thread_ts")),
    )
    return _reply(outcome)


async def _shortcut(live: Live, who: User, body: Body) -> Reply:
    return _reply(await acts_command.use_shortcut(live.stage.delivery, who, str(body["callback_id"])))


async def _message_shortcut(live: Live, who: User, body: Body) -> Reply:
    message = _message(live, who, body)
    return _reply(
        await acts_command.use_message_shortcut(live.stage.delivery, who, str(body["callback_id"]), message)
    )


async def _click(live: Live, who: User, body: Body) -> Reply:
    target = _target(live, who, body)
    entry = body.get("value") or {}
    kind = target.element["type"]
    if kind == "feedback_buttons":
        target = replace(target, element={**target.element, "value": entry["value"]})
    value = entry.get(INPUTS[kind][0]) if kind in INPUTS else entry.get("selected_option")
    return _reply(await acts_click.click(live.stage.delivery, who, target, value))


async def _suggest(live: Live, who: User, body: Body) -> Reply:
    target = _target(live, who, body)
    return {"options": await acts_click.suggest(live.stage.delivery, who, target, str(body.get("typed", "")))}


async def _submit(live: Live, who: User, body: Body) -> Reply:
    view = _view(live, who, body)
    view.state = _entered(body)
    return _reply(await acts_form.submit(live.stage.delivery, who, view))


async def _close(live: Live, who: User, body: Body) -> Reply:
    view = _view(live, who, body)
    return _reply(await acts_form.close(live.stage.delivery, who, view, whole_stack=bool(body.get("all"))))


async def _react(live: Live, who: User, body: Body) -> Reply:
    await acts_talk.react(live.stage.delivery, who, _message(live, who, body), str(body["name"]))
    return {}


async def _pin(live: Live, who: User, body: Body) -> Reply:
    message = _message(live, who, body)
    channel = live.stage.workspace.channels[message.channel]
    pinned = any(pin.ts == message.ts for pin in channel.pins)
    change = live.stage.workspace.unpin if pinned else live.stage.workspace.pin
    change(channel, message, user=who.id)
    return {}


async def _join(live: Live, who: User, body: Body) -> Reply:
    channel = live.stage.workspace.channels.get(str(body["channel"]))
    if channel is None:
        raise CannotAct(GONE)
    await acts_talk.join(live.stage.delivery, who, channel)
    return {}


async def _invite(live: Live, who: User, body: Body) -> Reply:
    guest = live.stage.workspace.users[str(body["guest"])]
    await acts_talk.invite(live.stage.delivery, who, guest, _channel(live, who, body))
    return {}


async def _leave(live: Live, who: User, body: Body) -> Reply:
    await acts_talk.leave(live.stage.delivery, who, _channel(live, who, body))
    return {}


async def _open_home(live: Live, who: User, body: Body) -> Reply:
    return _reply(await acts_talk.open_home(live.stage.delivery, who, tab=str(body.get("tab", "home"))))


async def _read(live: Live, who: User, body: Body) -> Reply:
    live.read(who, str(body["channel"]), str(body["ts"]))
    return {}


async def _skip(live: Live, _: User, body: Body) -> Reply:
    stage = live.stage
    if stage.skip is None:
        raise CannotAct("This clock cannot be moved.")
    if body.get("to") == "next_due":
        due = await stage.next_due() if stage.next_due else None
        if due is None:
            raise CannotAct("Nothing is due.")
        by = max(due - stage.clock(), timedelta())
    else:
        by = timedelta(seconds=float(body["seconds"]))
    if not timedelta() <= by <= LONGEST_SKIP:
        raise CannotAct(f"The clock moves forward, by {LONGEST_SKIP.days} days at most.")
    await stage.skip(by)
    await live.tick()
    return {"now": stage.clock().timestamp()}


def _channel(live: Live, who: User, body: Body) -> Channel:
    channel = live.stage.workspace.channels.get(str(body["channel"]))
    if channel is None or who.id not in channel.members:
        raise CannotAct("You are not in this channel. Join it first.")
    return channel


def _message(live: Live, who: User, body: Body) -> Message:
    message = _channel(live, who, body).messages.get(str(body["ts"]))
    if message is None or message.deleted or message.ephemeral_to not in (None, who.id):
        raise CannotAct(GONE)
    return message


def _view(live: Live, who: User, body: Body) -> View:
    views = live.stage.workspace.views
    for view in (*views.stack(who.id), *filter(None, [views.homes.get(who.id)])):
        if view.id == body["view"]:
            return view
    raise CannotAct(GONE)


def _target(live: Live, who: User, body: Body) -> acts_click.Target:
    place = _view(live, who, body) if "view" in body else _message(live, who, body)
    _enter(live, who, place, body)
    for target in acts_click.targets(place):
        same = (target.block["block_id"], target.element["action_id"], target.element["type"])
        if same == (body["block_id"], body["action_id"], body["type"]):
            return target
    raise CannotAct(GONE)


def _enter(live: Live, who: User, place: View | Message, body: Body) -> None:
    if isinstance(place, View):
        place.state = _entered(body)
        return
    chosen = live.stage.delivery.screens.chosen(who.id, place)
    chosen.clear()
    chosen.update(_entered(body))


def _entered(body: Body) -> dict[str, dict[str, dict[str, Any]]]:
    values = body.get("values") or {}
    return {
        str(block): {str(action): dict(entry) for action, entry in actions.items() if entry["type"] in INPUTS}
        for block, actions in values.items()
    }


def _reply(outcome: Outcome) -> Reply:
    reply: Reply = {"ok": outcome.answered}
    return reply | ({"errors": dict(outcome.errors)} if outcome.errors else {})


ERRANDS: Mapping[str, Callable[[Live, User, Body], Awaitable[Reply]]] = {
    "say": _say,
    "command": _command,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "click": _click,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "react": _react,
    "pin": _pin,
    "join": _join,
    "invite": _invite,
    "leave": _leave,
    "open_home": _open_home,
    "read": _read,
    "skip": _skip,
}
