"""What is left when a story is told: everything that people and auditors can find, without what differs by chance."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select

from bot.domain import errors
from bot.sandbox.state import Channel, Message
from storage import audit, incidents, timers
from storage.database import Tx
from storage.tables import OUTBOX
from storage.verification import verify
from tests.harness.crashing import MortalStory
from tests.harness.story import ACME

# Made by chance or by counting, so different from run to run: incident ids, digests, time stamps, links to messages, block ids.
_BY_CHANCE = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|\d{10}\.\d{6}|[pD]\d{8,16}|b\d{5,9})\b")
_LATE = re.compile(r"Sent \d+ minutes late: ")
# A person who presses twice is told so, which is on record; nothing else follows from it.
_REFUSALS = frozenset({errors.BotError.audit_kind, errors.NotAllowed.audit_kind})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The state of the world. Two stories with equal outcomes cannot be told apart.

    ``doubled`` names every notice that stands in Slack more than once, ``unsettled`` what the courier still owes or gave up.
    """

    messages: Counter[str]
    rooms: Counter[str]
    incidents: tuple[str, ...]
    audit: Counter[str]
    chain: tuple[bool, str]
    timers: Counter[str]
    unsettled: Counter[str]
    doubled: tuple[str, ...]
    violations: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """One incident in one channel, nothing owed, nothing said twice, nothing illegal, and an intact audit chain."""
        rooms = [room for room in self.rooms.elements() if room.startswith("#inc-")]
        wrong = (*self.doubled, *self.unsettled, *self.violations)
        return len(self.incidents) == 1 and len(rooms) == 1 and not wrong and self.chain[0]

    def differences(self, other: "Outcome") -> list[str]:
        """Say in lines what this outcome has less (-) or more (+) than the other."""
        lines = []
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if not isinstance(mine, Counter):
                mine, theirs = Counter(map(str, mine)), Counter(map(str, theirs))
            lines += [f"{field.name}: - {n} x {what}" for what, n in (theirs - mine).items()]
            lines += [f"{field.name}: + {n} x {what}" for what, n in (mine - theirs).items()]
        return lines


async def outcome(story: MortalStory) -> Outcome:
    """Look at everything."""
    found: Outcome = await story.reads(_look, story)
    return found


def _look(tx: Tx, story: MortalStory) -> Outcome:
    workspace = story.sandbox.workspace
    verified = verify(tx)
    undone = tx.execute(select(OUTBOX.c.key, OUTBOX.c.why).where(OUTBOX.c.done_at.is_(None))).all()
    aside = tx.execute(select(OUTBOX.c.key, OUTBOX.c.why).where(OUTBOX.c.outcome == "aside")).all()
    open_ones = incidents.open_ones(tx, ACME)
    return Outcome(
        messages=Counter(line for channel in workspace.channels.values() for line in _messages(channel)),
        rooms=Counter(_room(channel) for channel in workspace.channels.values()),
        incidents=tuple(sorted(_plain([i.key, i.title, i.stage, i.channel_name]) for i in open_ones)),
        audit=Counter(_event(event) for event in audit.export(tx) if event.kind not in _REFUSALS),
        chain=(verified.ok, verified.why),
        timers=Counter(
            _plain([t.kind, t.item_id, t.at.isoformat()])
            for i in open_ones
            for t in timers.of_incident(tx, i.id)
        ),
        doubled=_doubled(workspace.channels.values()),
        unsettled=Counter(_plain([row.key, row.why]) for row in (*undone, *aside)),
        violations=tuple(story.sandbox.violations),
    )


def _doubled(channels: Iterable[Channel]) -> tuple[str, ...]:
    keys = Counter(
        _plain(message.metadata["event_payload"]["key"])
        for channel in channels
        for message in channel.messages.values()
        if message.metadata is not None
    )
    return tuple(sorted(key for key, times in keys.items() if times > 1))


def _messages(channel: Channel) -> Iterator[str]:
    for message in channel.messages.values():
        if message.ephemeral_to is None and not message.deleted:
            yield f"{_name(channel)} {_said(message)}"


def _said(message: Message) -> str:
    blocks = [block for block in message.blocks if not _is_excuse(block)]
    return _plain([message.user, message.subtype, message.text, blocks, message.metadata])


def _is_excuse(block: Mapping[str, Any]) -> bool:
    """Tell the line that says how late a message is: after a crash that is as it should be."""
    return block["type"] == "context" and bool(_LATE.match(block["elements"][0].get("text", "")))


def _room(channel: Channel) -> str:
    marks = [(bookmark.title, bookmark.link) for bookmark in channel.bookmarks]
    facts = [channel.topic.value, channel.purpose.value, sorted(channel.members), marks, len(channel.pins)]
    return f"{_name(channel)} {_plain(facts)}"


def _name(channel: Channel) -> str:
    return f"direct {'+'.join(sorted(channel.members))}" if channel.is_im else f"#{channel.name}"


def _event(event: audit.Event) -> str:
    return _plain([event.kind, event.actor, event.item_id, event.rule, dict(event.data)])


def _plain(what: Any) -> str:
    return _BY_CHANCE.sub("~", json.dumps(what, sort_keys=True, default=str))
