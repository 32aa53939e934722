import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.incident import Dimension, IncidentId, UserId
from bot.domain.items import ItemKind
from bot.domain.opening import Draft
from bot.engine.pacing import Pacing
from bot.usecases import incidents
from storage import outbox, timers
from storage.database import Tx
from storage.tables import OUTBOX
from storage.verification import verify
from tests.faults.conftest import Note
from tests.harness.replicas import Replicas, telling_of
from tests.harness.story import ACME, Story

pytestmark = [pytest.mark.fault, pytest.mark.postgres]

TABLE = "Two replicas on PostgreSQL"
INCIDENTS = 500
SEV2 = Draft(
    title="Checkout is down",
    scores={Dimension.BUSINESS: 3, Dimension.USERS: 3, Dimension.DATA: 0, Dimension.REGULATORY: 0},
)
ANSWERS = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
NAGGED_AFTER = timedelta(minutes=7, seconds=30)


@pytest.fixture
async def story(postgres_url: str) -> AsyncIterator[Story]:
    async with telling_of(2, postgres_url) as told:
        yield told


@pytest.fixture
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pacing, "ask", lambda *_: 0.0)


def opened_quietly(tx: Tx, numbers: range, now: datetime) -> None:
    """Open incidents of which nothing is said, so that only what falls due later is."""
    for number in numbers:
        # Names of their own: the third of the same in a month would have the bot suggest a worse severity.
        named = replace(SEV2, title="Queue " + "".join(chr(ord("a") + int(digit)) for digit in str(number)))
        incidents.open_incident(
            tx, named, id=IncidentId(f"{number:032x}"), by=UserId("U0ANA"), workspace=ACME, now=now
        )
    tx.execute(update(OUTBOX).where(OUTBOX.c.done_at.is_(None)).values(done_at=now, outcome="withdrawn"))


@pytest.mark.promise("M-04")
@pytest.mark.usefixtures("no_pace")
async def test_a_thousand_items_falling_due_together_are_nagged_once_each(story: Story, note: Note) -> None:
    assert isinstance(story.world, Replicas)
    first, second = story.world.bots
    for start in range(0, INCIDENTS, 20):
        await first.db.run(opened_quietly, range(start, start + 20), story.now)
    assert await story.reads(timers.next_due) == story.now + NAGGED_AFTER

    story.world.clock.skip(NAGGED_AFTER)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(first.settle(), second.settle())
    await story.settles()
    took = asyncio.get_running_loop().time() - began

    nagged = Counter(event.item_id for event in await story.audit("ladder.nagged"))
    assert len(nagged) == 2 * INCIDENTS
    assert set(nagged.values()) == {1}
    said = Counter(
        message.metadata["event_payload"]["key"]
        for channel in story.sandbox.workspace.channels.values()
        for message in channel.messages.values()
        if message.metadata is not None
    )
    assert len(said) == 2 * INCIDENTS
    assert set(said.values()) == {1}
    assert len(await story.audit("notify.sent")) == 2 * INCIDENTS
    chain = await story.reads(verify)
    assert chain.ok, chain.why
    shares = [bot._engine.counts.fired for bot in story.world.bots]
    assert all(shares), "both replicas took their part"
    note(
        TABLE,
        what=f"{2 * INCIDENTS} items due together",
        nags=len(said),
        doubled=0,
        lost=0,
        shares="/".join(map(str, shares)),
        took=f"{took:.1f} s",
        audit_events=chain.count,
    )


@pytest.mark.promise("M-03", "M-04")
async def test_two_people_click_at_the_same_moment_on_two_replicas_and_the_second_is_told_who_won(
    story: Story, note: Note
) -> None:
    won: Counter[str] = Counter()
    people = [story.world.person(name) for name in ("ivan", "dev")]
    for number in range(1, 9):
        await story.opens("ana", f"Checkout {number} is down", **ANSWERS)
        await story.minutes_pass(16)
        buttons = [person.button("Acknowledge", on="as L2 platform") for person in people]
        before = len(await story.audit("ack.received"))
        clicks = [person.clicks_again(button) for person, button in zip(people, buttons, strict=True)]
        told = await asyncio.gather(*clicks)
        await story.settles()

        [event] = (await story.audit("ack.received"))[before:]
        winner = [person.id for person in people].index(UserId(event.actor))
        won[people[winner].name] += 1
        assert told[winner] == []
        assert people[winner].name in " ".join(told[1 - winner]), "the other is told who"
        [page] = [i for i in await story.items(number) if i.kind is ItemKind.ACKNOWLEDGE and i.role == "l2"]
        assert page.answered_by == event.actor
    assert len(await story.audit("input.rejected")) == 8, "each refusal is on record once"
    assert (await story.reads(verify)).ok
    note(
        TABLE,
        what="8 pairs of clicks on one page",
        won=" ".join(f"{who} {n}" for who, n in sorted(won.items())),
    )


@pytest.mark.promise("M-03")
async def test_two_people_decide_at_the_same_moment_on_two_replicas_and_one_decision_counts(
    story: Story, note: Note
) -> None:
    await story.opens("ana", "Checkout is down", **ANSWERS)
    room = "inc-1-checkout-is-down"
    await story.ivan.clicks("Acknowledge", on="you are asked")
    await story.caro.says("All customers see errors now, payments fail everywhere", channel=room)
    button = story.ivan.button("Approve", channel=room, on="AI suggestion")
    ivan, judy = story.world.person("ivan"), story.world.person("judy")

    told = await asyncio.gather(ivan.clicks_again(button), judy.clicks_again(button))
    await story.settles()

    [event] = await story.audit("ai.approved")
    winner = next(person for person in (ivan, judy) if person.id == event.actor)
    loser = judy if winner is ivan else ivan
    assert winner.name in " ".join(told[(ivan, judy).index(loser)])
    assert len(await story.audit("severity.changed")) == 1
    assert await story.reads(outbox.aside_ones, ACME) == ()
    note(TABLE, what="one suggestion, two approvals at once", won=f"{winner.name} 1")
