import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Sandbox
from bot.sandbox.clock import SandboxClock
from bot.sandbox.delivery.parcel import Attempt, Parcel
from bot.sandbox.delivery.socket import MOST_LINKS, envelope
from tests.sandbox.bolt_bot import BoltBot, by_socket
from tests.sandbox.bolt_parts import MANIFEST


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def new_url(sandbox: Sandbox) -> str:
    answer = await AsyncWebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    return str(answer["url"])


async def test_a_ticket_opens_one_socket_and_never_another(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    url = await new_url(sandbox)
    async with session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": "A0TOCSIN"}
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url)


async def test_a_made_up_ticket_is_refused(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = (await new_url(sandbox)).partition("ticket=")[0] + "ticket=made-up"
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await session.ws_connect(url)


async def test_each_payload_goes_to_one_socket_in_turn(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sockets = [await session.ws_connect(await new_url(sandbox)) for _ in range(2)]
    for socket in sockets:
        assert (await socket.receive_json())["type"] == "hello"
    ana = sandbox.person("ana")
    heard: list[list[str]] = [[], []]

    async def answer(number: int) -> None:
        async for message in sockets[number]:
            frame = json.loads(message.data)
            heard[number].append(frame["payload"]["event"]["text"])
            await sockets[number].send_json({"envelope_id": frame["envelope_id"]})

    answering = [asyncio.create_task(answer(number)) for number in range(2)]
    for number in range(4):
        await ana.says(f"message {number}", channel="general")
    for socket in sockets:
        await socket.close()
    await asyncio.gather(*answering)
    assert heard == [["message 0", "message 2"], ["message 1", "message 3"]]


async def test_an_eleventh_socket_is_turned_away(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    sockets = [await session.ws_connect(await new_url(sandbox)) for _ in range(MOST_LINKS + 1)]
    first = [await socket.receive_json() for socket in sockets]
    assert [frame["type"] for frame in first] == ["hello"] * MOST_LINKS + ["disconnect"]
    assert first[-1]["reason"] == "too_many_websockets"
    for socket in sockets:
        await socket.close()


async def test_the_bot_follows_a_refresh_without_missing_a_word(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    ana = sandbox.person("ana")
    async with by_socket(bot):
        first = sandbox.delivery.socket.links[0].number
        for number in range(20):
            if number == 10:
                await sandbox.delivery.socket.disconnect("refresh_requested")
            await ana.says(f"word {number}", channel="general")
        assert sandbox.delivery.socket.links[-1].number > first
        assert [event["text"] for event in bot.events("message")] == [
            f"word {number}" for number in range(20)
        ]
        assert bot.retries == []


async def test_a_warning_leaves_the_link_in_use(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    socket = await session.ws_connect(await new_url(sandbox))
    await socket.receive_json()
    await sandbox.delivery.socket.disconnect("warning")
    assert (await socket.receive_json())["reason"] == "warning"
    saying = asyncio.create_task(sandbox.person("ana").says("still here", channel="general"))
    frame = await socket.receive_json()
    await socket.send_json({"envelope_id": frame["envelope_id"]})
    await saying
    assert frame["payload"]["event"]["text"] == "still here"
    await socket.close()


async def test_no_ticket_is_given_while_socket_mode_is_switched_off(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    socket = await session.ws_connect(await new_url(sandbox))
    await socket.receive_json()
    await sandbox.delivery.socket.disconnect("link_disabled")
    assert (await socket.receive_json())["reason"] == "link_disabled"
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    with pytest.raises(SlackApiError):
        await new_url(sandbox)
    sandbox.delivery.socket.enable()
    assert await new_url(sandbox)
    await socket.close()


async def test_a_refused_ticket_is_of_no_use_until_the_bot_asks_for_a_new_one(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("refused_ticket"))
    bot = BoltBot(sandbox)
    connecting = asyncio.create_task(_connect(bot))
    await sandbox.delivery.socket.has_refused(2)
    assert sandbox.delivery.socket.links == ()
    bot.forget_address()
    await connecting
    await sandbox.person("ana").says("hello again", channel="general")
    assert bot.events("message")[0]["text"] == "hello again"
    await bot.disconnect()


async def _connect(bot: BoltBot) -> None:
    await bot.connect(ping_interval=0.05)


async def test_what_a_silent_socket_swallowed_comes_again_by_the_next_one(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    sandbox.delivery.patience = 0.3
    async with by_socket(bot, ping_interval=0.1):
        sandbox.faults.add(Fault("silent_socket"))
        await sandbox.person("ana").says("into the void", channel="general")
        assert bot.heard == []
        await bot.until(lambda: bool(bot.heard))
        assert bot.events("message")[0]["text"] == "into the void"
        assert bot.retries == ["1"]


async def test_a_broken_connection_is_made_again(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    async with by_socket(bot, ping_interval=0.1):
        sandbox.delivery.socket.cut()
        await sandbox.person("ana").says("after the break", channel="general")
        await bot.until(lambda: bool(bot.events("message")))
        assert bot.events("message")[0]["text"] == "after the break"


async def test_only_the_answers_slack_reads_are_read(sandbox: Sandbox) -> None:
    bot = BoltBot(sandbox)
    async with by_socket(bot):
        assert await sandbox.person("ana").runs("/echo", "one") == ["You said one"]
        await sandbox.person("ana").uses_shortcut("Open an incident")
    taken = {parcel.kind: (parcel.takes_answer, answer.body) for parcel, answer in sandbox.delivery.answers}
    assert taken["slash_commands"] == (True, {"text": "You said one"})
    assert taken["interactive"] == (False, None)


def _paths(value: Any, at: str = "") -> set[str]:
    if isinstance(value, dict):
        return {at}.union(*(_paths(inner, f"{at}.{name}") for name, inner in value.items()))
    return {at}


def test_frames_have_the_shape_of_recorded_ones(slackdata: Path) -> None:
    recorded = json.loads((slackdata / "python-sdk-fixtures" / "socket_mode_frames.json").read_text())
    for frame in recorded["socket_mode_envelopes"]:
        parcel = Parcel(
            kind=frame["type"], payload=frame["payload"], takes_answer=frame["accepts_response_payload"]
        )
        assert envelope(frame["envelope_id"], parcel, Attempt()) == frame


async def test_hello_and_goodbye_have_the_shape_of_recorded_ones(
    slackdata: Path, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    recorded = json.loads((slackdata / "python-sdk-fixtures" / "socket_mode_frames.json").read_text())
    async with session.ws_connect(await new_url(sandbox)) as socket:
        assert _paths(await socket.receive_json()) == _paths(recorded["socket_mode_hello_message"])
        await sandbox.delivery.socket.disconnect("refresh_requested")
        assert _paths(await socket.receive_json()) == _paths(recorded["socket_mode_disconnect_message"])
