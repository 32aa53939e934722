"""The stop-the-line checklist and the tasks that follow from it."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import checklist as checklist_form
from bot.domain import conditions
from bot.domain.errors import InvalidInput, NotNow
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.listeners.plain import plain
from bot.listeners.repeated import once
from bot.usecases import checklist, tasks
from bot.usecases.scene import Scene

TITLE = "Stop the line"
LIFT = "lift"
SUSPECTED = "suspected"

Draw = Callable[[Incident, Policy], dict[str, Any]]


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons and their forms."""

    @app.action(ids.STOP_LINE)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, TITLE, _looked(deps, click, checklist_form.draw))
        await ack()

    @app.action(ids.LIFT)
    async def ask_lift(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, TITLE, _looked(deps, click, checklist_form.draw_lift))
        await ack()

    @app.view(ids.STOP_FORM)
    async def tick(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        ticked = checklist_form.read(form.ticked(ids.CONDITIONS))
        if not ticked:
            raise InvalidInput({ids.CONDITIONS: "Please choose what is true, for example S-03."})
        reason = form.text(ids.REASON)
        await deps.db.run(checklist.tick, form.incident_id, ticked, reason, **deps.act(form))
        await ack()

    @app.view(ids.LIFT_FORM)
    async def lift(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        condition, reason = form.text(ids.CONDITION), form.text(ids.REASON)
        await deps.db.run(checklist.lift, form.incident_id, condition, reason, **deps.act(form))
        await ack()

    @app.action(ids.TASK_DONE)
    async def finish(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(tasks.finish, click.item_id, **deps.act(click))
        await ack()


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident stop S-03 the key is in the log` stops the line, `stop lift S-03 why` lifts it, `stop` alone asks."""
    at = await deps.look(command, looking.here, command.channel)
    first, rest = _split(plain(command.rest))
    if not first:
        await showing.form(deps, command.trigger_id, TITLE, _form(at, checklist_form.draw))
        await ack()
    elif first.lower() == LIFT:
        await _lift(deps, command, ack, at, rest)
    else:
        unsure = _split(rest)[0].lower() == SUSPECTED
        reason = _split(rest)[1] if unsure else rest
        name = conditions.named(first)
        await once(deps.db.run(checklist.tick, at.incident.id, {name: unsure}, reason, **deps.act(command)))
        after = await _again(deps, command, at)
        await ack(f"{name} stops the line: {after.incident.key} is {after.incident.severity.name}.")


async def done_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident done` says that the task which one owes here is done."""
    await once(deps.db.run(tasks.finish_here, command.channel, plain(command.rest), **deps.act(command)))
    await ack("Done. Thank you.")


async def _lift(deps: Deps, command: Command, ack: AsyncAck, at: Scene, rest: str) -> None:
    name, reason = _split(rest)
    if not name:
        await showing.form(deps, command.trigger_id, TITLE, _form(at, checklist_form.draw_lift))
        await ack()
        return
    await once(deps.db.run(checklist.lift, at.incident.id, name, reason, **deps.act(command)))
    after = await _again(deps, command, at)
    holds = conditions.named(name) in after.incident.conditions
    await ack(f"{name} holds until everybody has agreed." if holds else f"{name} is lifted.")


async def _again(deps: Deps, command: Command, at: Scene) -> Scene:
    return await deps.look(command, looking.at, at.incident.id)


async def _looked(deps: Deps, click: Click, draw: Draw) -> dict[str, Any]:
    at = await deps.look(click, looking.at, click.incident_id)
    return await _form(at, draw)


async def _form(at: Scene, draw: Draw) -> dict[str, Any]:
    if at.incident.is_closed:
        raise NotNow(f"{at.incident.key} is closed. Reopen it first: `/incident reopen`.")
    if not at.policy.stop_the_line.conditions:
        raise NotNow("The policy of this incident has no stop-the-line checklist.")
    if draw is checklist_form.draw_lift and not conditions.active(at.incident, at.policy):
        raise NotNow(f"Nothing stops the line of {at.incident.key}, so there is nothing to lift.")
    return draw(at.incident, at.policy)


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition(" ")
    return first, rest.strip()
