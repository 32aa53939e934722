"""The state of one workspace, and the acts that change it."""

import copy
from collections.abc import Iterable
from typing import Any

from bot.sandbox.blocks import with_ids
from bot.sandbox.directory import Directory
from bot.sandbox.records import (
    Block,
    Bookmark,
    Change,
    Channel,
    File,
    Message,
    Note,
    Pin,
    User,
    UserGroup,
    View,
)

__all__ = [
    "Block",
    "Bookmark",
    "Change",
    "Channel",
    "File",
    "Message",
    "Note",
    "Pin",
    "User",
    "UserGroup",
    "View",
    "Workspace",
]


class Workspace(Directory):
    """Everything a Slack workspace remembers.

    The acts here only do what they are told: who may do what is decided by the Web API for the
    app and by the acts of people. Every change is announced to all watchers before the act returns.
    """

    def create_channel(self, name: str, *, user: str, is_private: bool = False) -> Channel:
        channel = Channel(
            id=self.fresh("C"),
            name=name,
            creator=user,
            created=self.now(),
            is_private=is_private,
            members=[user],
        )
        self.channels[channel.id] = channel
        self.tell("channel_created", channel=channel, user=user)
        return channel

    def rename(self, channel: Channel, name: str, *, user: str) -> None:
        previous, channel.name = channel.name, name
        channel.previous_names.append(previous)
        self.tell("channel_rename", channel=channel, user=user, previous=previous)
        self._note(
            channel, user, "channel_name", f"renamed the channel to {name}", old_name=previous, name=name
        )

    def archive(self, channel: Channel, *, user: str) -> None:
        self._note(channel, user, "channel_archive", "archived the channel")
        channel.is_archived = True
        self.tell("channel_archive", channel=channel, user=user)

    def unarchive(self, channel: Channel, *, user: str) -> None:
        channel.is_archived = False
        self.tell("channel_unarchive", channel=channel, user=user)
        self._note(channel, user, "channel_unarchive", "un-archived the channel")

    def join(self, channel: Channel, user: str, *, inviter: str | None = None) -> None:
        """Add a member, and the line everybody sees about it; nothing when already in."""
        if user in channel.members:
            return
        channel.members.append(user)
        self.tell("member_joined_channel", channel=channel, user=user, inviter=inviter)
        extra = {"inviter": inviter} if inviter else {}
        self._note(channel, user, "channel_join", f"<@{user}> has joined the channel", **extra)

    def leave(self, channel: Channel, user: str) -> None:
        channel.members.remove(user)
        self.tell("member_left_channel", channel=channel, user=user)
        self._note(channel, user, "channel_leave", f"<@{user}> has left the channel")

    def set_topic(self, channel: Channel, topic: str, *, user: str) -> None:
        channel.topic = Note(value=topic, creator=user, last_set=self.seconds())
        self.tell("channel_topic", channel=channel, user=user)
        self._note(channel, user, "channel_topic", f"set the channel topic: {topic}", topic=topic)

    def set_purpose(self, channel: Channel, purpose: str, *, user: str) -> None:
        channel.purpose = Note(value=purpose, creator=user, last_set=self.seconds())
        self.tell("channel_purpose", channel=channel, user=user)
        self._note(channel, user, "channel_purpose", f"set the channel purpose: {purpose}", purpose=purpose)

    def _note(self, channel: Channel, user: str, subtype: str, text: str, **extra: Any) -> Message:
        return self.post(channel, user=user, text=text, subtype=subtype, extra=extra)

    def post(
        self,
        channel: Channel,
        *,
        user: str,
        text: str = "",
        blocks: Iterable[Block] = (),
        ephemeral_to: str | None = None,
        **fields: Any,
    ) -> Message:
        """Write a message as this user; `fields` are the other fields of `Message`."""
        author = self.users[user]
        message = Message(
            ts=self.stamp(),
            channel=channel.id,
            user=user,
            text=text,
            blocks=with_ids(blocks),
            bot_id=author.bot_id,
            app_id=author.app_id,
            ephemeral_to=ephemeral_to,
            **fields,
        )
        if message.thread_ts in channel.messages:
            channel.messages[message.thread_ts].thread_ts = message.thread_ts
        channel.messages[message.ts] = message
        self.tell("ephemeral" if ephemeral_to else "message", channel=channel, message=message)
        return message

    def edit(self, message: Message, **fields: Any) -> None:
        """Replace fields of a message (text, blocks, metadata ...) and mark it edited by its author."""
        previous = copy.deepcopy(message)
        if "blocks" in fields:
            fields["blocks"] = with_ids(fields["blocks"])
        for name, value in fields.items():
            setattr(message, name, value)
        message.edited = {"user": message.user, "ts": self.stamp()}
        channel = self.channels[message.channel]
        self.tell("message_changed", channel=channel, message=message, previous=previous)

    def delete(self, message: Message) -> None:
        message.deleted = True
        channel = self.channels[message.channel]
        channel.pins = [pin for pin in channel.pins if pin.ts != message.ts]
        self.tell("message_deleted", channel=channel, message=message)

    def react(self, message: Message, name: str, *, user: str) -> None:
        message.reactions.setdefault(name, []).append(user)
        self._reacted("reaction_added", message, name, user)

    def unreact(self, message: Message, name: str, *, user: str) -> None:
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reacted("reaction_removed", message, name, user)

    def _reacted(self, kind: str, message: Message, name: str, user: str) -> None:
        self.tell(kind, channel=self.channels[message.channel], message=message, user=user, name=name)

    def pin(self, channel: Channel, message: Message, *, user: str) -> None:
        channel.pins.insert(0, Pin(ts=message.ts, created_by=user, created=self.seconds()))
        self.tell("pin_added", channel=channel, message=message, user=user)

    def unpin(self, channel: Channel, message: Message, *, user: str) -> None:
        channel.pins = [pin for pin in channel.pins if pin.ts != message.ts]
        self.tell("pin_removed", channel=channel, message=message, user=user)

    def add_bookmark(self, channel: Channel, bookmark: Bookmark) -> None:
        channel.bookmarks.append(bookmark)
        self.tell("bookmark_added", channel=channel, bookmark=bookmark)

    def remove_bookmark(self, channel: Channel, bookmark: Bookmark) -> None:
        channel.bookmarks.remove(bookmark)
        self.tell("bookmark_removed", channel=channel, bookmark=bookmark)
