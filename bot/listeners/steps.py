"""The next step of an incident: setting it, and finishing it."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import step as step_form
from bot.domain import hours
from bot.domain.errors import InvalidInput
from bot.domain.incident import UserId
from bot.listeners import looking, showing, strangers
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.listeners.plain import mentioned, plain
from bot.usecases import steps
from bot.usecases.scene import Scene

NOT_THEM = "Please choose an active person of this workspace; apps, guests and leavers cannot be asked."
# What is offered when nothing else is known; the person chooses.
AT_LEAST = timedelta(minutes=15)


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons and the form."""

    @app.action(ids.NEXT_STEP)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        looked = deps.look(click, looking.at, click.incident_id)
        drawn = _draw(deps, looked, click.user, "")
        await showing.form(deps, click.trigger_id, "Next step", drawn)
        await ack()

    @app.action(ids.STEP_DONE)
    async def finish(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(steps.finish, click.item_id, **deps.act(click))
        await ack()

    @app.view(ids.STEP_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        owner = form.text(ids.STEP_OWNER)
        if owner and await strangers.is_one_of_us(deps, UserId(owner), form.workspace) is False:
            raise InvalidInput({ids.STEP_OWNER: NOT_THEM})
        await deps.db.run(
            steps.set_step,
            form.incident_id,
            form.text(ids.STEP_TEXT),
            UserId(owner) if owner else None,
            moment(form.number(ids.STEP_DUE)),
            **deps.act(form),
        )
        await ack()


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident next Roll back @eli` opens the form with what was said already filled in."""
    owner, text = mentioned(command.rest)
    looked = deps.look(command, looking.here, command.channel)
    drawn = _draw(deps, looked, UserId(owner) if owner else command.user, plain(text))
    await showing.form(deps, command.trigger_id, "Next step", drawn)
    await ack()


def moment(seconds: int | None) -> datetime | None:
    """Return a moment picked in a form; raises `InvalidInput` for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    except (OverflowError, OSError, ValueError):
        raise InvalidInput({ids.STEP_DUE: "I cannot read that time. Please pick a day and a time."}) from None


async def _draw(deps: Deps, looked: Awaitable[Scene], owner: UserId, text: str) -> dict[str, Any]:
    at, now = await looked, deps.clock()
    within = at.policy.row(at.incident.severity).next_step_within
    due = max(now + AT_LEAST, hours.after(now, within, at.policy.support_hours))
    return step_form.draw(at.incident, text=text, owner=owner, due=due)
