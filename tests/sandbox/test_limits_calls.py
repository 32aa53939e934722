from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.asking import refusal, refused

Json = dict[str, Any]

OVERFULL = {"event_type": "x", "event_payload": {"k": "v" * 8000}}


async def test_bad_blocks_are_refused_with_reasons_and_listed(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    call = client.chat_postMessage(channel="C0GENERAL", text="hello", blocks=[{"type": "header"}])
    answer = await refusal(call)

    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]
    assert sandbox.violations == [
        "chat.postMessage: invalid_blocks; [ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]
    general = sandbox.workspace.channels["C0GENERAL"]
    assert general.messages == {}, "nothing of a refused message is shown"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"markdown_text": "a", "text": "b"}, "markdown_text_conflict"),
        ({"text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "a", "metadata": OVERFULL}, "metadata_too_large"),
        ({"text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "a", "blocks": "not json"}, "invalid_blocks_format"),
    ],
)
async def test_a_message_slack_would_not_post_is_not_posted(
    client: AsyncWebClient, sandbox: Sandbox, said: Json, error: str
) -> None:
    answer = await refusal(client.api_call("chat.postMessage", json={"channel": "C0GENERAL", **said}))

    assert answer["error"] == error
    assert len(sandbox.violations) == 1


async def test_a_long_text_is_cut_when_posted_and_refused_when_it_replaces(client: AsyncWebClient) -> None:
    sent = await client.chat_postMessage(channel="C0GENERAL", text="x" * 50_000)
    assert len(sent["message"]["text"]) == 40_000

    edit = client.chat_update(channel="C0GENERAL", ts=sent["ts"], text="x" * 4_001)
    assert await refused(edit) == "msg_too_long"


async def test_a_hundred_people_are_invited_at_once_and_no_more(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    crowd = [f"U{number:05d}" for number in range(101)]
    call = client.conversations_invite(channel="C0GENERAL", users=crowd, force=True)

    assert await refused(call) == "invalid_arguments"
    assert "no more than 100 ids in one call" in sandbox.violations[0]


@pytest.mark.parametrize("what", ["topic", "purpose"])
async def test_a_topic_or_purpose_has_250_characters(client: AsyncWebClient, what: str) -> None:
    channel = (await client.conversations_create(name="inc-1-x"))["channel"]["id"]
    call = client.conversations_setTopic if what == "topic" else client.conversations_setPurpose

    await call(channel=channel, **{what: "x" * 250})
    assert await refused(call(channel=channel, **{what: "x" * 251})) == "too_long"
