import io
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.domain.items import ItemKind
from bot.sandbox.delivery.http import FORM, signature
from bot.sandbox.delivery.parcel import Attempt, Parcel
from storage import evidence
from tests.faults.conftest import Note
from tests.harness.story import Story, telling

pytestmark = pytest.mark.fault

ROOM = "inc-1-checkout-is-down"
TABLE = "HTTP mode: what is turned away, and what comes twice"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
LARGEST = 1024 * 1024


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with telling(tmp_path, transport="http") as told:
        await told.opens("ana", "Checkout is down", **SEV2)
        yield told


def acknowledging(story: Story) -> str:
    """Return a command that would take ivan's page, exactly as Slack writes it."""
    room = story.sandbox.workspace.channel_named(ROOM)
    assert room is not None
    return urlencode(
        {
            "command": "/incident",
            "text": "ack",
            "team_id": "T0ACME",
            "user_id": "U0IVAN",
            "channel_id": room.id,
            "trigger_id": "1.2.abc",
            "response_url": f"{story.sandbox.ui_url}response/none",
        }
    )


async def posts(story: Story, body: str, *, secret: str, age: int = 0) -> int:
    """Knock at the bot's port with a body that was signed so; return the status."""
    assert story.world.bot is not None
    stamp = str(int(time.time()) - age)  # noqa: TID251 (signatures are checked against the machine's own clock)
    headers = {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(story.world.bot.events_url, data=io.BytesIO(body.encode()), headers=headers) as answer,
    ):
        await answer.read()
        return answer.status


@pytest.mark.parametrize(
    ("what", "secret", "age", "more", "status", "kind"),
    [
        ("a forged signature", "somebody-elses-secret", 0, "", 401, "access.denied"),
        ("a replay of five minutes ago", "", 301, "", 401, "access.denied"),
        ("a date in the future", "", -301, "", 401, "access.denied"),
        ("an oversized body", "", 0, "&padding=" + "x" * LARGEST, 413, "input.rejected"),
    ],
)
async def test_what_is_not_genuine_is_turned_away_changes_nothing_and_leaves_one_row(
    story: Story, note: Note, what: str, secret: str, age: int, more: str, status: int, kind: str
) -> None:
    known = len(await story.audit())
    items = await story.items()
    found = await posts(
        story, acknowledging(story) + more, secret=secret or story.sandbox.signing_secret, age=age
    )
    await story.settles()

    assert found == status
    assert [event.kind for event in (await story.audit())[known:]] == [kind]
    assert await story.items() == items
    note(TABLE, what=what, answered=found, effects=0, audit_rows=1)


async def test_the_same_command_genuinely_signed_is_done_once_however_often_it_comes(
    story: Story, note: Note
) -> None:
    secret = story.sandbox.signing_secret
    answers = [await posts(story, acknowledging(story), secret=secret) for _ in range(3)]
    await story.settles()

    assert answers == [200, 200, 200]
    assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN"]
    note(TABLE, what="a command three times", answered=200, effects=1, audit_rows=1)


async def test_an_event_that_slack_tries_again_has_one_effect(story: Story, note: Note) -> None:
    incident = await story.incident()
    await story.caro.says("All customers see errors now", channel=ROOM)
    parcel = said(story, "All customers see errors now")
    rows = len(await story.audit())
    for number, reason in ((1, "http_timeout"), (2, "connection_failed"), (3, "http_error")):
        answer = await story.sandbox.delivery.http.deliver(
            parcel, Attempt(number=number, reason=reason), seconds=3
        )
        assert answer.acknowledged
    await story.settles()

    assert len(await story.reads(evidence.said, incident.id, 10)) == 1
    assert len([item for item in await story.items() if item.kind is ItemKind.APPROVAL]) == 2, (
        "the opening's text, and one suggestion"
    )
    assert len(await story.audit()) == rows
    note(TABLE, what="an event with three retries", answered=200, effects=1, audit_rows=1)


async def test_an_event_whose_first_delivery_failed_is_taken_when_it_comes_again(story: Story) -> None:
    incident = await story.incident()
    url, story.sandbox.delivery.http.url = story.sandbox.delivery.http.url, "http://127.0.0.1:9/slack/events"
    await story.caro.says("Latency doubled", channel=ROOM)
    assert await story.reads(evidence.said, incident.id, 10) == ()
    story.sandbox.delivery.http.url = url
    await story.until(9, 7)

    assert [one.excerpt for one in await story.reads(evidence.said, incident.id, 10)] == ["Latency doubled"]


def said(story: Story, words: str) -> Parcel:
    """Return the event of a message as Slack delivered it."""
    parcels = [parcel for parcel, _ in story.sandbox.delivery.answers]
    [found] = [parcel for parcel in parcels if _event(parcel).get("text") == words]
    return found


def _event(parcel: Parcel) -> Any:
    return parcel.payload.get("event", {})
