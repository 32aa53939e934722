"""A person of the workspace in Python: the language in which stories about a bot are told.

    ana = sandbox.person("ana")
    await ana.runs("/incident", "open Checkout is down", channel="general")
    await ana.gets_form()
    await ana.fills({"Impact": "No customer can pay"})
    await ana.submits()
    await ana.will_see("Checkout is down", channel="esc-incidents")

Every act waits until the bot acknowledged it (or three seconds went by) and returns the lines that this person was
told meanwhile: answers only they see, and Slack's own notes. What the bot does after its acknowledgement is waited for
with `will_see` and `gets_form`. Labels and options may be given by their beginning.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.sandbox import acts_click, acts_command, acts_form, acts_talk
from bot.sandbox.acts import CannotAct
from bot.sandbox.acts_click import Target
from bot.sandbox.delivery import Delivery
from bot.sandbox.driver_form import Filling, Form
from bot.sandbox.driver_sight import Button, Sight
from bot.sandbox.driver_waiting import PATIENCE_SECONDS, until
from bot.sandbox.state import Channel, Message, User, View


class Place(Protocol):
    """The sandbox, as a person needs it."""

    @property
    def delivery(self) -> Delivery: ...


class Person:
    """Someone who acts in Slack and sees what Slack shows them."""

    def __init__(self, sandbox: Place, user: User) -> None:
        self.user = user
        self._delivery = sandbox.delivery
        self._workspace = sandbox.delivery.workspace
        self._sight = Sight(sandbox.delivery, user)
        self._filling = Filling(self._workspace, user)
        self._last: Button | None = None

    def __repr__(self) -> str:
        return f"<Person {self.name}>"

    @property
    def id(self) -> str:
        """The user id, ``U0ANA``."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name in mentions, ``ana``."""
        return self.user.name

    async def runs(
        self, command: str, text: str = "", *, channel: str | None = "general", thread: str | None = None
    ) -> list[str]:
        """Run a slash command; ``channel=None`` runs it in the direct messages with the bot."""
        mark = self._sight.mark()
        place = self._channel(channel)
        await acts_command.run_command(
            self._delivery, self.user, command, text, place, in_thread=thread is not None
        )
        return self._sight.told_since(mark)

    async def says(self, text: str, *, channel: str | None = None, thread: str | None = None) -> list[str]:
        """Write a message (``None``: to the bot); ``thread`` is a piece of the message to answer under."""
        mark = self._sight.mark()
        place = self._channel(channel)
        parent = None if thread is None else self._sight.message(thread, place)
        thread_ts = None if parent is None else parent.thread_ts or parent.ts
        await acts_talk.say(self._delivery, self.user, text, place, thread_ts=thread_ts)
        return self._sight.told_since(mark)

    def button(self, label: str, *, channel: str | None = None, on: str | None = None) -> Button:
        """Return a button as it is on the screen now, to be clicked later with `clicks_again`, by anybody.

        Without ``channel`` the open form is searched, then the direct messages with the bot, then its Home tab; with
        one, the newest message there with such a button (``on``: whose text contains these words).
        """
        return self._sight.button(label, channel=channel, on=on)

    async def clicks(self, label: str, *, channel: str | None = None, on: str | None = None) -> list[str]:
        """Click a button, or the option of an overflow menu, by its label (see `button` for where)."""
        return await self.clicks_again(self.button(label, channel=channel, on=on))

    async def clicks_again(self, button: Button | None = None) -> list[str]:
        """Click a button saved before, however stale by now; without one, the button clicked last."""
        chosen = button or self._last
        if chosen is None:
            raise CannotAct(f"{self.name} has not clicked anything yet.")
        mark = self._sight.mark()
        self._last = chosen
        await acts_click.click(self._delivery, self.user, chosen.target, chosen.option)
        return self._sight.told_since(mark)

    async def chooses(
        self, label: str, value: Any, *, channel: str | None = None, on: str | None = None
    ) -> list[str]:
        """Use a menu, a picker or boxes outside a form, found by placeholder or by the text beside it."""
        mark = self._sight.mark()
        target = self._sight.input(label, channel=channel, on=on)
        await acts_click.choose(self._delivery, self.user, target, await self._value(target, value))
        return self._sight.told_since(mark)

    async def fills(self, fields: Mapping[str, Any]) -> list[str]:
        """Fill fields of the open form by label: text, option labels, names of people, lists, dates; None clears."""
        mark = self._sight.mark()
        for label, value in fields.items():
            target = self._filling.field(acts_click.targets(self._top()), label)
            await acts_click.choose(self._delivery, self.user, target, await self._value(target, value))
        return self._sight.told_since(mark)

    async def submits(self) -> list[str]:
        """Submit the open form; what is wrong with it comes back as ``Label: words`` and in ``form.errors``."""
        mark = self._sight.mark()
        view = self._top()
        outcome = await acts_form.submit(self._delivery, self.user, view)
        errors = self._filling.snapshot(view, outcome.errors).errors
        return [*self._sight.told_since(mark), *(f"{label}: {words}" for label, words in errors.items())]

    async def closes(self, *, everything: bool = False) -> list[str]:
        """Close the open form (``everything``: those below it too)."""
        mark = self._sight.mark()
        await acts_form.close(self._delivery, self.user, self._top(), whole_stack=everything)
        return self._sight.told_since(mark)

    async def edits(self, on: str, text: str, *, channel: str | None = None) -> list[str]:
        """Replace the text of one's own newest message containing ``on``."""
        mark = self._sight.mark()
        await acts_talk.rewrite(
            self._delivery, self.user, self._sight.message(on, self._channel(channel)), text
        )
        return self._sight.told_since(mark)

    async def deletes(self, on: str, *, channel: str | None = None) -> list[str]:
        """Delete one's own newest message containing ``on``."""
        mark = self._sight.mark()
        await acts_talk.take_back(self._delivery, self.user, self._sight.message(on, self._channel(channel)))
        return self._sight.told_since(mark)

    async def reacts(self, emoji: str, *, on: str, channel: str | None = None) -> list[str]:
        """React to the newest message containing ``on``; the same reaction again takes it away."""
        mark = self._sight.mark()
        message = self._sight.message(on, self._channel(channel))
        await acts_talk.react(self._delivery, self.user, message, emoji)
        return self._sight.told_since(mark)

    async def uses_shortcut(self, name: str) -> list[str]:
        """Use a global shortcut by its name in the menu."""
        mark = self._sight.mark()
        await acts_command.use_shortcut(self._delivery, self.user, name)
        return self._sight.told_since(mark)

    async def uses_message_shortcut(self, name: str, *, on: str, channel: str | None = None) -> list[str]:
        """Use a message shortcut on the newest message containing ``on``."""
        mark = self._sight.mark()
        message = self._sight.message(on, self._channel(channel))
        await acts_command.use_message_shortcut(self._delivery, self.user, name, message)
        return self._sight.told_since(mark)

    async def opens_home(self) -> list[str]:
        """Open the bot's Home tab; `home` is what stands there."""
        mark = self._sight.mark()
        await acts_talk.open_home(self._delivery, self.user)
        return self._sight.told_since(mark)

    async def joins(self, channel: str) -> None:
        """Join a public channel."""
        await acts_talk.join(self._delivery, self.user, self._channel(channel))

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        await acts_talk.leave(self._delivery, self.user, self._channel(channel))

    async def invites(self, name: str, channel: str) -> None:
        """Bring somebody, or the bot by its name, into a channel."""
        await acts_talk.invite(
            self._delivery, self.user, self._workspace.person(name), self._channel(channel)
        )

    async def removes(self, name: str, channel: str) -> None:
        """Take somebody, or the bot by its name, out of a channel."""
        await acts_talk.remove(
            self._delivery, self.user, self._workspace.person(name), self._channel(channel)
        )

    async def archives(self, channel: str) -> None:
        """Archive a channel."""
        await acts_talk.set_archived(self._delivery, self.user, self._channel(channel), archived=True)

    @property
    def form(self) -> Form | None:
        """The form on top, or None when none is open."""
        view = self._workspace.views.top(self.id)
        return None if view is None else self._filling.snapshot(view, self._delivery.screens.errors(view))

    @property
    def home(self) -> str:
        """What stands in the bot's Home tab."""
        return self._sight.home()

    def sees(self, text: str, *, channel: str | None = None) -> bool:
        """Say whether these words stand in a message or note this person can read (``channel``: there only)."""
        return any(text in seen for seen in self.reads(channel))

    def reads(self, channel: str | None = None) -> list[str]:
        """Return every message this person can read, oldest first, as they read it (``channel``: there only)."""
        return self._sight.reads(None if channel is None else self._channel(channel))

    @property
    def told(self) -> list[str]:
        """What only this person was told: ephemeral messages, answers to commands, and notes of Slack."""
        return self._sight.told_since("")

    @property
    def inbox(self) -> list[str]:
        """The direct messages with the bot, oldest first."""
        return self._sight.reads(self._channel(None))

    @property
    def channels(self) -> list[str]:
        """The names of the open channels this person is a member of."""
        return [
            channel.name
            for channel in self._workspace.channels.values()
            if self.id in channel.members and not channel.is_im and not channel.is_archived
        ]

    async def will_see(
        self, text: str, *, channel: str | None = None, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until `sees` is true; raise `NeverCame` with what there is to read after so many real seconds."""
        await until(
            self._workspace,
            lambda: self.sees(text, channel=channel),
            complaint=lambda: f"{self.name} does not see {text!r} but: {self.reads(channel)[-20:]}",
            seconds=seconds,
        )

    async def will_see_home(self, text: str, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until these words stand in the bot's Home tab."""
        await until(
            self._workspace,
            lambda: text in self.home,
            complaint=lambda: f"{self.name} does not see {text!r} on the Home tab but: {self.home!r}",
            seconds=seconds,
        )

    async def gets_form(self, title: str = "", *, seconds: float = PATIENCE_SECONDS) -> Form:
        """Wait until a form whose title starts like this is open on top, and return it."""

        def shown() -> bool:
            return self.form is not None and self.form.title.startswith(title)

        def complaint() -> str:
            return f"{self.name} has {'no form' if self.form is None else repr(self.form.title)} open, not {title!r}"

        await until(self._workspace, shown, complaint=complaint, seconds=seconds)
        return self._filling.snapshot(self._top(), self._delivery.screens.errors(self._top()))

    def message(self, on: str, *, channel: str | None = None) -> Message:
        """Return the newest message containing these words, as a record with ts, blocks, reactions."""
        return self._sight.message(on, self._channel(channel))

    def _channel(self, name: str | None) -> Channel:
        return self._sight.channel(name)

    def _top(self) -> View:
        view = self._workspace.views.top(self.id)
        if view is None:
            raise CannotAct(f"{self.name} has no form open.")
        return view

    async def _value(self, target: Target, wanted: Any) -> Any:
        kind = target.element["type"]
        if not kind.endswith("external_select") or wanted is None:
            return self._filling.value(target, wanted)
        many: Sequence[str] = [wanted] if isinstance(wanted, str) else wanted
        found = []
        for one in many:
            offered = await acts_click.suggest(self._delivery, self.user, target, one)
            found.append(self._filling.option(offered, one))
        return found if kind.startswith("multi_") else found[0]
