"""One open page: what it was told already, and what it must hear next."""

import asyncio
from typing import Any

from bot.sandbox import acts_command
from bot.sandbox.state import Change, Channel, User
from bot.sandbox.ui import glimpse
from bot.sandbox.ui.stage import Stage

_STACK = {"view_opened", "view_pushed", "view_updated", "view_closed", "view_errors"}


class Window:
    """A page seen through the eyes of one person; `frames` gives only what changed since the last time."""

    def __init__(self, stage: Stage, who: User, reads: dict[str, str], clock: dict[str, Any]) -> None:
        self.stage = stage
        self.who = who
        self.wake = asyncio.Event()
        self.wake.set()
        self._notes: list[dict[str, Any]] = []
        self._clock = clock
        self._clock_told = True
        self._workspace = stage.workspace
        self._reads = reads
        self._seen: set[str] = set()
        # Channel id -> the messages to tell about, or None for all of them.
        self._dirty: dict[str, set[str] | None] = dict.fromkeys(stage.workspace.channels)
        self._stack = self._home = True

    def welcome(self) -> dict[str, Any]:
        """Return the frame that begins a page: who is who, what the app offers."""
        app_home = self.stage.manifest.get("features", {}).get("app_home", {})
        bot = self._workspace.bot
        return {
            "kind": "welcome",
            "me": self.who.id,
            "team": {"id": self._workspace.team_id, "name": self._workspace.team_name},
            "app": {
                "name": self.stage.manifest.get("display_information", {}).get("name", bot.real_name),
                "user": bot.id,
                "home": bool(app_home.get("home_tab_enabled")),
                "read_only": bool(app_home.get("messages_tab_read_only_enabled")),
            },
            "people": [glimpse.person(user) for user in self._workspace.users.values()],
            "groups": [glimpse.group(one) for one in self._workspace.usergroups.values() if not one.deleted],
            "commands": [dict(command) for command in acts_command.commands(self.stage.delivery)],
            "shortcuts": [
                {**shortcut, "type": kind}
                for kind in ("global", "message")
                for shortcut in acts_command.shortcuts(self.stage.delivery, kind)
            ],
            "reads": dict(self._reads),
            "clock": self._clock,
        }

    def hear(self, frame: dict[str, Any]) -> None:
        """Have this frame sent as it is, after what changed until now."""
        self._notes.append(frame)
        self.wake.set()

    def set_clock(self, clock: dict[str, Any]) -> None:
        """Have the time shown, if it is another than the page shows already."""
        if clock != self._clock:
            self._clock, self._clock_told = clock, False
            self.wake.set()

    def notice(self, change: Change) -> None:
        """Note what a change touches; the drawing waits for `frames`."""
        data = change.data
        where, user = data.get("channel"), data.get("user")
        if change.kind == "notice":
            if user == self.who.id:
                self.hear({"kind": "toast", "text": data["text"], "tone": "warn"})
        elif change.kind in _STACK:
            self._stack |= user == self.who.id
        elif change.kind == "home_published":
            self._home |= user == self.who.id
        elif isinstance(where, Channel):
            self._touch(where, change)
        self.wake.set()

    def frames(self) -> list[dict[str, Any]]:
        """Return everything to send now, in order; empty when nothing of this person's changed."""
        self.wake.clear()
        frames = [self._patch(), *self._notes]
        self._notes = []
        if not self._clock_told:
            self._clock_told = True
            frames.append({"kind": "clock", "clock": self._clock})
        return [frame for frame in frames if len(frame) > 1]

    def _patch(self) -> dict[str, Any]:
        frame: dict[str, Any] = {"kind": "patch"}
        dirty, self._dirty = self._dirty, {}
        for key, stamps in dirty.items():
            self._channel(frame, self._workspace.channels[key], stamps)
        if self._stack:
            self._stack = False
            frame["views"] = [
                glimpse.view(self._workspace, view)
                | {"errors": dict(self.stage.delivery.screens.errors(view))}
                for view in self._workspace.views.stack(self.who.id)
            ]
        if self._home:
            self._home = False
            home = self._workspace.views.homes.get(self.who.id)
            frame["home"] = glimpse.view(self._workspace, home) if home else None
        return frame

    def _touch(self, where: Channel, change: Change) -> None:
        message = change.data.get("message")
        before = self._dirty.get(where.id, set())
        if message is None or before is None:
            self._dirty.setdefault(where.id, set())
            return
        touched = {message.ts, *([message.thread_ts] if message.thread_ts else [])}
        self._dirty[where.id] = before | touched

    def _channel(self, frame: dict[str, Any], where: Channel, stamps: set[str] | None) -> None:
        channels = frame.setdefault("channels", {})
        if not glimpse.may_see(self.who, where):
            if where.id in self._seen:
                self._seen.discard(where.id)
                channels[where.id] = None
            return
        if where.id not in self._seen:
            self._seen.add(where.id)
            stamps = None
        channels[where.id] = glimpse.channel(self.who, where)
        wanted = list(where.messages) if stamps is None else sorted(stamps & where.messages.keys())
        shown = {ts: glimpse.message(self._workspace, self.who, where.messages[ts]) for ts in wanted}
        if stamps is None:
            shown = {ts: message for ts, message in shown.items() if message is not None}
        if shown or stamps is None:
            frame.setdefault("messages", {})[where.id] = shown
