"""What every Web API method works with: the workspace as the app may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox import shapes
from bot.sandbox.args import Args
from bot.sandbox.records import Channel, Kind, Message, User
from bot.sandbox.refused import Refused
from bot.sandbox.state import Workspace


class Trigger(Protocol):
    """The permission to show one person a form."""

    @property
    def user(self) -> str: ...


class Triggers(Protocol):
    """Checks and takes back trigger ids; a bad one raises `Refused` with Slack's code."""

    def check(self, trigger_id: str) -> Trigger: ...
    def exchange(self, trigger_id: str) -> Trigger: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The app's place in a workspace: what it was granted and what it can reach."""

    workspace: Workspace
    granted: frozenset[str]
    triggers: Triggers
    ticket: Callable[[], str]
    address: Callable[[], str]
    home_enabled: bool

    @property
    def bot(self) -> User:
        return self.workspace.bot

    def seen(self, channel_id: str) -> Channel:
        """The conversation with this id; one the app cannot see does not exist for it."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or (channel.is_private and self.bot.id not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def joined(self, channel_id: str) -> Channel:
        """The conversation with this id, of which the app is a member."""
        channel = self.seen(channel_id)
        if self.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def open_to_change(self, channel_id: str) -> Channel:
        """A conversation the app is a member of, and which is not archived."""
        channel = self.joined(channel_id)
        if channel.is_archived:
            raise Refused("is_archived")
        return channel

    def shown(self, channel: Channel) -> dict[str, Any]:
        """A conversation as the app is shown it, with what depends on who looks (`is_member`, whose direct one)."""
        return shapes.channel(self.workspace, channel, viewer=self.bot.id)

    def message(self, channel: Channel, ts: str) -> Message:
        found = self.workspace.message(channel, ts)
        if found is None:
            raise Refused("message_not_found")
        return found

    def user(self, user_id: str, error: str = "user_not_found") -> User:
        user = self.workspace.users.get(user_id)
        if user is None:
            raise Refused(error)
        return user

    def kinds(self, method: str, args: Args) -> tuple[Kind, ...]:
        """The kinds of conversation a call is about, which decide the scope it needs."""
        if method in ("conversations.list", "users.conversations"):
            return tuple(TYPES[name] for name in args.names("types") if name in TYPES) or ("public",)
        if method == "conversations.create":
            return ("private",) if args.flag("is_private") else ("public",)
        if method == "conversations.open" and not args.text("channel"):
            return ("mpim",) if len(args.names("users")) > 1 else ("im",)
        channel = self.workspace.channels.get(str(args.get("channel") or args.get("channel_id")))
        return (channel.kind,) if channel else ("public",)


TYPES: Mapping[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
