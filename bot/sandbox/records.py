"""What a workspace is made of: people, channels, messages, views and the change notes about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Block: TypeAlias = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot; `team_id` of another team means an outsider met in a shared channel."""

    id: str
    name: str
    real_name: str
    email: str
    team_id: str
    title: str = ""
    tz: str = "Etc/UTC"
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False

    @property
    def is_external(self) -> bool:
        return self.is_stranger

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; `channel` is an id, `reactions` maps an emoji name to the ids who chose it.

    `ephemeral_to` is set when only that person sees it. A deleted message stays, marked, so that
    a stale copy of it can still be clicked. `extra` holds the fields of its `subtype`.
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    metadata: dict[str, Any] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: dict[str, str] | None = None
    ephemeral_to: str | None = None
    deleted: bool = False
    files: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def in_thread(self) -> bool:
        """A reply that shows only in its thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts and not self.reply_broadcast


@dataclass(slots=True, kw_only=True)
class Note:
    """A topic or a purpose: what, by whom, when (unix seconds)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True, kw_only=True)
class Pin:
    """A pinned message: its ts, who pinned it and when (unix seconds)."""

    ts: str
    created_by: str
    created: int


@dataclass(slots=True, kw_only=True)
class Bookmark:
    """A link at the top of a channel."""

    id: str
    channel: str
    title: str
    link: str | None
    type: str
    emoji: str
    created: int
    updated: int
    last_updated_by: str
    parent_id: str | None = None
    entity_id: str | None = None
    access_level: str | None = None


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel or a direct conversation; `messages` is keyed by ts, oldest first."""

    id: str
    name: str
    creator: str
    created: datetime
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_general: bool = False
    is_archived: bool = False
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    members: list[str] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What sort of conversation this is; a group conversation is `mpim`, though it is private too."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "private" if self.is_private else "public"

    def seen_by(self, user: str) -> list[Message]:
        """Every message this person sees here, oldest first, threads included."""
        return [m for m in self.messages.values() if not m.deleted and m.ephemeral_to in (None, user)]

    def replies(self, ts: str) -> list[Message]:
        """The replies under a message, oldest first, without the message itself."""
        return [
            m
            for m in self.messages.values()
            if m.thread_ts == ts and m.ts != ts and not m.deleted and m.ephemeral_to is None
        ]


@dataclass(slots=True, kw_only=True)
class View:
    """A modal or a Home tab of one person.

    `state` is what the person has entered, as Slack reports it:
    `{block_id: {action_id: {"type": ..., ...}}}`.
    """

    id: str
    type: str
    user: str
    hash: str
    body: dict[str, Any]
    root_view_id: str
    previous_view_id: str | None = None
    state: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Block]:
        blocks: list[Block] = self.body.get("blocks", [])
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id") or "")

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")

    @property
    def private_metadata(self) -> str:
        return str(self.body.get("private_metadata") or "")


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """A group of people who are mentioned together."""

    id: str
    handle: str
    name: str
    users: list[str]
    created: datetime
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class File:
    """A file, complete once `shared` names the channels it was put in (or it was kept private)."""

    id: str
    name: str
    user: str
    length: int
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed, told to every watcher at once and in order.

    kind and keys of `data` (the values are the live records):
    message, ephemeral: channel, message. message_changed: channel, message, previous (a copy).
    message_deleted: channel, message. reaction_added, reaction_removed: channel, message, user, name.
    pin_added, pin_removed: channel, message, user. bookmark_added, bookmark_changed,
    bookmark_removed: channel, bookmark. channel_created, channel_archive, channel_unarchive,
    channel_topic, channel_purpose: channel, user. channel_rename: channel, user, previous.
    im_created: channel. member_joined_channel: channel, user, inviter. member_left_channel: channel, user.
    view_opened, view_pushed, view_updated, view_closed, home_published: user, view.
    file_shared: channel, file, message.
    """

    kind: str
    data: Mapping[str, Any]
