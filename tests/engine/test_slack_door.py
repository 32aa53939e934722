import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.slack import Later, Never, Sent, SlackDoor, connect

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SmallSlack:
    """Answers every method as the test says, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.answer: Answer = self.fine
        self.url = ""

    async def fine(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "ts": "1.2"})

    def says(self, status: int = 200, body: object = None, **headers: str) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.json_response(body, status=status, headers=given)

        self.answer = answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.match_info["method"], dict(request.query), await request.text()))
        return await self.answer(request)


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    small = SmallSlack()
    app = web.Application()
    app.router.add_post("/api/{method}", small.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    small.url = f"http://{host}:{port}/api/"
    yield small
    await runner.cleanup()


@pytest.fixture
async def door(slack: SmallSlack) -> AsyncIterator[SlackDoor]:
    opened = SlackDoor(connect("xoxb-1", slack.url))
    yield opened
    await opened.close()


async def test_what_worked_brings_slacks_answer(slack: SmallSlack, door: SlackDoor) -> None:
    outcome = await door.call("chat.postMessage", channel="C1", text="hello", thread_ts=None)

    assert outcome == Sent(response={"ok": True, "ts": "1.2"})
    assert json.loads(slack.asked[0][2]) == {"channel": "C1", "text": "hello"}


async def test_lists_and_flags_go_as_slack_reads_them(slack: SmallSlack, door: SlackDoor) -> None:
    await door.call("conversations.invite", channel="C1", users=["U1", "U2"], force=True, cursor=None)

    assert slack.asked[0][1] == {"channel": "C1", "users": "U1,U2", "force": "1"}


async def test_a_429_says_how_long_to_wait_and_is_not_repeated(slack: SmallSlack, door: SlackDoor) -> None:
    slack.says(429, {"ok": False, "error": "ratelimited"}, Retry_After="17")

    outcome = await door.call("conversations.create", name="inc-1")

    assert outcome == Later(after=17.0, why="ratelimited", limited=True)
    assert len(slack.asked) == 1


@pytest.mark.parametrize("retry_after", ["soon", "", "-3"])
async def test_a_429_with_a_strange_header_waits_a_second(
    slack: SmallSlack, door: SlackDoor, retry_after: str
) -> None:
    slack.says(429, {"ok": False, "error": "ratelimited"}, Retry_After=retry_after)

    outcome = await door.call("pins.add", channel="C1")

    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.unsure) == (1.0, False)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"ok": False, "error": "internal_error"}),
        (503, {"ok": False}),
        (200, {"ok": False, "error": "fatal_error"}),
        (502, "gateway"),
        (200, {}),
    ],
)
async def test_after_an_ambiguous_answer_nobody_claims_to_know(
    slack: SmallSlack, door: SlackDoor, status: int, body: object
) -> None:
    slack.says(status, body)

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")

    assert isinstance(outcome, Later)
    assert outcome.unsure
    assert len(slack.asked) == 1, "a second post could be a second message"


async def test_an_answer_that_is_no_json_is_ambiguous(slack: SmallSlack, door: SlackDoor) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>sorry</html>", content_type="text/html", status=502)

    slack.answer = page

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")

    assert isinstance(outcome, Later)
    assert outcome.unsure


async def test_a_cut_connection_is_ambiguous(slack: SmallSlack, door: SlackDoor) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    slack.answer = cut

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")

    assert isinstance(outcome, Later)
    assert outcome.unsure
    assert not outcome.reached
    assert len(slack.asked) == 1


async def test_a_slack_that_does_not_answer_is_given_up_in_time(slack: SmallSlack) -> None:
    door = SlackDoor(connect("xoxb-1", slack.url), timeout=0.3)
    never = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    slack.answer = silent

    outcome = await door.call("chat.update", channel="C1", ts="1.2", text="hello")
    never.set()
    await door.close()

    assert isinstance(outcome, Later)
    assert outcome.unsure
    assert not outcome.reached


async def test_where_no_connection_was_made_nothing_can_have_happened() -> None:
    door = SlackDoor(connect("xoxb-1", "http://127.0.0.1:9/api/"))

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")
    await door.close()

    assert isinstance(outcome, Later)
    assert not outcome.unsure
    assert not outcome.reached


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "missing_scope", "invalid_blocks"])
async def test_a_refusal_is_final_and_keeps_what_slack_said(
    slack: SmallSlack, door: SlackDoor, code: str
) -> None:
    slack.says(200, {"ok": False, "error": code, "needed": "chat:write"})

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")

    assert outcome == Never(reason=code, response={"ok": False, "error": code, "needed": "chat:write"})


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_locked_out_app_keeps_its_messages(slack: SmallSlack, door: SlackDoor, code: str) -> None:
    slack.says(200, {"ok": False, "error": code})

    outcome = await door.call("chat.postMessage", channel="C1", text="hello")

    assert isinstance(outcome, Later)
    assert outcome.reached
    assert not outcome.unsure
