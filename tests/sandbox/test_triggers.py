import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Sandbox
from bot.sandbox.clock import SandboxClock
from tests.sandbox.bolt_parts import MANIFEST, card, form


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


async def opening(client: AsyncWebClient, trigger_id: str) -> str:
    """Open a form with this trigger; return Slack's error, or nothing."""
    try:
        await client.views_open(trigger_id=trigger_id, view=form())
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""


async def test_a_trigger_opens_one_form(sandbox: Sandbox, client: AsyncWebClient) -> None:
    trigger = sandbox.delivery.triggers.issue("U0ANA")
    assert await opening(client, trigger) == ""
    assert await opening(client, trigger) == "exchanged_trigger_id"
    assert sandbox.person("ana").form is not None


async def test_a_trigger_lives_three_seconds(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    first, second = (sandbox.delivery.triggers.issue("U0ANA") for _ in range(2))
    clock.skip(timedelta(seconds=3))
    assert await opening(client, first) == ""
    clock.skip(timedelta(milliseconds=1))
    assert await opening(client, second) == "expired_trigger_id"


async def test_a_made_up_trigger_is_invalid(client: AsyncWebClient, sandbox: Sandbox) -> None:
    assert await opening(client, "111.222.made-up") == "invalid_trigger_id"


async def test_a_refused_form_leaves_its_trigger_for_a_better_one(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    trigger = sandbox.delivery.triggers.issue("U0ANA")
    with pytest.raises(SlackApiError):
        await client.views_open(trigger_id=trigger, view={"type": "modal", "blocks": []})
    assert await opening(client, trigger) == ""


class Answers:
    """Posts to one response URL and returns status and words."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def __call__(self, **body: object) -> tuple[int, str]:
        async with self._session.post(self._url, json=body) as response:
            return response.status, await response.text()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def answer(sandbox: Sandbox, session: aiohttp.ClientSession) -> Answers:
    return Answers(session, sandbox.delivery.response_urls.issue(user="U0ANA", channel="C0RANDOM"))


async def test_a_response_url_answers_five_times_even_where_the_bot_is_not(
    sandbox: Sandbox, answer: Answers
) -> None:
    for number in range(5):
        assert await answer(text=f"answer {number}") == (200, "ok")
    assert await answer(text="one more") == (404, "used_url")
    assert sandbox.person("ana").told == [f"answer {number}" for number in range(5)]
    assert not sandbox.person("ben").sees("answer")


async def test_a_response_url_lives_thirty_minutes(answer: Answers, clock: SandboxClock) -> None:
    clock.skip(timedelta(minutes=30))
    assert await answer(text="in time") == (200, "ok")
    clock.skip(timedelta(seconds=1))
    assert await answer(text="too late") == (404, "expired_url")


async def test_an_answer_may_be_for_all_replace_or_delete(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    workspace = sandbox.workspace
    general = workspace.channels["C0GENERAL"]
    message = workspace.post(general, user=workspace.bot.id, text="Asking", blocks=card("Asking"))
    url = sandbox.delivery.response_urls.issue(user="U0ANA", channel=general.id, message_ts=message.ts)
    answer = Answers(session, url)
    ben = sandbox.person("ben")

    await answer(text="For all", response_type="in_channel")
    assert ben.reads("general")[-1] == "For all"
    await answer(text="Answered", replace_original=True)
    assert ben.reads("general")[0] == "Answered"
    await answer(delete_original=True)
    assert ben.reads("general") == ["For all"]


async def test_an_answer_without_words_or_with_impossible_blocks_is_refused(
    sandbox: Sandbox, answer: Answers
) -> None:
    assert await answer(response_type="in_channel") == (400, "no_text")
    sandbox.violations.clear()
    status, words = await answer(text="x", blocks=[{"type": "section"}])
    assert (status, words) == (400, "invalid_blocks")
    assert sandbox.violations[0].startswith("response_url: invalid_blocks")


async def test_faults_strike_response_urls_too(sandbox: Sandbox, answer: Answers) -> None:
    sandbox.faults.add(Fault("server_error_before", "response_url"))
    assert (await answer(text="lost"))[0] == 500
    sandbox.faults.add(Fault("abort_after", "response_url"))
    with pytest.raises(aiohttp.ClientError):
        await answer(text="said, but unheard")
    await asyncio.sleep(0)
    assert sandbox.person("ana").told == ["said, but unheard"]
