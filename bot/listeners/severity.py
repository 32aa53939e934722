"""Changing how bad an incident is."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids, words
from blocks import severity as severity_blocks
from blocks.forms import severity as severity_form
from bot.domain.errors import InvalidInput
from bot.domain.incident import Severity
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.listeners.repeated import once
from bot.usecases import incidents
from bot.usecases.scene import Scene

LEVEL = re.compile(r"(?:sev ?-?)?([1-5])\b[\s:,.-]*(.*)", re.IGNORECASE | re.DOTALL)


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button and its form."""

    @app.action(ids.SEVERITY)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, "Severity", _draw(deps, click))
        await ack()

    @app.view(ids.SEVERITY_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        await deps.db.run(
            incidents.change_severity,
            form.incident_id,
            level(form.text(ids.RAISE_TO)),
            form.text(ids.REASON),
            **deps.act(form),
        )
        await ack()


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident sev 2 Half of all checkouts fail` changes at once; without a reason the form asks for it.

    `/incident sev` alone explains the severity as it is.
    """
    at = await deps.look(command, looking.here, command.channel)
    if not command.rest:
        post = severity_blocks.draw(at.incident, at.items, at.policy)
        await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")
        return
    found = LEVEL.fullmatch(command.rest)
    if found is None:
        example = "`/incident sev 2 Half of all checkouts fail`"
        raise InvalidInput({ids.RAISE_TO: f"A severity is 1 to 5, for example {example}."})
    to = level(found[1])
    if not found[2].strip():
        await showing.form(deps, command.trigger_id, "Severity", _form(at, to))
        await ack()
        return
    reason = found[2].strip()
    await once(deps.db.run(incidents.change_severity, at.incident.id, to, reason, **deps.act(command)))
    changed = (await deps.look(command, looking.at, at.incident.id)).incident
    rules = at.policy.row(at.incident.severity).approvals
    needs = rules.raise_severity if to < at.incident.severity else rules.lower_severity
    who = words.who_must_agree(at.policy, needs)
    waits = f"{changed.key} stays {changed.severity.name} until {to.name} is approved by: {who}."
    await ack(f"{changed.key} is {to.name} now." if changed.severity is to else waits)


def level(chosen: str) -> Severity:
    """Return the severity that was chosen; raises `InvalidInput` when none was."""
    if not chosen.isdigit() or int(chosen) not in set(Severity):
        raise InvalidInput({ids.RAISE_TO: "Please choose a severity, for example SEV2."})
    return Severity(int(chosen))


async def _draw(deps: Deps, click: Click) -> dict[str, Any]:
    return await _form(await deps.look(click, looking.at, click.incident_id), None)


async def _form(at: Scene, to: Severity | None) -> dict[str, Any]:
    return severity_form.draw(at.incident, at.policy, to=None if to is at.incident.severity else to)
