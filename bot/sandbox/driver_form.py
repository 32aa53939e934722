"""The form a person has open: what it says, and filling it by the labels on the screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox.acts import CannotAct
from bot.sandbox.acts_click import Target, targets
from bot.sandbox.driver_reading import Reader
from bot.sandbox.payloads_inputs import INPUTS, value_of
from bot.sandbox.state import User, View, Workspace

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A snapshot of the top form: its title, field labels in order, errors by label, and all it says."""

    title: str
    labels: tuple[str, ...]
    errors: Mapping[str, str]
    values: Mapping[str, Any]
    text: str
    submit: str


class Filling:
    """Finds fields and options by what a person reads."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace = workspace
        self._zone = ZoneInfo(user.tz)
        self._reader = Reader(workspace, user)

    def snapshot(self, view: View, errors: Mapping[str, str]) -> Form:
        """Return what the form shows now."""
        inputs = [target for target in targets(view) if target.element["type"] in INPUTS]
        labels = {target.block["block_id"]: self.label(target) for target in inputs}
        return Form(
            title=self._reader.text(view.body.get("title")),
            labels=tuple(self.label(target) for target in inputs),
            errors={labels.get(block_id, block_id): words for block_id, words in errors.items()},
            values={self.label(target): self._held(view, target) for target in inputs},
            text="\n".join(line for line in self._reader.blocks(view.blocks) if line),
            submit=self._reader.text(view.body.get("submit")),
        )

    def label(self, target: Target) -> str:
        """Return the words that stand at an element: its label, the text beside it, or its placeholder."""
        for words in (target.block.get("label"), target.block.get("text"), target.element.get("placeholder")):
            if shown := self._reader.text(words):
                return shown
        return str(target.element["action_id"])

    def field(self, candidates: Iterable[Target], label: str) -> Target:
        """Return the input with this label, the start of it being enough; raises `CannotAct` naming those there are."""
        inputs = [target for target in candidates if target.element["type"] in INPUTS]
        placeholders = {id(t): self._reader.text(t.element.get("placeholder")) for t in inputs}
        for named in (self.label, lambda target: placeholders[id(target)]):
            found = best_match(label, [(named(target), target) for target in inputs])
            if found is not None:
                return found
        there = ", ".join(repr(self.label(target)) for target in inputs) or "none"
        raise CannotAct(f"There is no field {label!r}; the fields here are {there}.")

    def value(self, target: Target, wanted: Any) -> Any:
        """Return what an input takes for what a person means: options by label, people and channels by name."""
        element = target.element
        if wanted is None:
            return None
        kind = element["type"].removeprefix("multi_")
        if element["type"].startswith("multi_") or kind == "checkboxes":
            each = [wanted] if isinstance(wanted, str) else list(wanted)
            return [self._single(element, kind, one) for one in each]
        return self._single(element, kind, wanted)

    def _single(self, element: Mapping[str, Any], kind: str, wanted: Any) -> Any:
        match kind:
            case "static_select" | "radio_buttons" | "checkboxes":
                return self.option(options(element), wanted)
            case "users_select":
                return self._workspace.person(str(wanted)).id
            case "channels_select" | "conversations_select":
                return self._channel(str(wanted))
            case "datetimepicker":
                return self._moment(wanted)
            case "datepicker" | "timepicker" if isinstance(wanted, datetime):
                local = wanted.astimezone(self._zone)
                return f"{local:%Y-%m-%d}" if kind == "datepicker" else f"{local:%H:%M}"
            case "rich_text_input":
                section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(wanted)}]}
                return {"type": "rich_text", "elements": [section]}
            case _:
                return str(wanted)

    def option(self, offered: Iterable[Mapping[str, Any]], wanted: Any) -> dict[str, Any]:
        """Return the option with this label (or value); the start of the label is enough."""
        choices = [(self._reader.text(option["text"]), option) for option in offered]
        found = best_match(str(wanted), choices)
        if found is None:
            found = next((option for _, option in choices if option.get("value") == wanted), None)
        if found is None:
            there = ", ".join(repr(label) for label, _ in choices) or "none"
            raise CannotAct(f"There is no option {wanted!r}; the options here are {there}.")
        return dict(found)

    def _channel(self, name: str) -> str:
        channel = self._workspace.channel_named(name)
        if channel is None:
            raise CannotAct(f"There is no channel {name!r}.")
        return channel.id

    def _moment(self, wanted: Any) -> int:
        """A date and time without a zone is meant in the person's own time zone."""
        if isinstance(wanted, str):
            wanted = datetime.fromisoformat(wanted)
        if isinstance(wanted, datetime):
            local = wanted if wanted.tzinfo else wanted.replace(tzinfo=self._zone)
            return int(local.timestamp())
        return int(wanted)

    def _held(self, view: View, target: Target) -> Any:
        entry = view.state.get(target.block["block_id"], {}).get(target.element["action_id"])
        value = value_of(target.element, entry)
        if isinstance(value, dict) and "text" in value:
            return self._reader.text(value["text"])
        if isinstance(value, list):
            return [
                self._reader.text(one["text"]) if isinstance(one, dict) and "text" in one else one
                for one in value
            ]
        return value


def options(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the options of a menu, those of its groups one after another."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return list(element.get("options", ())) or grouped


def best_match(wanted: str, named: list[tuple[str, Thing]]) -> Thing | None:
    """Return the first thing with exactly this name, else the first whose name starts with it, in any case."""
    for name, thing in named:
        if name == wanted:
            return thing
    for name, thing in named:
        if name.casefold().startswith(wanted.casefold()):
            return thing
    return None
