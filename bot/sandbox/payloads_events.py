"""What happened in the workspace, as the events that Slack sends to an app which subscribed to them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from bot.sandbox.payloads import TOKEN, view_body
from bot.sandbox.payloads_message import channel_type, message_body
from bot.sandbox.state import Change, Channel, Message, Workspace

_MESSAGES = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Events:
    """Turns changes into event payloads: subscribed ones only, and only where the app is a member."""

    def __init__(self, *, workspace: Workspace, manifest: Mapping[str, Any]) -> None:
        self._workspace = workspace
        subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
        self._subscribed = frozenset(subscriptions.get("bot_events", ()))
        self._numbers = count(1)
        self._makers: dict[str, Callable[[Mapping[str, Any]], Iterator[tuple[str, dict[str, Any]]]]] = {
            "message": self._message,
            "message_changed": self._message_changed,
            "message_deleted": self._message_deleted,
            "reaction_added": lambda data: self._reaction("reaction_added", data),
            "reaction_removed": lambda data: self._reaction("reaction_removed", data),
            "pin_added": lambda data: self._pin("pin_added", data),
            "pin_removed": lambda data: self._pin("pin_removed", data),
            "member_joined_channel": lambda data: self._member("member_joined_channel", data),
            "member_left_channel": self._left,
            "channel_created": self._created,
            "channel_rename": self._renamed,
            "channel_archive": lambda data: self._archived("archive", data),
            "channel_unarchive": lambda data: self._archived("unarchive", data),
            "file_shared": self._file_shared,
        }

    def payloads(self, change: Change) -> list[dict[str, Any]]:
        """Return the payloads, mostly none or one, that this change sends to the app."""
        maker = self._makers.get(change.kind)
        if maker is None:
            return []
        return [self.payload(event) for name, event in maker(change.data) if name in self._subscribed]

    def home_opened(self, user: str, tab: str = "home") -> list[dict[str, Any]]:
        """Return the payload for a person opening the app's Home (or ``messages``) tab."""
        if "app_home_opened" not in self._subscribed:
            return []
        home = self._workspace.views.homes.get(user)
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": user,
            "channel": self._workspace.dm(user, self._workspace.bot.id).id,
            "tab": tab,
            "event_ts": self._workspace.stamp(),
        }
        if home is not None and tab == "home":
            event["view"] = view_body(self._workspace, home)
        return [self.payload(event)]

    def payload(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Put an event into its envelope, with an id of its own."""
        workspace = self._workspace
        place = event.get("channel", "")
        context = f"4-{event['type']}-{workspace.team_id}-{place if isinstance(place, str) else place['id']}"
        return {
            "token": TOKEN,
            "team_id": workspace.team_id,
            **({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}),
            "api_app_id": workspace.bot.app_id,
            "event": dict(event),
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08d}",
            "event_time": workspace.seconds(),
            "authorizations": [
                {
                    "enterprise_id": workspace.enterprise_id,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": context,
        }

    def _within(self, channel: Channel) -> bool:
        return self._workspace.bot.id in channel.members

    def _message(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel, message = data["channel"], data["message"]
        if not self._within(channel):
            return
        event = self._placed(channel, message_body(self._workspace, message), message.ts)
        yield _MESSAGES[channel_type(channel)], event
        if f"<@{self._workspace.bot.id}" in message.text and not message.bot_id and not message.subtype:
            mention = {name: value for name, value in event.items() if name != "channel_type"}
            yield "app_mention", {**mention, "type": "app_mention"}

    def _message_changed(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from self._hidden(
            data["channel"],
            data["message"],
            {
                "subtype": "message_changed",
                "message": message_body(self._workspace, data["message"]),
                "previous_message": message_body(self._workspace, data["previous"]),
            },
        )

    def _message_deleted(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        message = data["message"]
        previous = message_body(self._workspace, message)
        extra = {"subtype": "message_deleted", "previous_message": previous, "deleted_ts": message.ts}
        yield from self._hidden(data["channel"], message, extra)

    def _hidden(
        self, channel: Channel, message: Message, extra: Mapping[str, Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        if self._within(channel) and message.ephemeral_to is None:
            ts = self._workspace.stamp()
            body = {"type": "message", **extra, "hidden": True, "ts": ts}
            yield _MESSAGES[channel_type(channel)], self._placed(channel, body, ts)

    def _placed(self, channel: Channel, body: Mapping[str, Any], ts: str) -> dict[str, Any]:
        return {**body, "channel": channel.id, "event_ts": ts, "channel_type": channel_type(channel)}

    def _reaction(self, kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        message: Message = data["message"]
        if self._within(data["channel"]):
            yield (
                kind,
                {
                    "type": kind,
                    "user": data["user"],
                    "item": {"type": "message", "channel": message.channel, "ts": message.ts},
                    "reaction": data["name"],
                    "item_user": message.user,
                    "event_ts": self._workspace.stamp(),
                },
            )

    def _pin(self, kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel, message = data["channel"], data["message"]
        if self._within(channel):
            item = {
                "type": "message",
                "created": self._workspace.seconds(),
                "created_by": data["user"],
                "channel": channel.id,
                "message": message_body(self._workspace, message),
            }
            yield (
                kind,
                {
                    "type": kind,
                    "user": data["user"],
                    "channel_id": channel.id,
                    "item": item,
                    "item_user": message.user,
                    "pin_count": len(channel.pins),
                    "event_ts": self._workspace.stamp(),
                },
            )

    def _member(self, kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel = data["channel"]
        if self._within(channel):
            inviter = data.get("inviter")
            yield (
                kind,
                {
                    "type": kind,
                    "user": data["user"],
                    "channel": channel.id,
                    "channel_type": "G" if channel.is_private else "C",
                    "team": self._workspace.users[data["user"]].team_id,
                    **({"inviter": inviter} if inviter else {}),
                    "event_ts": self._workspace.stamp(),
                },
            )

    def _left(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel = data["channel"]
        if data["user"] == self._workspace.bot.id:
            kind = "group_left" if channel.is_private else "channel_left"
            event = {"type": kind, "channel": channel.id, "actor_id": data["user"]}
            yield kind, event | {"event_ts": self._workspace.stamp()}
        else:
            yield from self._member("member_left_channel", data)

    def _created(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel: Channel = data["channel"]
        if channel.is_private:
            return
        about = {
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_archived": False,
            "is_general": channel.is_general,
            "creator": channel.creator,
        }
        body = {"type": "channel_created", "channel": {**self._named(channel), **about}}
        yield "channel_created", body | {"event_ts": self._workspace.stamp()}

    def _renamed(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel = data["channel"]
        if self._within(channel):
            kind = "group_rename" if channel.is_private else "channel_rename"
            named = {**self._named(channel), "is_channel": not channel.is_private, "is_mpim": channel.is_mpim}
            yield kind, {"type": kind, "channel": named, "event_ts": self._workspace.stamp()}

    def _named(self, channel: Channel) -> dict[str, Any]:
        created = int(channel.created.timestamp())
        return {"id": channel.id, "name": channel.name, "name_normalized": channel.name, "created": created}

    def _archived(self, what: str, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel = data["channel"]
        if self._within(channel):
            kind = f"{'group' if channel.is_private else 'channel'}_{what}"
            event = {"type": kind, "channel": channel.id, "user": data["user"]}
            yield kind, event | {"event_ts": self._workspace.stamp()}

    def _file_shared(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        channel, file = data["channel"], data["file"]
        if self._within(channel):
            yield (
                "file_shared",
                {
                    "type": "file_shared",
                    "channel_id": channel.id,
                    "file_id": file.id,
                    "user_id": file.user,
                    "file": {"id": file.id},
                    "event_ts": self._workspace.stamp(),
                },
            )
