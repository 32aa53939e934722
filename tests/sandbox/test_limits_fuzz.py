import copy
import json
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Sandbox
from bot.sandbox.blocks import with_ids
from bot.sandbox.limits.arguments import FORMS
from bot.sandbox.limits.blocks import problems
from bot.sandbox.limits.views import view_problems

GOOD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "SEV1"}},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Checkout is down*"},
        "accessory": {
            "type": "static_select",
            "options": [{"text": {"type": "plain_text", "text": "One"}, "value": "1"}],
            "initial_option": {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
        },
    },
    {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "by ana"}]},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hello"}]}],
    },
    {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]] * 2},
    {
        "type": "container",
        "title": {"type": "plain_text", "text": "More"},
        "child_blocks": [{"type": "divider"}],
    },
    {
        "type": "input",
        "label": {"type": "plain_text", "text": "Why"},
        "element": {"type": "file_input"},
    },
    {"type": "markdown", "text": "# Title"},
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "text"]), inner),
    max_leaves=4,
)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value at which something else could stand."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [spot for key in keys for spot in spots(value[key])]


def test_the_blocks_that_are_spoilt_here_were_good() -> None:
    assert problems(GOOD, "message") == []
    assert problems(with_ids(GOOD), "message") == []


@settings(max_examples=400)
@given(data=st.data(), junk=JSON)
def test_whatever_an_app_sends_is_judged_and_never_breaks_the_judge(data: st.DataObject, junk: Any) -> None:
    blocks = copy.deepcopy(GOOD)
    holder, key = data.draw(st.sampled_from(spots(blocks)))
    holder[key] = junk

    for line in problems(blocks, "message"):
        assert "[json-pointer:/blocks" in line
    if not problems(blocks, "message"):
        assert json.loads(json.dumps(with_ids(blocks)))


@settings(max_examples=200)
@given(view=JSON, blocks=JSON)
def test_whatever_an_app_calls_a_view_is_judged_too(view: Any, blocks: Any) -> None:
    whole = {**view, "blocks": blocks} if isinstance(view, dict) else view

    assert view_problems(whole, "modal") != []


JUNK: list[Any] = [
    "",
    "x",
    "x" * 5_000,
    "[1",
    '{"a": 1}',
    "[[]]",
    0,
    -1,
    1.5,
    True,
    [],
    [1],
    {},
    {"type": []},
    ["a"],
]


@pytest.mark.parametrize("method", sorted(FORMS))
async def test_no_argument_breaks_a_method(sandbox: Sandbox, method: str) -> None:
    form = FORMS[method]
    good = {"channel": "C0GENERAL", "channel_id": "C0GENERAL", "text": "x", "user": "U0ANA", "name": "eyes"}
    token = sandbox.app_token if method == "apps.connections.open" else sandbox.bot_token
    async with ClientSession(headers={"Authorization": f"Bearer {token}"}) as caller:
        for name in (*form.required, *form.optional):
            for junk in JUNK:
                args = {known: value for known, value in good.items() if known in form.required} | {
                    name: junk
                }
                body = {"json": args} if form.json else {"params": {key: str(args[key]) for key in args}}
                async with caller.post(f"{sandbox.api_url}{method}", **body) as response:
                    assert response.status == 200, args
                    assert (await response.json())["ok"] in (True, False)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b"null", b'"x"'])
async def test_a_body_that_is_no_json_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}
    address = f"{sandbox.api_url}chat.postMessage"
    async with ClientSession(headers=headers) as caller, caller.post(address, data=body) as response:
        answer = await response.json()

    assert answer["error"] in ("invalid_json", "json_not_object", "invalid_charset")
