"""Moving from stage to stage, the triage, and what a stage still needs."""

from collections.abc import Awaitable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids, words
from blocks import procedure as procedure_blocks
from blocks.forms import gate as gate_form
from bot.domain import gates, rights, triage
from bot.domain import stages as rules
from bot.domain.incident import IncidentId, Stage, UserId
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.listeners.repeated import once
from bot.usecases import stages
from bot.usecases.scene import Scene


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button of the triage and for its form."""

    @app.action(ids.TRIAGE)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        looked = deps.look(click, looking.at, click.incident_id)
        await showing.form(deps, click.trigger_id, "Triage", _draw(looked))
        await ack()

    @app.view(ids.GATE_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        told = stages.Told(
            answers=_answers(form), ticks=form.ticked(ids.CRITERIA), override=form.text(ids.OVERRIDE)
        )
        if to := str(form.carried.get("to") or ""):
            await deps.db.run(stages.enter, form.incident_id, Stage(to), told, **deps.act(form))
        else:
            await deps.db.run(stages.tell, form.incident_id, told, **deps.act(form))
        await ack()


async def move(deps: Deps, click: Click, stage: Stage) -> None:
    """Enter a stage at once, or show what is still missing before it."""
    if await _is_open(deps, click, click.incident_id, stage):
        await deps.db.run(stages.enter, click.incident_id, stage, **deps.act(click))


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident stage contain` enters a stage, or shows what is still missing before it."""
    at = await deps.look(command, looking.here, command.channel)
    stage = rules.named(at.policy, command.rest)
    if at.incident.stage != stage and not await _is_open(deps, command, at.incident.id, stage):
        await ack()
        return
    await once(deps.db.run(stages.enter, at.incident.id, stage, **deps.act(command)))
    await ack(f"{at.incident.key} is in {words.stage(at.policy, stage)} now.")


async def triage_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident triage` opens the form."""
    looked = deps.look(command, looking.here, command.channel)
    await showing.form(deps, command.trigger_id, "Triage", _draw(looked))
    await ack()


async def procedure_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident procedure` shows what this severity asks for: stages, roles, times, approvals."""
    at = await deps.look(command, looking.here, command.channel)
    post = procedure_blocks.draw(at.incident, at.items, at.policy)
    await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")


async def _is_open(deps: Deps, asked: Click | Command, incident_id: IncidentId, stage: Stage) -> bool:
    """Tell whether the way to a stage is open; where it is not, show the form that opens it."""
    at = await deps.look(asked, looking.at, incident_id)
    if at.incident.stage == stage or not gates.missing(at.incident, at.items, at.policy, stage).holds_back:
        return True
    rules.check(at.incident, stage, at.policy, at.directory, asked.user)
    await showing.form(deps, asked.trigger_id, "Still missing", _draw_gate(at, asked.user, stage))
    return False


async def _draw_gate(at: Scene, user: UserId, to: Stage) -> dict[str, Any]:
    may = rights.may(at.policy, at.directory, at.incident, user, "override_gate")
    by = "" if may else rights.who(at.policy, at.incident, "override_gate")
    return gate_form.draw(at.incident, at.items, at.policy, to=to, override_by=by)


async def _draw(looked: Awaitable[Scene]) -> dict[str, Any]:
    at = await looked
    return gate_form.draw(at.incident, at.items, at.policy)


def _answers(form: Form) -> dict[str, str]:
    """Return what was answered, by question; what a form of ours does not ask is left alone."""
    asked = (triage.SCOPE, triage.DATA, triage.SEVERITY, triage.SERVICE)
    return {
        name: form.text(name)
        for name in form.answers
        if name in asked or name.startswith(("credible:", "collect:"))
    }
