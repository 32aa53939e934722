"""Opening forms in time: a trigger lives for three seconds and works once."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from slack_sdk.errors import SlackApiError

from blocks.forms import loading, refusal
from bot.domain.errors import BotError, NotNow
from bot.listeners.deps import Deps

# How long a form may take to be drawn before a waiting one is shown in its place.
PATIENCE = 0.8

View = dict[str, Any]


async def form(deps: Deps, trigger_id: str, title: str, drawn: Coroutine[Any, Any, View]) -> None:
    """Open a form as soon as it is drawn, or at once with "One moment" in it when drawing takes long.

    What drawing refuses is raised as long as nothing is open, and shown in the form after that.
    """
    drawing = asyncio.ensure_future(drawn)
    await asyncio.wait({drawing}, timeout=PATIENCE)
    if drawing.done():
        await _open(deps, trigger_id, drawing.result())
        return
    waiting = await _open(deps, trigger_id, loading.draw(title))
    try:
        view = await drawing
    except BotError as refused:
        view = refusal.draw(str(refused))
    if waiting is not None:
        await deps.web.views_update(view_id=waiting, view=view)


async def redraw(deps: Deps, view_id: str, view_hash: str, view: View) -> None:
    """Draw an open form again, unless it has changed since: then a newer drawing is on its way."""
    try:
        await deps.web.views_update(view_id=view_id, hash=view_hash, view=view)
    except SlackApiError as error:
        if error.response["error"] not in {"hash_conflict", "not_found"}:
            raise


async def _open(deps: Deps, trigger_id: str, view: View) -> str | None:
    try:
        opened = await deps.web.views_open(trigger_id=trigger_id, view=view)
    except SlackApiError as error:
        match error.response["error"]:
            case "exchanged_trigger_id":
                return None  # the same click came twice, and its form is open already
            case "expired_trigger_id" | "invalid_trigger_id":
                raise NotNow(
                    "That took too long, so Slack would not open the form. Please try again."
                ) from error
            case _:
                raise
    return str(opened["view"]["id"])
