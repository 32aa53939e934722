"""Closing an incident, and reopening it."""

from collections.abc import Awaitable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import close as close_form
from blocks.forms import reopen as reopen_form
from bot.domain.incident import Closure
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.usecases import closing
from bot.usecases.scene import Scene


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the two buttons and their forms."""

    @app.action(ids.CLOSE)
    async def ask_close(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        looked = deps.look(click, looking.at, click.incident_id)
        await showing.form(deps, click.trigger_id, "Close", _close(looked))
        await ack()

    @app.action(ids.REOPEN)
    async def ask_reopen(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        looked = deps.look(click, looking.at, click.incident_id)
        await showing.form(deps, click.trigger_id, "Reopen", _reopen(looked))
        await ack()

    @app.view(ids.CLOSE_FORM)
    async def close(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        asked = Closure(
            cause=form.text(ids.CAUSE),
            cause_is_suspicion=form.text(ids.CAUSE_KIND) != close_form.CONFIRMED,
            actions_taken=form.text(ids.ACTIONS_TAKEN),
            verification=form.text(ids.VERIFICATION),
            closed_by=form.user,
            asked_at=deps.clock(),
        )
        await deps.db.run(closing.ask, form.incident_id, asked, **deps.act(form))
        await ack()

    @app.view(ids.REOPEN_FORM)
    async def reopen(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        said = form.text(ids.REASON), form.text(ids.FIRST_STEP)
        await deps.db.run(closing.reopen, form.incident_id, *said, **deps.act(form))
        await ack()


async def close_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident close` opens the form."""
    looked = deps.look(command, looking.here, command.channel)
    await showing.form(deps, command.trigger_id, "Close", _close(looked))
    await ack()


async def reopen_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident reopen [INC-42]` opens the form; a closed incident's channel may be gone, so its key will do."""
    looked = deps.look(command, looking.named, command.rest, command.channel)
    await showing.form(deps, command.trigger_id, "Reopen", _reopen(looked))
    await ack()


async def _close(looked: Awaitable[Scene]) -> dict[str, Any]:
    at = await looked
    return close_form.draw(at.incident, at.policy)


async def _reopen(looked: Awaitable[Scene]) -> dict[str, Any]:
    return reopen_form.draw((await looked).incident)
