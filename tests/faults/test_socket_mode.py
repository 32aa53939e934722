import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.listeners import socket
from bot.sandbox import Fault, Person
from bot.sandbox.delivery.socket import SocketDoor
from storage import evidence
from tests.faults.conftest import Note
from tests.harness.story import Story, telling

pytestmark = pytest.mark.fault

ROOM = "inc-1-checkout-is-down"
TABLE = "Socket Mode: real seconds until the bot is connected again (ping 0.4, new address after 0.8; in production 3 and 5)"
# The bot's own patience, made shorter so that the tests are; the order of the three is the same.
SHORT = {"PING": 0.4, "LOOK": 0.1, "NEW_ADDRESS_AFTER": 0.8, "REBUILD_AFTER": 3.0}
# Whatever happens, nobody waits longer for the bot.
PATIENCE = 20.0

Break = Callable[[Story], Awaitable[None]]


@pytest.fixture
async def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    for name, seconds in SHORT.items():
        monkeypatch.setattr(socket, name, seconds)
    async with telling(tmp_path) as told:
        await told.opens("ana", "Checkout is down", Business="3", Users="3", Data="0", Regulatory="0")
        yield told


async def reconnected(door: SocketDoor, after: int) -> float:
    """Wait for a link that is newer than ``after`` and carries payloads; return how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(PATIENCE):
        while not any(link.number > after and not link.leaving and not link.silent for link in door.links):
            door._changed.clear()
            await door._changed.wait()
    return loop.time() - began


async def is_cut(story: Story) -> None:
    story.sandbox.delivery.socket.cut()


async def is_cut_and_refused_three_tickets(story: Story) -> None:
    story.sandbox.faults.add(Fault("refused_ticket", times=3))
    story.sandbox.delivery.socket.cut()


async def goes_silent(story: Story) -> None:
    story.sandbox.faults.add(Fault("silent_socket"))


async def is_warned(story: Story) -> None:
    await story.sandbox.delivery.socket.disconnect("warning")


async def is_asked_to_refresh(story: Story) -> None:
    await story.sandbox.delivery.socket.disconnect("refresh_requested")


async def is_switched_off_for_a_moment(story: Story) -> None:
    door = story.sandbox.delivery.socket
    await door.disconnect("link_disabled")
    asked = asyncio.Event()

    def knocks(moment: str, method: str, _: object) -> None:
        if (moment, method) == ("after", "apps.connections.open"):
            asked.set()

    unhook = story.sandbox.faults.on_call(knocks)
    async with asyncio.timeout(PATIENCE):
        await asked.wait()
    unhook()
    door.enable()


BREAKS: tuple[Break, ...] = (
    is_cut,
    is_cut_and_refused_three_tickets,
    goes_silent,
    is_warned,
    is_asked_to_refresh,
    is_switched_off_for_a_moment,
)


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda one: one.__name__)
async def test_the_bot_finds_back_by_itself_and_hears_what_was_said_meanwhile(
    story: Story, note: Note, breaks: Break
) -> None:
    door = story.sandbox.delivery.socket
    newest = max(link.number for link in door.links)
    story.sandbox.delivery.patience = 1.0
    incident = await story.incident()

    await breaks(story)
    meanwhile = asyncio.create_task(story.world.person("caro").says("Latency doubled", channel=ROOM))
    took = await reconnected(door, newest)
    await meanwhile
    await story.until(9, 7)

    assert len(await story.reads(evidence.said, incident.id, 10)) == 1, "said once, heard once"
    await story.ivan.clicks("Acknowledge", on="you are asked")
    assert "U0IVAN" in {event.actor for event in await story.audit("ack.received")}
    note(TABLE, what=breaks.__name__.replace("_", " "), recovered_after=f"{took:.1f} s", lost=0, doubled=0)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_is_renewed_drops_no_click(story: Story, reason: str) -> None:
    door = story.sandbox.delivery.socket
    names = ("ana", "ben", "caro", "dev", "eli", "fay", "ivan", "judy", "tess", "theo", "mona", "nils")
    people = [story.world.person(name) for name in names]
    newest = max(link.number for link in door.links)

    async def looks(person: Person) -> None:
        for _ in range(5):
            await person.runs("/incident", "list", channel="general")

    looking = asyncio.gather(*(looks(person) for person in people))
    await people[0].will_see("Checkout is down", channel="general")
    await door.disconnect("warning" if reason == "warning" else "refresh_requested")
    await reconnected(door, newest)
    await looking

    answers = [text for person in people for text in person.told]
    assert len([text for text in answers if "Checkout is down" in text]) == len(answers) == 5 * len(people)


async def test_several_connections_are_lost_one_after_the_other(story: Story, note: Note) -> None:
    door = story.sandbox.delivery.socket
    took = []
    for _ in range(5):
        newest = max(link.number for link in door.links)
        door.cut()
        took.append(await reconnected(door, newest))

    await story.ivan.clicks("Acknowledge", on="you are asked")
    assert "U0IVAN" in {event.actor for event in await story.audit("ack.received")}
    note(
        TABLE, what="is cut five times (the longest)", recovered_after=f"{max(took):.1f} s", lost=0, doubled=0
    )
