"""What people's own Slack windows remember: half-filled messages, field errors, and Slack's notes to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.state import Change, Message, View, Workspace

Values = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something Slack itself told one person, with a timestamp in the order of the messages."""

    ts: str
    user: str
    text: str


class Screens:
    """The windows of all people; nothing here is known to the app until a person sends it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._chosen: dict[tuple[str, str, str], Values] = {}
        self._errors: dict[str, dict[str, str]] = {}
        self.notes: list[Note] = []
        workspace.watch(self._redrawn)

    def chosen(self, user: str, message: Message) -> Values:
        """Return what a person has chosen in the selects and boxes of a message, as ``state.values``."""
        return self._chosen.setdefault((user, message.channel, message.ts), {})

    def errors(self, view: View) -> Mapping[str, str]:
        """Return what stands in red under the fields of a form, by block id."""
        return self._errors.get(view.id, {})

    def mark(self, view: View, errors: Mapping[str, str]) -> None:
        """Write errors under the fields of a form, in place of those before."""
        self._errors[view.id] = dict(errors)
        self._workspace.tell("view_errors", user=view.user, view=view, errors=dict(errors))

    def _redrawn(self, change: Change) -> None:
        """A form that the app drew anew stands there without the old errors."""
        if change.kind == "view_updated":
            self._errors.pop(change.data["view"].id, None)

    def note(self, user: str, text: str) -> None:
        """Show a person a note of Slack itself (an act that failed); told to watchers as ``notice``."""
        self.notes.append(Note(ts=self._workspace.stamp(), user=user, text=text))
        self._workspace.tell("notice", user=user, text=text)
