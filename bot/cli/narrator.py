"""Telling a story as it happens: who acts, what the bot does about it, and whether that was expected."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from textwrap import shorten
from typing import Any

from bot.cli.world import World
from bot.sandbox import Person
from storage import audit
from storage.audit import Event
from storage.database import Tx


class Narrator:
    """Prints a timeline and keeps count of what did not happen as expected."""

    def __init__(self, world: World, out: Callable[[str], None] = print) -> None:
        self.world, self._out = world, out
        self._day = world.clock().date()
        self._seen = 0
        self.missing: list[str] = []

    def chapter(self, title: str) -> None:
        """Begin a new part of the story."""
        self._out(f"\n{title}")

    async def does(self, person: Person, what: str) -> None:
        """Print an act that has just been done, then everything that it led to."""
        self._line(person.name, what)
        await self.follows()

    async def follows(self) -> None:
        """Let everything under way come to its end, and print what the audit log says of it."""
        await self.world.settled()
        for event in await self._news():
            told = _told(event)
            if told is not None:
                self._line("tocsin", told, event)

    async def passes(self, minutes: float) -> None:
        """Let time pass, stopping at every moment at which something falls due."""
        until = self.world.clock() + timedelta(minutes=minutes)
        while (left := until - self.world.clock()) > timedelta():
            due = await self.world.next_due()
            step = left if due is None else min(left, max(due - self.world.clock(), timedelta(seconds=1)))
            await self.world.time_passes(step)
            await self.follows()

    def expect(self, what: str, happened: bool) -> None:
        """Say whether something happened that had to."""
        self._out(f"       {'✓' if happened else '✗'} {what}")
        if not happened:
            self.missing.append(what)

    def _line(self, who: str, what: str, event: Event | None = None) -> None:
        at = event.at if event is not None else self.world.clock()
        if at.date() > self._day:
            self._day = at.date()
            self._out(f"{at:%A %d %B}")
        self._out(f"{at:%H:%M}  {who:<7} {' '.join(what.split())}")

    async def _news(self) -> list[Event]:
        def since(tx: Tx) -> list[Event]:
            return list(audit.export(tx))[self._seen :]

        assert self.world.bot is not None, "a story needs its bot"
        news = await self.world.bot.db.read(since)
        self._seen += len(news)
        return news


def _told(event: Event) -> str | None:
    """Put an audit event into words, or None for what a listener need not hear."""
    template = WORDS.get(event.kind)
    if template is None:
        return None
    words = {name: _plain(value) for name, value in event.data.items()}
    return template(words) if callable(template) else template


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(one) for one in value) or "nobody"
    return str(value).removeprefix("U0").lower() if str(value).startswith("U0") else str(value)


def _severity(words: Mapping[str, str]) -> str:
    return f"severity is SEV{words.get('to', '?')} now: {words.get('reason', '')}".rstrip(": ")


WORDS: Mapping[str, str | Callable[[Mapping[str, str]], str]] = {
    "severity.computed": lambda w: w["reason"],
    "severity.changed": _severity,
    "channel.created": lambda w: f"makes #{w['name']}, pins the live card, lets everybody in",
    "ladder.step": lambda w: f"asks {w['asked']} as {w['role'].replace('_', ' ')} ({w['reason']})",
    "ladder.nagged": lambda w: f"nags {w['users']} as {w['role'].replace('_', ' ')}",
    "ladder.informed": lambda w: f"tells {w['users']}; no answer is owed",
    "ladder.exhausted": lambda w: f"has asked everybody as {w['role'].replace('_', ' ')}: sounds the alarm",
    "ack.received": lambda w: (
        f"stops asking: {w.get('by', '')} has it as {w.get('role', '').replace('_', ' ')}"
    ),
    "ack.declined": lambda w: f"hears no from {w.get('by', '')}",
    "ack.lease_lapsed": lambda w: f"has heard nothing since {w.get('by', '')} acknowledged, so asks again",
    "triage.answered": "keeps the answers of the triage",
    "target.missed": lambda w: f"tells {w.get('told', '')} that the {w.get('target', '')} target is missed",
    "threshold.crossed": lambda w: (
        f"brings it before {w.get('told', '')}: {w.get('threshold', '')} is crossed"
    ),
    "criterion.overridden": lambda w: f"goes on without: {w.get('text', '')} ({w.get('reason', '')})",
    "stage.entered": lambda w: f"moves to {w['to']}",
    "comms.posted": lambda w: (
        f"posts the {w.get('audience', '')} text: {shorten(_read(w.get('text', '')), 90)}"
    ),
    "comms.drafted": lambda w: "puts a draft before its approvers; nothing is sent yet",
    "comms.approved": "the text is approved by a person, word for word",
    "comms.reminded": lambda w: f"reminds {w.get('told', '')} of the promised update",
    "comms.overdue": lambda w: f"tells {w.get('told', '')} that the promised update is late",
    "nextstep.set": lambda w: f"notes the next step: {w.get('text', '')} ({w.get('owner', '')})",
    "ai.suggested": lambda w: f"SUGGESTS, and changes nothing: {w.get('rationale', '')}",
    "ai.approved": lambda w: f"the suggestion is approved by {w.get('by', 'a person')}",
    "ai.rejected": lambda w: (
        f"the suggestion is rejected by {w.get('by', 'a person')}: {w.get('reason', '')}"
    ),
    "ai.expired": "the suggestion expires without effect",
    "incident.closed": "closes the incident",
    "channel.archived": "archives the channel",
    "access.denied": lambda w: f"refuses: {w.get('why', '')}",
    "input.rejected": lambda w: f"refuses: {w.get('why', '')}",
}


def _read(text: str) -> str:
    """Return a text with people by name, and moments as Slack shows them where it cannot know the reader's zone."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    return re.sub(r"<@U0(\w+)>", lambda found: f"@{found[1].lower()}", text).replace("*", "")
