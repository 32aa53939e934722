from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from tests.sandbox.asking import refused


def form(title: str = "Open an incident", **more: Any) -> dict[str, Any]:
    words = {
        "type": "input",
        "block_id": "title",
        "label": {"type": "plain_text", "text": "Title"},
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Open"},
        "blocks": [words],
        **more,
    }


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": [*blocks, {"type": "divider"}]}


@pytest.fixture
def trigger(sandbox: Sandbox) -> str:
    return sandbox.delivery.triggers.issue("U0ANA")


async def test_a_form_opens_for_who_clicked(client: AsyncWebClient, sandbox: Sandbox, trigger: str) -> None:
    shown = (await client.views_open(trigger_id=trigger, view=form()))["view"]

    assert shown["root_view_id"] == shown["id"]
    assert shown["previous_view_id"] is None
    assert sandbox.workspace.views.top("U0ANA") is sandbox.workspace.views.by_id[shown["id"]]
    assert sandbox.workspace.views.top("U0BEN") is None


async def test_a_trigger_opens_one_form_within_three_seconds(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str, clock: SandboxClock
) -> None:
    assert await refused(client.views_open(trigger_id="made-up", view=form())) == "invalid_trigger_id"
    await client.views_open(trigger_id=trigger, view=form())
    assert await refused(client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"

    late = sandbox.delivery.triggers.issue("U0ANA")
    clock.skip(timedelta(seconds=3.1))
    assert await refused(client.views_open(trigger_id=late, view=form())) == "expired_trigger_id"


async def test_a_refused_form_leaves_the_trigger_good(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
) -> None:
    too_long = client.views_open(trigger_id=trigger, view=form(title="x" * 25))
    assert await refused(too_long) == "invalid_arguments"
    assert "must be less than 25 characters [json-pointer:/view/title/text]" in sandbox.violations[0]

    await client.views_open(trigger_id=trigger, view=form())


async def test_an_old_hash_does_not_overwrite_a_newer_form(client: AsyncWebClient, trigger: str) -> None:
    first = (await client.views_open(trigger_id=trigger, view=form()))["view"]
    second = (await client.views_update(view_id=first["id"], hash=first["hash"], view=form("Second")))["view"]

    assert second["hash"] != first["hash"]
    stale = client.views_update(view_id=first["id"], hash=first["hash"], view=form("Third"))
    assert await refused(stale) == "hash_conflict"
    assert await refused(client.views_update(view_id="V0NONE", view=form())) == "not_found"


async def test_what_was_entered_stays_where_the_field_stays(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
) -> None:
    view_id = (await client.views_open(trigger_id=trigger, view=form()))["view"]["id"]
    view = sandbox.workspace.views.by_id[view_id]
    view.state = {"title": {"value": {"type": "plain_text_input", "value": "Checkout"}}}

    kept = (await client.views_update(view_id=view_id, view=form("Again")))["view"]
    assert kept["state"]["values"]["title"]["value"]["value"] == "Checkout"
    gone = (await client.views_update(view_id=view_id, view=form(blocks=[{"type": "divider"}])))["view"]
    assert gone["state"]["values"] == {}


async def test_forms_lie_on_each_other_three_deep(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
) -> None:
    first = (await client.views_open(trigger_id=trigger, view=form("First")))["view"]
    for title in ("Second", "Third"):
        next_trigger = sandbox.delivery.triggers.issue("U0ANA", view_id=first["id"])
        top = (await client.views_push(trigger_id=next_trigger, view=form(title)))["view"]
        assert top["root_view_id"] == first["id"]

    fourth = sandbox.delivery.triggers.issue("U0ANA")
    assert await refused(client.views_push(trigger_id=fourth, view=form("Fourth"))) == "push_limit_reached"


async def test_an_external_id_belongs_to_one_living_view(
    client: AsyncWebClient, sandbox: Sandbox, trigger: str
) -> None:
    await client.views_open(trigger_id=trigger, view=form(external_id="inc-1"))
    other = sandbox.delivery.triggers.issue("U0BEN")
    twin = client.views_open(trigger_id=other, view=form(external_id="inc-1"))
    assert await refused(twin) == "duplicate_external_id"

    found = await client.views_update(external_id="inc-1", view=form("Found", external_id="inc-1"))
    assert found["view"]["title"]["text"] == "Found"


async def test_a_home_tab_is_redrawn_under_one_id(client: AsyncWebClient, sandbox: Sandbox) -> None:
    first = (await client.views_publish(user_id="U0ANA", view=home()))["view"]
    second = (await client.views_publish(user_id="U0ANA", hash=first["hash"], view=home()))["view"]

    assert second["id"] == first["id"]
    stale = client.views_publish(user_id="U0ANA", hash=first["hash"], view=home())
    assert await refused(stale) == "hash_conflict"
    assert await refused(client.views_publish(user_id="U0NOBODY", view=home())) == "invalid_arguments"
    assert await refused(client.views_publish(user_id="U0ANA", view=form())) == "invalid_arguments"


async def test_a_form_of_a_quarter_megabyte_is_too_large(client: AsyncWebClient, trigger: str) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    huge = form(blocks=[section] * 90)

    assert await refused(client.views_open(trigger_id=trigger, view=huge)) == "view_too_large"
