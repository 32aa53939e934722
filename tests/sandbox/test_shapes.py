import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, web_api
from bot.sandbox.limits.arguments import FORMS
from bot.sandbox.limits.rates import QUOTAS
from bot.sandbox.limits.scopes import SCOPES
from bot.sandbox.web_api import METHODS
from tests.sandbox.asking import new_channel

Documented = dict[str, dict[str, Any]]

# The reference data says of itself that it lacks this one.
UNDOCUMENTED_ARGUMENTS = {("chat.postMessage", "client_msg_id")}
# Codes that every method shares, which the reference data therefore does not repeat.
EVERYWHERE = {
    "invalid_arguments",
    "is_archived",
    "missing_scope",
    "not_in_channel",
    "permission_denied",
    "restricted_action",
    "user_not_found",
}


def test_every_method_has_its_arguments_scopes_and_rate() -> None:
    assert set(METHODS) == set(FORMS) == set(SCOPES) == set(QUOTAS)


@pytest.mark.parametrize("method", sorted(FORMS))
def test_a_method_takes_the_arguments_slack_documents(method: str, documented: Documented) -> None:
    form, page = FORMS[method], documented[method]

    ours = {name for name in (*form.required, *form.optional) if (method, name) not in UNDOCUMENTED_ARGUMENTS}
    assert ours <= set(page["args"])
    assert set(page["required"]) <= set(form.required)
    assert form.json == page["json"]


@pytest.mark.parametrize("method", sorted(SCOPES))
def test_a_method_needs_scopes_slack_documents(method: str, documented: Documented) -> None:
    ours = {scope for enough in SCOPES[method].values() for scope in enough}
    page = set(documented[method]["bot_scopes"] or ())

    assert ours <= page
    assert bool(ours) == bool(page)


def codes_of(family: str) -> set[str]:
    """Every error code that a file of the Web API can answer, read from its source."""
    source = Path(web_api.__file__).with_name(f"{family}.py").read_text()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) in ("Refused", "Refused.invalid")
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


FAMILIES = {
    "auth": ("team.", "bots."),
    "bookmarks": ("bookmarks.",),
    "chat": ("chat.",),
    "conversations": ("conversations.",),
    "history": ("conversations.",),
    "membership": ("conversations.",),
    "pins": ("pins.",),
    "reactions": ("reactions.",),
    "uploads": ("files.",),
    "usergroups": ("usergroups.",),
    "users": ("users.",),
    "views": ("views.",),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_refusal_uses_a_code_slack_documents_for_that_family(family: str, documented: Documented) -> None:
    known = {
        code
        for method, page in documented.items()
        if method.startswith(FAMILIES[family])
        for code in page["errors"]
    }

    codes = codes_of(family)
    assert codes
    assert codes <= known | EVERYWHERE


def paths(value: Any, prefix: str = "") -> set[str]:
    """The key paths of an answer, without what apps put into it themselves."""
    if isinstance(value, list):
        return {path for item in value for path in paths(item, f"{prefix}[]")}
    if not isinstance(value, dict):
        return set()
    found = set()
    for name, inner in value.items():
        found.add(f"{prefix}.{name}")
        if name not in ("blocks", "metadata", "values", "reactions", "args", "files"):
            found |= paths(inner, f"{prefix}.{name}")
    return found


MESSAGE = re.compile(r"^.*?\.(?:message|messages\[\])(\..*)$")
# Documented by Slack, and absent from recordings that were made without pins, forms filled in and renames.
UNRECORDED = {
    "conversations.history .messages[].name",
    "conversations.history .messages[].old_name",
    "conversations.history .messages[].pinned_to",
    "conversations.open .channel.is_user_deleted",
    "conversations.replies .messages[].pinned_to",
    "pins.list .items[].channel",
    "pins.list .items[].message",
    "pins.list .items[].message.pinned_to",
    "reactions.get .message.pinned_to",
    "usergroups.list .usergroups[].auto_type",
    "views.open .view.state.values",
    "views.publish .view.state.values",
    "views.push .view.state.values",
    "views.update .view.state.values",
}


async def everything(client: AsyncWebClient, sandbox: Sandbox) -> None:
    """Call each method once so that it answers well."""
    channel = await new_channel(client)
    await client.auth_test()
    await client.apps_connections_open(app_token=sandbox.app_token)
    await client.team_info()
    await client.bots_info(bot="B0TOCSIN")
    await client.conversations_setTopic(channel=channel, topic="t")
    await client.conversations_setPurpose(channel=channel, purpose="p")
    await client.conversations_invite(channel=channel, users=["U0ANA", "U0DELA"], force=True)
    await client.conversations_rename(channel=channel, name="inc-1-renamed")
    card = await client.chat_postMessage(channel=channel, text="card")
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=card["ts"])
    await client.chat_update(channel=channel, ts=card["ts"], text="edited")
    await client.chat_postEphemeral(channel=channel, user="U0ANA", text="psst")
    await client.chat_getPermalink(channel=channel, message_ts=card["ts"])
    await client.pins_add(channel=channel, timestamp=card["ts"])
    await client.pins_list(channel=channel)
    await client.reactions_add(channel=channel, timestamp=card["ts"], name="eyes")
    await client.reactions_get(channel=channel, timestamp=card["ts"])
    mark = await client.bookmarks_add(channel_id=channel, title="t", type="link", link="https://acme.example")
    await client.bookmarks_edit(channel_id=channel, bookmark_id=mark["bookmark"]["id"], title="u")
    await client.bookmarks_list(channel_id=channel)
    await client.bookmarks_remove(channel_id=channel, bookmark_id=mark["bookmark"]["id"])
    await client.conversations_info(channel=channel, include_num_members=True)
    await client.conversations_list()
    await client.conversations_members(channel=channel)
    await client.conversations_history(channel=channel)
    await client.conversations_replies(channel=channel, ts=card["ts"])
    await client.conversations_open(users=["U0ANA"], return_im=True)
    await client.conversations_join(channel="C0RANDOM")
    await client.conversations_leave(channel="C0RANDOM")
    await client.users_info(user="U0ANA")
    await client.users_list()
    await client.users_lookupByEmail(email="ana@acme.example")
    await client.users_conversations()
    await client.usergroups_list(include_users=True, include_count=True)
    await client.usergroups_users_list(usergroup="S0LEADS")
    await _views(client, sandbox)
    await client.files_upload_v2(channel=channel, filename="a.txt", content="a")
    await client.chat_delete(channel=channel, ts=card["ts"])
    await client.conversations_kick(channel=channel, user="U0ANA")
    await client.conversations_archive(channel=channel)


async def _views(client: AsyncWebClient, sandbox: Sandbox) -> None:
    title = {"type": "plain_text", "text": "Title"}
    modal = {"type": "modal", "title": title, "close": title, "blocks": [{"type": "divider"}]}
    trigger = sandbox.delivery.triggers.issue("U0ANA")
    view = (await client.views_open(trigger_id=trigger, view=modal))["view"]
    await client.views_update(view_id=view["id"], view=modal)
    trigger = sandbox.delivery.triggers.issue("U0ANA")
    await client.views_push(trigger_id=trigger, view=modal)
    await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})


async def test_an_answer_has_no_key_that_slack_never_sent(
    client: AsyncWebClient, sandbox: Sandbox, slackdata: Path
) -> None:
    recorded = json.loads((slackdata / "derived" / "response_key_paths.json").read_text())

    await everything(client, sandbox)

    assert sandbox.violations == []
    assert {call.method for call in sandbox.calls if call.ok} >= set(METHODS) - {
        "api.test",
        "conversations.unarchive",
        "pins.remove",
        "reactions.remove",
    }
    anywhere = {found[1] for known in recorded.values() for path in known if (found := MESSAGE.match(path))}
    strange = {
        f"{call.method} {path}"
        for call in sandbox.calls
        for path in paths(call.answer) - set(recorded[call.method])
        if not ((found := MESSAGE.match(path)) and found[1] in anywhere)
    }
    assert strange == UNRECORDED
