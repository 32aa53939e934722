"""What a person finds on the screen: messages by their words, buttons by their labels."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.acts import CannotAct
from bot.sandbox.acts_click import Target, targets
from bot.sandbox.delivery import Delivery
from bot.sandbox.driver_form import Filling, best_match
from bot.sandbox.driver_reading import Reader
from bot.sandbox.state import Channel, Message, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button (or the option of an overflow menu) as it was drawn when a person saw it."""

    label: str
    target: Target
    option: Any = None


class Sight:
    """The eyes of one person."""

    def __init__(self, delivery: Delivery, user: User) -> None:
        self._delivery = delivery
        self._workspace = delivery.workspace
        self._user = user
        self._reader = Reader(delivery.workspace, user)
        self._filling = Filling(delivery.workspace, user)

    def channel(self, name: str | None) -> Channel:
        """Return a channel by name or id; None is the direct conversation with the bot."""
        if name is None:
            return self._workspace.dm(self._user.id, self._workspace.bot.id)
        channel = self._workspace.channel_named(name)
        if channel is None:
            raise CannotAct(f"There is no channel {name!r}.")
        return channel

    def visible(self, channel: Channel) -> list[Message]:
        """Return the messages of a channel this person can read, oldest first; a private one only to members."""
        if channel.is_private and self._user.id not in channel.members:
            return []
        return channel.seen_by(self._user.id)

    def mark(self) -> str:
        """Return a point in time for `told_since`."""
        return self._workspace.stamp()

    def told_since(self, mark: str) -> list[str]:
        """Return what only this person was told after a mark (empty: ever), oldest first."""
        told = [
            (message.ts, self._reader.message(message))
            for channel in self._workspace.channels.values()
            for message in self.visible(channel)
            if message.ephemeral_to == self._user.id
        ]
        told += [(note.ts, note.text) for note in self._delivery.screens.notes if note.user == self._user.id]
        return [text for ts, text in sorted(told) if _order(ts) > _order(mark)]

    def reads(self, channel: Channel | None) -> list[str]:
        """Return what can be read in a channel (None: everywhere), oldest first."""
        places = self._workspace.channels.values() if channel is None else (channel,)
        lines = [
            (message.ts, self._reader.message(message)) for place in places for message in self.visible(place)
        ]
        if channel is None:
            lines += [
                (note.ts, note.text) for note in self._delivery.screens.notes if note.user == self._user.id
            ]
        return [text for _, text in sorted(lines)]

    def home(self) -> str:
        """Return what stands in the bot's Home tab."""
        view = self._workspace.views.homes.get(self._user.id)
        return "" if view is None else "\n".join(line for line in self._reader.blocks(view.blocks) if line)

    def message(self, words: str, channel: Channel) -> Message:
        """Return the newest message containing these words (or with this ts); raises `CannotAct` if none does."""
        for message in reversed(self.visible(channel)):
            if message.ts == words or words in self._reader.message(message):
                return message
        raise CannotAct(f"{self._user.name} sees no message with {words!r} in {self._called(channel)}.")

    def button(self, label: str, *, channel: str | None, on: str | None) -> Button:
        """Return the newest button with this label; raises `CannotAct` naming the buttons there are."""
        seen: list[str] = []
        for place in self._places(channel, on):
            buttons = [(button.label, button) for target in place for button in self._buttons(target)]
            found = best_match(label, buttons)
            if found is not None:
                return found
            seen += [name for name, _ in buttons]
        there = ", ".join(repr(name) for name in dict.fromkeys(seen)) or "none"
        raise CannotAct(f"{self._user.name} sees no button {label!r}; the buttons there are {there}.")

    def input(self, label: str, *, channel: str | None, on: str | None) -> Target:
        """Return the newest menu, picker or boxes with this placeholder or text beside it."""
        for place in self._places(channel, on):
            with contextlib.suppress(CannotAct):
                return self._filling.field(place, label)
        raise CannotAct(f"{self._user.name} sees nothing to choose {label!r} from.")

    def _places(self, channel: str | None, on: str | None) -> Iterator[list[Target]]:
        form = self._workspace.views.top(self._user.id)
        if channel is None and on is None and form is not None:
            yield targets(form)
        for message in reversed(self.visible(self.channel(channel))):
            if on is None or on in self._reader.message(message):
                yield targets(message)
        home = self._workspace.views.homes.get(self._user.id)
        if channel is None and on is None and home is not None:
            yield targets(home)

    def _buttons(self, target: Target) -> Iterator[Button]:
        if target.element["type"] == "button":
            yield Button(label=self._reader.text(target.element["text"]), target=target)
        elif target.element["type"] == "overflow":
            for option in target.element["options"]:
                yield Button(label=self._reader.text(option["text"]), target=target, option=option)

    def _called(self, channel: Channel) -> str:
        return "the direct messages with the bot" if channel.is_im else f"#{channel.name}"


def _order(ts: str) -> tuple[int, int]:
    seconds, _, rest = ts.partition(".")
    return int(seconds or 0), int(rest or 0)
