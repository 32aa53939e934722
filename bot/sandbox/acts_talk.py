"""Acts which only change the workspace: talking, reacting, coming and going. The app hears of them by events."""

from bot.sandbox.acts import CannotAct, Outcome, must_be_in, typed
from bot.sandbox.delivery import Delivery
from bot.sandbox.state import Channel, Message, User


async def say(
    delivery: Delivery, user: User, text: str, channel: Channel, *, thread_ts: str | None = None
) -> Message:
    """Write a message (in a thread: under the message with that ts); return it once the app has heard it."""
    must_be_in(channel, user)
    words = typed(delivery.workspace, text)
    with delivery.noting() as heard:
        message = delivery.workspace.post(channel, user=user.id, text=words, thread_ts=thread_ts)
    await delivery.answered(heard)
    return message


async def rewrite(delivery: Delivery, user: User, message: Message, text: str) -> None:
    """Edit a message of one's own."""
    if message.user != user.id:
        raise CannotAct("Only the author can edit a message.")
    with delivery.noting() as heard:
        delivery.workspace.edit(message, text=typed(delivery.workspace, text))
    await delivery.answered(heard)


async def take_back(delivery: Delivery, user: User, message: Message) -> None:
    """Delete a message of one's own."""
    if message.user != user.id:
        raise CannotAct("Only the author can delete a message.")
    with delivery.noting() as heard:
        delivery.workspace.delete(message)
    await delivery.answered(heard)


async def react(delivery: Delivery, user: User, message: Message, emoji: str) -> None:
    """Add a reaction, or take it away when this person had added it before."""
    must_be_in(delivery.workspace.channels[message.channel], user)
    name = emoji.strip(":")
    with delivery.noting() as heard:
        if user.id in message.reactions.get(name, []):
            delivery.workspace.unreact(message, name, user=user.id)
        else:
            delivery.workspace.react(message, name, user=user.id)
    await delivery.answered(heard)


async def join(delivery: Delivery, user: User, channel: Channel) -> None:
    """Join a public channel."""
    if channel.is_private and user.id not in channel.members:
        raise CannotAct("A private channel is joined by invitation only.")
    if channel.is_archived:
        raise CannotAct(f"#{channel.name} is archived, so nobody can join it.")
    with delivery.noting() as heard:
        delivery.workspace.join(channel, user.id)
    await delivery.answered(heard)


async def leave(delivery: Delivery, user: User, channel: Channel) -> None:
    """Leave a channel."""
    must_be_in(channel, user)
    with delivery.noting() as heard:
        delivery.workspace.leave(channel, user.id)
    await delivery.answered(heard)


async def invite(delivery: Delivery, user: User, guest: User, channel: Channel) -> None:
    """Bring somebody (or the app) into a channel."""
    must_be_in(channel, user)
    with delivery.noting() as heard:
        delivery.workspace.join(channel, guest.id, inviter=user.id)
    await delivery.answered(heard)


async def remove(delivery: Delivery, user: User, member: User, channel: Channel) -> None:
    """Take somebody (or the app) out of a channel."""
    must_be_in(channel, user)
    if member.id not in channel.members:
        raise CannotAct(f"{member.name} is not in #{channel.name}.")
    with delivery.noting() as heard:
        delivery.workspace.leave(channel, member.id)
    await delivery.answered(heard)


async def set_archived(delivery: Delivery, user: User, channel: Channel, *, archived: bool) -> None:
    """Archive a channel, or bring an archived one back."""
    if user.id not in channel.members:
        raise CannotAct(f"{user.name} is not in #{channel.name}.")
    if channel.is_archived == archived:
        return
    change = delivery.workspace.archive if archived else delivery.workspace.unarchive
    with delivery.noting() as heard:
        change(channel, user=user.id)
    await delivery.answered(heard)


async def open_home(delivery: Delivery, user: User, *, tab: str = "home") -> Outcome:
    """Open the app's Home tab (or its ``messages`` tab)."""
    with delivery.noting() as heard:
        for payload in delivery.events.home_opened(user.id, tab):
            delivery.announce(payload)
    await delivery.answered(heard)
    return Outcome(answered=all(task.result().acknowledged for task in heard))
