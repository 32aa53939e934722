from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from tests.sandbox.asking import refusal, refused
from tests.sandbox.conftest import MANIFEST


async def test_a_call_without_its_scope_says_which_was_needed(clock: SandboxClock) -> None:
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes={"chat:write", "users:read"}) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        await client.chat_postMessage(channel="C0GENERAL", text="hello")
        answer = await refusal(client.conversations_create(name="inc-1-x"))

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "channels:manage"
    assert answer["provided"] == "chat:write,users:read"
    assert sandbox.violations == ["conversations.create: missing_scope"]


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("conversations.create", {"name": "x", "is_private": "1"}, "groups:write"),
        ("conversations.history", {"channel": "C0GENERAL"}, "channels:history"),
        ("conversations.list", {"types": "public_channel,private_channel"}, "channels:read"),
        ("conversations.open", {"users": "U0ANA"}, "im:write"),
        ("conversations.open", {"users": "U0ANA,U0BEN"}, "mpim:write"),
        ("conversations.invite", {"channel": "C0GENERAL", "users": "U0GUS"}, "channels:manage"),
        ("usergroups.list", {}, "usergroups:read"),
        ("users.lookupByEmail", {"email": "ana@acme.example"}, "users:read.email"),
    ],
)
async def test_the_scope_depends_on_the_kind_of_conversation(
    clock: SandboxClock, method: str, args: dict[str, Any], needed: str
) -> None:
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes=()) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        answer = await refusal(client.api_call(method, params=args))

    assert answer["needed"].split(",")[0] == needed


async def test_a_message_under_another_name_needs_a_scope_of_its_own(clock: SandboxClock) -> None:
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes={"chat:write"}) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        answer = await refusal(client.chat_postMessage(channel="C0GENERAL", text="x", username="Boss"))

    assert answer["needed"] == "chat:write.customize"


async def test_posting_where_the_app_is_not_takes_a_scope_for_it(clock: SandboxClock) -> None:
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes={"chat:write"}) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        assert await refused(client.chat_postMessage(channel="C0RANDOM", text="x")) == "not_in_channel"

    public = {"chat:write", "chat:write.public"}
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes=public) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        assert (await client.chat_postMessage(channel="C0RANDOM", text="x"))["ok"]


async def test_emails_are_shown_only_to_who_may_read_them(clock: SandboxClock) -> None:
    async with Sandbox(manifest=MANIFEST, clock=clock, bot_scopes={"users:read"}) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        profile = (await client.users_info(user="U0ANA"))["user"]["profile"]

    assert "email" not in profile


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-another", "invalid_auth"),
        ("xapp-1-A0TOCSIN-sandbox", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_opens_nothing(sandbox: Sandbox, token: str, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=sandbox.api_url)

    assert await refused(client.users_list()) == error
    assert len(sandbox.violations) == 1


async def test_an_unknown_method_is_an_answer_and_a_violation(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    assert await refused(client.api_call("chat.shout", json={"text": "x"})) == "unknown_method"
    assert sandbox.violations == ["chat.shout: unknown_method"]


async def test_an_argument_slack_does_not_know_is_a_violation(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    await client.chat_postMessage(channel="C0GENERAL", text="x", colour="red")

    assert sandbox.violations == ["chat.postMessage: it has no argument 'colour'"]


async def test_a_missing_argument_is_named(client: AsyncWebClient, sandbox: Sandbox) -> None:
    answer = await refusal(client.api_call("pins.list"))

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert len(sandbox.violations) == 1


async def test_json_is_not_read_where_slack_does_not_read_it(
    client: AsyncWebClient, sandbox: Sandbox
) -> None:
    call = client.api_call("users.info", json={"user": "U0ANA"})

    assert await refused(call) == "invalid_arguments"
    assert sandbox.violations[0] == "users.info: it does not read JSON; the body was ignored"


async def test_every_call_is_remembered_with_what_became_of_it(
    client: AsyncWebClient, sandbox: Sandbox, clock: SandboxClock
) -> None:
    await client.chat_postMessage(channel="C0GENERAL", text="x")
    await refused(client.conversations_create(name="general"))

    first, second = sandbox.calls
    assert (first.method, first.args["text"], first.at) == ("chat.postMessage", "x", clock())
    assert (first.ok, first.status, first.took_effect) == (True, 200, True)
    assert (second.ok, second.error, second.took_effect) == (False, "name_taken", False)
