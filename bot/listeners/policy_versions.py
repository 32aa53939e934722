"""The sponsor's and the owner's buttons on the policy, and moving an incident to the version in force."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from bot.domain.policy_words import short
from bot.listeners import looking
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Decision
from bot.listeners.repeated import once
from bot.usecases import policy_versions


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for both; approving and rejecting a version are the buttons of every approval card."""

    @app.action(ids.ENDORSE)
    async def endorse(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Decision.parse(body)
        await deps.db.run(policy_versions.endorse, click.item, click.digest, **deps.act(click))
        await ack()

    @app.action(ids.POLICY_STILL_RIGHT)
    async def still_right(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(policy_versions.still_right, click.value, **deps.act(click))
        await ack()


async def move_command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident policy move` lets this channel's incident go on by the policy in force."""
    at = await deps.look(command, looking.here, command.channel)
    await once(deps.db.run(policy_versions.move, at.incident.id, **deps.act(command)))
    moved = await deps.look(command, looking.at, at.incident.id)
    await ack(
        f"{moved.incident.key} works by policy {short(moved.incident.policy_version)} now. The channel is told."
    )
