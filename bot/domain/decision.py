"""What a rule decided: a value that lists every consequence, applied by `storage.apply`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from bot.domain.covers import Cover
from bot.domain.incident import Incident, IncidentId, UserId
from bot.domain.items import Item, ItemId


class Lane(IntEnum):
    """How urgent a notice is; a lower lane is always sent first."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class TimerKind(StrEnum):
    """What falls due. The first group belongs to an item, the second to the incident."""

    NAG = "nag"
    RUNG = "rung"
    LEASE = "lease"
    ALARM = "alarm"
    HALF = "half"
    EXPIRE = "expire"
    REMIND = "remind"
    OVERDUE = "overdue"
    BACKUP = "backup"

    ARCHIVE = "archive"
    CONTAIN = "contain"
    RESOLVE = "resolve"
    THRESHOLD = "threshold"
    SHIFT = "shift"
    GAPS = "gaps"
    REVIEW = "review"
    READINESS = "readiness"


class NoticeKind(StrEnum):
    """What the courier does: a Slack operation, or a message that `blocks.render` draws at the moment of sending."""

    CREATE_CHANNEL = "channel.create"
    SET_TOPIC = "channel.topic"
    SET_PURPOSE = "channel.purpose"
    BOOKMARK = "channel.bookmark"
    INVITE = "channel.invite"
    ARCHIVE_CHANNEL = "channel.archive"
    PIN = "message.pin"
    REDRAW = "message.update"

    CARD = "card"
    NO_CHANNEL = "no_channel"
    ANNOUNCEMENT = "announcement"
    PAGE = "page"
    NAG = "nag"
    ALARM = "alarm"
    APPROVAL = "approval"
    HALF_TIME = "half_time"
    STAGE_TEXT = "stage_text"
    UPDATE = "update"
    REMINDER = "reminder"
    OFFER = "offer"
    SHIFT = "shift"
    POLICY_REVIEW = "policy_review"
    READINESS = "readiness"
    LINE = "line"


# Notices that ask somebody to answer: pointless once the item is answered, so they are withdrawn when it goes quiet.
CALLS = frozenset({NoticeKind.PAGE, NoticeKind.NAG, NoticeKind.HALF_TIME, NoticeKind.REMINDER})

# How long direct messages of an opening wait at most for the channel, so that they can name it.
HEAD_START = timedelta(seconds=1)

# Where a notice goes, resolved to a channel id when it is sent.
INCIDENT = "incident"
ANNOUNCEMENTS = "announcements"
CATCH_ALL = "catch_all"
CUSTOMERS = "customers"
EXECUTIVES = "executives"


_DIRECT = "user:"


def direct(user: str) -> str:
    """Return the address of a person's direct messages."""
    return f"{_DIRECT}{user}"


def person(to: str) -> UserId | None:
    """Return whose direct messages an address means; None for a channel."""
    return UserId(to.removeprefix(_DIRECT)) if to.startswith(_DIRECT) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One audit event to be: what happened, to which item, by which rule."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    item_id: ItemId | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be said or done in Slack, later, by the courier.

    ``key`` is the idempotency key: the same key is enqueued once and posted once. ``to`` is one of the addresses above,
    ``direct(user)`` or ``channel:C123``. A notice to INCIDENT waits until the channel exists. ``data`` is small JSON; state is
    loaded fresh when the notice is drawn.
    """

    kind: NoticeKind
    to: str
    key: str
    lane: Lane = Lane.NORMAL
    item_id: ItemId | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something that falls due: unique by item (or incident) and kind, so setting it again moves it."""

    kind: TimerKind
    incident_id: IncidentId
    item_id: ItemId | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is noted of a version of the policy: that it is in force from now on, endorsed, or reviewed again.

    People are noted by name, as the log of versions shows them; the audit trail has their ids.
    """

    version: str
    in_force: bool = False
    approved_by: tuple[str, ...] = ()
    endorsed_by: str = ""
    reviewed_by: str = ""
    review_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Every consequence of one rule.

    ``items`` are created or changed; ``quiet`` lists items all of whose timers are cancelled *before* ``timers`` are set (and
    whose unsent pages and nags are withdrawn). ``hush`` does the same for the incident's own timers. ``standings`` are noted in
    the log of policy versions. ``covers`` are places taken on call, ``uncovered`` the ids of those given back.
    """

    incident: Incident
    items: tuple[Item, ...] = ()
    facts: tuple[Fact, ...] = ()
    notices: tuple[Notice, ...] = ()
    timers: tuple[Timer, ...] = ()
    quiet: tuple[ItemId, ...] = ()
    hush: bool = False
    standings: tuple[Standing, ...] = ()
    covers: tuple[Cover, ...] = ()
    uncovered: tuple[str, ...] = ()

    def then(self, after: "Decision") -> "Decision":
        """Return both decisions as one; the later incident and the later form of an item win."""
        items = {item.id: item for item in self.items} | {item.id: item for item in after.items}
        kept = (
            t for t in self.timers if t.item_id not in after.quiet and not (after.hush and t.item_id is None)
        )
        said = (n for n in self.notices if not (n.item_id in after.quiet and n.kind in CALLS))
        return replace(
            self,
            incident=after.incident,
            items=tuple(items.values()),
            facts=self.facts + after.facts,
            notices=(*said, *after.notices),
            timers=(*kept, *after.timers),
            quiet=self.quiet + after.quiet,
            hush=self.hush or after.hush,
            standings=self.standings + after.standings,
            covers=self.covers + after.covers,
            uncovered=self.uncovered + after.uncovered,
        )
