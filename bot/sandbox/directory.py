"""What a workspace holds and how to find it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from bot.sandbox.records import Change, Channel, File, Message, User, UserGroup
from bot.sandbox.views import Views


class Directory:
    """Everything a workspace holds, how to find it, and who is told when it changes."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        team_id: str,
        team_name: str,
        domain: str,
        bot_user_id: str,
        enterprise_id: str | None,
    ) -> None:
        self.clock = clock
        self.founded = clock()
        self.team_id = team_id
        self.team_name = team_name
        self.domain = domain
        self.bot_user_id = bot_user_id
        self.enterprise_id = enterprise_id
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        # What the workspace's settings forbid: methods answered `restricted_action`.
        self.restricted: set[str] = set()
        # User groups belong to Slack's paid plans; False answers `plan_upgrade_required`.
        self.has_usergroups = True
        self.views = Views(fresh=self.fresh, stamp=self.stamp, tell=self.tell)
        self._watchers: list[Callable[[Change], None]] = []
        self._counts: dict[str, int] = {}
        self._last_stamp = 0

    @property
    def bot(self) -> User:
        return self.users[self.bot_user_id]

    @property
    def url(self) -> str:
        return f"https://{self.domain}.slack.example/"

    def now(self) -> datetime:
        return self.clock()

    def seconds(self) -> int:
        """The time as whole unix seconds."""
        return int(self.clock().timestamp())

    def stamp(self) -> str:
        """A message timestamp, unique and increasing even when the clock stands still."""
        self._last_stamp = max(self._last_stamp + 1, round(self.clock().timestamp() * 1_000_000))
        return f"{self._last_stamp // 1_000_000}.{self._last_stamp % 1_000_000:06d}"

    def fresh(self, prefix: str) -> str:
        """A new id such as `C00000001`."""
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]:08d}"

    def watch(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` with every change from now on; the returned function ends it."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def tell(self, kind: str, **data: Any) -> None:
        change = Change(kind=kind, data=data)
        for watcher in tuple(self._watchers):
            watcher(change)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def person(self, name: str) -> User:
        """The user with this name or id; raises KeyError naming who is not there."""
        for user in self.users.values():
            if name.removeprefix("@") in (user.name, user.id):
                return user
        raise KeyError(f"nobody here is called {name!r}")

    def channel_named(self, name: str) -> Channel | None:
        """The channel with this name or id; archived channels keep their names."""
        wanted = name.removeprefix("#")
        if wanted in self.channels:
            return self.channels[wanted]
        return next((c for c in self.channels.values() if c.name == wanted and not c.is_im), None)

    def has_direct(self, *users: str) -> Channel | None:
        """The direct conversation of exactly these users, if they have one."""
        people = set(users)
        for channel in self.channels.values():
            if (channel.is_im or channel.is_mpim) and set(channel.members) == people:
                return channel
        return None

    def dm(self, one: str, other: str) -> Channel:
        """The direct conversation of two users, made when they have none yet."""
        return self.direct(one, other)

    def direct(self, *users: str) -> Channel:
        """The direct conversation of these users, made when they have none yet."""
        found = self.has_direct(*users)
        if found is not None:
            return found
        is_group = len(users) > 2
        channel = Channel(
            id=self.fresh("G" if is_group else "D"),
            name=f"mpdm-{'--'.join(self.users[user].name for user in users)}-1" if is_group else "",
            creator=users[0],
            created=self.now(),
            is_private=True,
            is_im=not is_group,
            is_mpim=is_group,
            members=list(users),
        )
        self.channels[channel.id] = channel
        self.tell("im_created", channel=channel)
        return channel

    def found_channel(
        self, name: str, *, creator: str, members: Iterable[str], is_private: bool = False
    ) -> Channel:
        """Put a channel in place without anybody being told, as if it had always been there."""
        channel = Channel(
            id=f"C0{name.upper().replace('-', '')}",
            name=name,
            creator=creator,
            created=self.now(),
            is_private=is_private,
            is_general=name == "general",
            members=list(members),
        )
        self.channels[channel.id] = channel
        return channel

    def message(self, channel: Channel, ts: str) -> Message | None:
        """The message everybody sees under this ts, if there is one."""
        found = channel.messages.get(ts)
        return found if found and not found.deleted and found.ephemeral_to is None else None

    def permalink(self, message: Message) -> str:
        """The path of a message's own link, to be put after an address."""
        return f"archives/{message.channel}/p{message.ts.replace('.', '')}"
