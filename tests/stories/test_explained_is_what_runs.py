"""What `explain` says is what the bot does: random cases are rehearsed, then lived through by a bot in the sandbox."""

import asyncio
import heapq
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import packs
from bot.cli import manifest
from bot.cli.world import World
from bot.clock import AdjustableClock
from bot.domain.decision import Fact, person
from bot.domain.errors import BotError
from bot.domain.incident import Dimension, UserId
from bot.domain.items import Item, ItemId, ItemKind
from bot.domain.opening import Draft
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from bot.domain.timeline import Row
from bot.rehearsal import telling
from bot.rehearsal.memory import Recorded
from bot.rehearsal.playing import Answer, Case, Reaction, play
from bot.usecases import incidents, items, people
from storage import items as item_rows
from tests.harness.story import ACME, Story
from tests.stories.rota import CARO, DEV, on_rota, turns

POLICY = packs.load()
# L2 changes hands every night at half past two, a time that the night of the clock change does not have.
NIGHTLY = on_rota(turns(CARO, DEV, "tess@acme.example", every="daily", weekday=None, handoff=time(2, 30)))
ANA = UserId("U0ANA")
NAMES = ("ana", "ben", "caro", "dev", "eli", "fay", "ivan", "judy", "tess", "theo", "mona", "nils", "xena")
# What happens to people; the rest of the audit log is about channels and deliveries.
TOLD = (
    "ladder.",
    "ack.",
    "nextstep.",
    "settle.",
    "comms.",
    "approval.",
    "target.",
    "threshold.",
    "task.",
    "stopline.",
    "severity.",
)
SUNDAY_MORNING = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)

Seen = tuple[float, str, str | None, tuple[str, ...], str, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A random case: how bad, about what, when, who is away, and what each person does when called, after some seconds."""

    on_rota: bool
    scores: tuple[int | None, ...]
    kind: str
    service: str
    identity: str
    trigger: str
    conditions: frozenset[str]
    visible: bool
    opens: datetime
    away: frozenset[str]
    does: dict[str, tuple[int, Answer]]
    hears_reminders: bool
    lasts: timedelta

    @property
    def policy(self) -> Policy:
        return NIGHTLY if self.on_rota else POLICY

    @property
    def draft(self) -> Draft:
        asked = (Dimension.BUSINESS, Dimension.USERS, Dimension.DATA, Dimension.REGULATORY)
        scores = dict(zip(asked, self.scores, strict=True))
        return Draft(
            title="Checkout is down",
            scores=scores,
            kind=self.kind,
            service=self.service,
            identity=self.identity,
            trigger=self.trigger,
            conditions=dict.fromkeys(sorted(self.conditions), False),
            customer_visible=self.visible,
        )

    def reacts(self, user: UserId, _item: Item, _now: datetime, is_reminder: bool) -> Reaction | None:
        doing = self.does.get(str(user).removeprefix("U0").lower())
        if doing is None or (is_reminder and not self.hears_reminders):
            return None
        return Reaction(timedelta(seconds=doing[0]), doing[1])


def lives(*lasts: timedelta) -> st.SearchStrategy[Life]:
    return st.builds(
        Life,
        on_rota=st.booleans(),
        scores=st.tuples(*[st.sampled_from((None, 0, 1, 2, 3, 4))] * 4),
        kind=st.sampled_from(("", *POLICY.kinds)),
        service=st.sampled_from(("", *POLICY.services)),
        identity=st.sampled_from(("", *POLICY.identities)),
        trigger=st.sampled_from(("", *POLICY.triggers)),
        conditions=st.frozensets(st.sampled_from(tuple(POLICY.stop_the_line.conditions)), max_size=1),
        visible=st.booleans(),
        opens=st.integers(0, 14 * 24 * 60).map(lambda minutes: SUNDAY_MORNING + timedelta(minutes=minutes)),
        away=st.frozensets(st.sampled_from(NAMES), max_size=4),
        does=st.dictionaries(
            st.sampled_from(NAMES),
            st.tuples(
                st.integers(0, 40 * 60), st.sampled_from((Answer.ACKNOWLEDGE,) * 3 + (Answer.DECLINE,))
            ),
            max_size=5,
        ),
        hears_reminders=st.booleans(),
        lasts=st.sampled_from(lasts),
    )


def holds(life: Life) -> None:
    lived, directory = asyncio.run(_lived(life))
    case = Case(draft=life.draft, at=life.opens, reacts=life.reacts, by=ANA, until=life.lasts)
    played = play(life.policy, directory, case)
    rehearsed = _seen(telling.rows(played.recorded, life.policy, life.opens))
    assert rehearsed == lived


@settings(max_examples=8)
@given(life=lives(timedelta(minutes=25)))
@pytest.mark.promise("S3-04", "S3-05")
def test_what_is_explained_is_what_the_bot_does(life: Life) -> None:
    holds(life)


@pytest.mark.slow
@settings(max_examples=16)
@given(life=lives(timedelta(minutes=40), timedelta(hours=2)))
def test_what_is_explained_is_what_the_bot_does_in_many_cases(life: Life) -> None:
    holds(life)


async def _lived(life: Life) -> tuple[list[Seen], Directory]:
    """Have the bot live through a case, with people who do as the case says; return what its audit log tells."""
    with tempfile.TemporaryDirectory() as home:
        world = World(
            manifest=manifest.load(),
            clock=AdjustableClock(life.opens, running=False),
            database_url=f"sqlite:///{Path(home) / 'tocsin.db'}",
            policy=life.policy,
        )
        for user in world.sandbox.workspace.users.values():
            user.deleted = user.deleted or user.name in life.away
        await world.start()
        try:
            story = Story(world)
            await story.settles()
            directory = await story.reads(people.everyone, workspace=ACME)
            await _Living(life, story).through()
            return _seen(telling.rows(await _recorded(story), life.policy, life.opens)), directory
        finally:
            await world.stop()


@dataclass
class _Living:
    life: Life
    story: Story
    agenda: list[tuple[datetime, str, str, int, Answer]] = field(default_factory=list)
    read: int = 0

    async def through(self) -> None:
        world, last = self.story.world, self.life.opens + self.life.lasts
        await self.story.asks(incidents.open_incident, self.life.draft, id="i1", by=ANA)
        await self._hear()
        while True:
            moments = [
                at for at in (await world.next_due(), *(a[0] for a in self.agenda[:1])) if at is not None
            ]
            if not moments or min(moments) > last:
                return
            world.clock.set(max(min(moments), self.story.now))
            await self.story.settles()
            await self._hear()
            while self.agenda and self.agenda[0][0] <= self.story.now:
                _, user, item_id, _, answer = heapq.heappop(self.agenda)
                await self._act(UserId(user), ItemId(item_id), answer)
                await self._hear()

    async def _act(self, user: UserId, item_id: ItemId, answer: Answer) -> None:
        try:
            if answer is Answer.ACKNOWLEDGE:
                await self.story.asks(items.acknowledge, item_id, by=user)
            else:
                await self.story.asks(items.decline, item_id, "", by=user)
        except BotError:
            pass  # somebody was first

    async def _hear(self) -> None:
        """Note what people will do about each page and reminder that has reached them since."""
        events = await self.story.audit("notify.sent")
        for number, event in enumerate(events[self.read :], start=self.read):
            user = person(event.data["to"])
            if user is None or event.item_id is None or event.data["notice"] not in ("page", "nag"):
                continue
            item = await self.story.reads(item_rows.load, event.item_id)
            reaction = self.life.reacts(user, item, event.at, event.data["notice"] == "nag")
            if reaction is not None and item.kind is ItemKind.ACKNOWLEDGE:
                heapq.heappush(
                    self.agenda, (event.at + reaction.after, user, item.id, number, reaction.answer)
                )
        self.read = len(events)


async def _recorded(story: Story) -> list[Recorded]:
    return [
        Recorded(
            at=event.at,
            by=event.actor,
            fact=Fact(kind=event.kind, data=event.data, item_id=event.item_id, rule=event.rule),
        )
        for event in await story.audit()
        # What the opening leaves on the desk, such as an identity that nobody owns, is no part of the incident's own story.
        if event.kind.startswith(TOLD) and event.incident_id == "i1"
    ]


def _seen(rows: tuple[Row, ...]) -> list[Seen]:
    return [
        (row.offset.total_seconds(), row.kind, row.role, row.people, row.reason, row.rung, row.round)
        for row in rows
        if row.kind.startswith(TOLD)
    ]
