"""Slash commands and shortcuts: what the manifest offers, and what happens when a person uses it."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.sandbox import payloads
from bot.sandbox.acts import CannotAct, Outcome, failed, typed
from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.state import Channel, Message, User


def commands(delivery: Delivery) -> list[Mapping[str, Any]]:
    """Return the slash commands of the manifest: ``command``, ``description``, ``usage_hint``, ``should_escape``."""
    return list(delivery.host.manifest.get("features", {}).get("slash_commands", ()))


def shortcuts(delivery: Delivery, kind: Literal["global", "message"]) -> list[Mapping[str, Any]]:
    """Return the shortcuts of one kind in the manifest: ``name``, ``callback_id``, ``description``."""
    offered = delivery.host.manifest.get("features", {}).get("shortcuts", ())
    return [shortcut for shortcut in offered if shortcut.get("type") == kind]


async def run_command(
    delivery: Delivery, user: User, command: str, text: str, channel: Channel, *, in_thread: bool = False
) -> Outcome:
    """Run ``/command text`` in a channel and show what the app answers within three seconds."""
    known = next((known for known in commands(delivery) if known["command"] == command), None)
    if known is None:
        return _refused(delivery, user, f"{command} is not a valid command.")
    if in_thread:
        return _refused(delivery, user, f"{command} is not supported in threads. Sorry!")
    if channel.is_archived or user.id not in channel.members:
        raise CannotAct(f"{user.name} cannot write in #{channel.name}.")
    fields = payloads.slash_command(
        delivery.workspace,
        user,
        channel,
        command=command,
        text=typed(delivery.workspace, text.strip(), labels=True, names=bool(known.get("should_escape"))),
        trigger_id=delivery.triggers.issue(user.id),
        response_url=delivery.response_urls.issue(user=user.id, channel=channel.id),
    )
    answer = await delivery.ask(Parcel(kind="slash_commands", payload=fields, takes_answer=True))
    if not answer.acknowledged:
        return failed(delivery, user, answer, command + ' failed with the error "{error}"')
    if answer.body:
        delivery.response_urls.say(channel, user.id, answer.body)
    return Outcome()


async def use_shortcut(delivery: Delivery, user: User, name: str) -> Outcome:
    """Use a global shortcut, given by its name in the menu or its callback id."""
    payload = payloads.shortcut(
        delivery.workspace,
        user,
        callback_id=_callback(delivery, "global", name),
        trigger_id=delivery.triggers.issue(user.id),
    )
    return await _interact(delivery, user, payload)


async def use_message_shortcut(delivery: Delivery, user: User, name: str, message: Message) -> Outcome:
    """Use a message shortcut from the menu of a message."""
    payload = payloads.message_action(
        delivery.workspace,
        user,
        delivery.workspace.channels[message.channel],
        message,
        callback_id=_callback(delivery, "message", name),
        trigger_id=delivery.triggers.issue(user.id),
        response_url=delivery.response_urls.issue(
            user=user.id, channel=message.channel, message_ts=message.ts
        ),
    )
    return await _interact(delivery, user, payload)


async def _interact(delivery: Delivery, user: User, payload: Mapping[str, Any]) -> Outcome:
    answer = await delivery.ask(Parcel(kind="interactive", payload=payload))
    if answer.acknowledged:
        return Outcome()
    return failed(delivery, user, answer, "The app did not answer in time ({error}). Try again.")


def _callback(delivery: Delivery, kind: Literal["global", "message"], name: str) -> str:
    offered = shortcuts(delivery, kind)
    for shortcut in offered:
        if name in (shortcut["name"], shortcut["callback_id"]):
            return str(shortcut["callback_id"])
    names = ", ".join(f"{shortcut['name']!r}" for shortcut in offered) or "none"
    raise CannotAct(f"There is no {kind} shortcut {name!r}; the manifest offers {names}.")


def _refused(delivery: Delivery, user: User, note: str) -> Outcome:
    delivery.screens.note(user.id, note)
    return Outcome(answered=False, note=note)
