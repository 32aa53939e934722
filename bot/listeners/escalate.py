"""`/escalate`: here, ask the next person now; anywhere else, open an incident."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import kit, words
from bot.listeners import opening
from bot.listeners.command import check_title
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.listeners.plain import plain
from bot.listeners.repeated import once
from bot.usecases import incidents, items

COMMAND = "/escalate"


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the command."""

    @app.command(COMMAND)
    async def escalate(ack: AsyncAck, body: dict[str, Any]) -> None:
        command = Command.parse(body)
        if await deps.db.read(incidents.here, command.channel, workspace=command.workspace) is None:
            title = check_title(plain(command.text.strip()), COMMAND)
            await opening.show(deps, command.trigger_id, command.workspace, title=title)
            await ack()
            return
        await once(deps.db.run(items.escalate_here, command.channel, **deps.act(command)))
        seen = await deps.look(command, items.who, command.channel)
        told = "; ".join(
            f"{kit.mentions(one.item.holders)} as {words.role(seen.policy, one.item.role)}"
            for one in seen.asked
        )
        await ack(f"Asked now: {told}." if told else "Nobody is left to ask; the alarm has been raised.")
