"""How a person reads what the bot wrote: names for ids, local time for dates, blocks from top to bottom."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.driver_dates import spoken_date
from bot.sandbox.payloads_message import plain
from bot.sandbox.state import Message, User, Workspace

_TOKEN = re.compile(r"<([^<>]+)>")
_DATE = re.compile(r"!date\^(-?\d+)\^([^|^]+)(?:\^[^|]*)?")
_STYLE = re.compile(r"(?<![\w*_~`])([*_~`]|```)(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])", re.DOTALL)


class Reader:
    """One pair of eyes: renders texts, blocks and messages for this person."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace = workspace
        self._zone = ZoneInfo(user.tz)

    def message(self, message: Message) -> str:
        """Return a message as one text: its blocks line by line, or its text when it has none."""
        lines = list(self.blocks(message.blocks)) if message.blocks else [self.mrkdwn(message.text)]
        for attachment in message.attachments:
            lines += self.blocks(attachment.get("blocks", ()))
            lines += [
                self.mrkdwn(attachment[name]) for name in ("pretext", "title", "text") if attachment.get(name)
            ]
        files = [self._workspace.files[file] for file in message.files]
        lines += [file.title or file.name for file in files]
        return "\n".join(line for line in lines if line)

    def blocks(self, blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """Yield the lines of some blocks; buttons appear as ``[Label]``."""
        for block in blocks:
            yield from self._walk(block)

    def text(self, value: Mapping[str, Any] | str | None) -> str:
        """Return a text object as it is read."""
        if not value:
            return ""
        if isinstance(value, str):
            return value
        if value.get("type") == "mrkdwn":
            return self.mrkdwn(value["text"])
        return str(value.get("text", ""))

    def mrkdwn(self, text: str) -> str:
        """Return mrkdwn as it is read: mentions by name, links by label, dates in the person's time zone."""
        parts = _TOKEN.split(_STYLE.sub(r"\2", text))
        return "".join(self._token(part) if number % 2 else plain(part) for number, part in enumerate(parts))

    def _token(self, inside: str) -> str:
        target, _, label = inside.partition("|")
        if date := _DATE.fullmatch(target):
            return self._date(int(date[1]), date[2])
        if target.startswith("@"):
            user = self._workspace.users.get(target[1:])
            return f"@{user.name}" if user else f"@{target[1:]}"
        if target.startswith("#"):
            channel = self._workspace.channels.get(target[1:])
            return f"#{channel.name}" if channel else "#unknown"
        if target.startswith("!subteam^"):
            group = self._workspace.usergroups.get(target.removeprefix("!subteam^"))
            return f"@{group.handle}" if group else "@unknown"
        if target.startswith("!"):
            return f"@{target[1:]}"
        return plain(label or target)

    def _date(self, seconds: int, form: str) -> str:
        when = datetime.fromtimestamp(seconds, UTC).astimezone(self._zone)
        return spoken_date(form, when, now=self._workspace.now().astimezone(self._zone))

    def _walk(self, part: Mapping[str, Any]) -> Iterator[str]:
        match part.get("type"):
            case "button":
                yield f"[{self.text(part['text'])}]"
            case "mrkdwn" | "plain_text":
                yield self.text(part)
            case "markdown":
                yield str(part["text"])
            case "rich_text":
                yield "".join(self._rich(part))
            case "table":
                yield from self._table(part)
            case "image":
                yield self.text(part.get("title")) or str(part.get("alt_text", ""))
            case "overflow" | "static_select" | "multi_static_select" | "radio_buttons" | "checkboxes":
                yield self.text(part.get("placeholder"))
                yield from (self.text(option["text"]) for option in part.get("options", ()))
            case _:
                yield from self._children(part)

    def _children(self, block: Mapping[str, Any]) -> Iterator[str]:
        for name in ("title", "label", "subtitle", "text", "body", "hint", "placeholder"):
            if value := self.text(block.get(name)):
                yield value
        for name in ("fields", "elements", "actions", "child_blocks", "blocks"):
            for child in block.get(name) or ():
                yield from self._walk(child)
        for name in ("accessory", "element"):
            if child := block.get(name):
                yield from self._walk(child)

    def _rich(self, part: Mapping[str, Any]) -> Iterator[str]:
        match part.get("type"):
            case "text" | "link" | "raw_text":
                yield str(part.get("text") or part.get("url"))
            case "user":
                yield self._token(f"@{part['user_id']}")
            case "channel":
                yield self._token(f"#{part['channel_id']}")
            case "usergroup":
                yield self._token(f"!subteam^{part['usergroup_id']}")
            case "broadcast":
                yield f"@{part['range']}"
            case "emoji":
                yield f":{part['name']}:"
            case "date":
                yield self._date(int(part["timestamp"]), part["format"])
            case kind:
                for child in part.get("elements", ()):
                    yield from self._rich(child)
                    yield "\n" if kind in ("rich_text", "rich_text_list") else ""

    def _table(self, table: Mapping[str, Any]) -> Iterator[str]:
        for row in table["rows"]:
            yield " | ".join("".join(self._rich(cell)).strip() for cell in row)
