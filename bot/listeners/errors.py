"""The one place that tells people what was refused or went wrong, and that leaves the audit row of it."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from blocks import kit
from blocks.forms import refusal
from bot.domain.errors import BotError, InvalidInput
from bot.listeners.authority import Authority
from bot.listeners.deps import Deps
from bot.listeners.middleware import finish
from bot.listeners.sender import Sender
from bot.usecases import refusals
from storage.inbox import Duplicate

logger = logging.getLogger(__name__)

SORRY = (
    "Something went wrong on our side and nothing was changed. "
    "Please try again; if it happens twice, tell whoever runs the bot."
)

# Slack waits three seconds for the acknowledgement, which comes after this.
ANSWER_SECONDS = 2


def register(app: AsyncApp, deps: Deps, authority: Authority) -> None:
    """Answer whatever a listener or the door raised; raised before the ack, the answer is the ack."""

    @app.error
    async def explain(error: Exception, body: dict[str, Any]) -> BoltResponse:
        authority.doubt(error)
        match error:
            case Duplicate():
                return _plain()
            case BotError():
                logger.info("refused %s: %s", what(body), error)
                await _record(deps, error, body)
                return await _answer(deps, body, str(error), error)
            case _:
                logger.error("failed %s", what(body), exc_info=error)
                if "event" in body:
                    return BoltResponse(status=500, body="")
                return await _answer(deps, body, SORRY, None)


def what(body: Mapping[str, Any]) -> str:
    """Name what was asked for, without anything that a person wrote."""
    if "command" in body:
        verb = str(body.get("text", "")).split(maxsplit=1)[:1]
        return " ".join([body["command"], *(word[:40] for word in verb)])
    if "event" in body:
        return f"event {body['event'].get('type')}"
    if body.get("actions"):
        return str(body["actions"][0].get("action_id"))
    view = body.get("view") or {}
    return str(view.get("callback_id") or body.get("callback_id") or body.get("type"))


async def _record(deps: Deps, error: BotError, body: Mapping[str, Any]) -> None:
    """Leave one audit row for each mistake: the same one delivered again leaves none, another in the same form does."""
    sender = Sender.of(body)
    try:
        await deps.db.run(
            refusals.record,
            error,
            what(body),
            by=sender.user,
            workspace=sender.workspace,
            now=deps.clock(),
            once=f"{sender.key}/refused/{sha256(str(error).encode()).hexdigest()[:16]}",
        )
    except Duplicate:
        return


async def _answer(deps: Deps, body: Mapping[str, Any], sentence: str, error: BotError | None) -> BoltResponse:
    """Say it where the person is looking: in the form, under the command, or privately beside the message."""
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": kit.outside(sentence)})
    if body.get("type") == "view_submission":
        return _json(_in_the_form(body, sentence, error))
    try:
        await _show(deps, body, sentence)
    except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
        logger.warning(
            "could not tell %s why %s was refused", Sender.of(body).user, what(body), exc_info=True
        )
    if "event" in body:
        await finish(deps, Sender.of(body))
    return _plain()


def _in_the_form(body: Mapping[str, Any], sentence: str, error: BotError | None) -> dict[str, Any]:
    """Put each problem under its question; anything else goes on top of the form, so that what was typed is kept."""
    asked = {block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"}
    problems = error.problems if isinstance(error, InvalidInput) else {}
    under = {field: problem for field, problem in problems.items() if field in asked}
    if not under:
        return {"response_action": "push", "view": refusal.draw(sentence)}
    elsewhere = [problem for field, problem in problems.items() if field not in asked]
    first = next(iter(under))
    return {"response_action": "errors", "errors": {**under, first: " ".join([under[first], *elsewhere])}}


async def _show(deps: Deps, body: Mapping[str, Any], sentence: str) -> None:
    view, trigger = body.get("view"), body.get("trigger_id", "")
    if "event" in body:
        if body["event"]["type"] == "reaction_added":
            await _beside(deps, Sender.of(body), sentence)
    elif view is not None and view.get("type") == "modal":
        await deps.web.views_push(trigger_id=trigger, view=refusal.draw(sentence))
    elif view is not None or not body.get("response_url"):
        await deps.web.views_open(trigger_id=trigger, view=refusal.draw(sentence))
    elif not await whisper(body["response_url"], kit.outside(sentence)):
        await _beside(deps, Sender.of(body), sentence)


async def whisper(response_url: str, text: str) -> bool:
    """Answer privately beside the message that was clicked, which stays as it is; false when Slack did not take it."""
    hook = AsyncWebhookClient(response_url, timeout=ANSWER_SECONDS)
    try:
        answer = await hook.send(text=text, response_type="ephemeral", replace_original=False)
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
    return answer.status_code == 200


async def _beside(deps: Deps, sender: Sender, sentence: str) -> None:
    """Say it privately in the channel where the person is."""
    if sender.channel is not None:
        await deps.web.chat_postEphemeral(
            channel=sender.channel, user=sender.user, text=kit.outside(sentence)
        )


def _plain() -> BoltResponse:
    return BoltResponse(status=200, body="")


def _json(answer: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=dict(answer), headers={"content-type": ["application/json;charset=utf-8"]}
    )
