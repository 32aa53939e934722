"""`/incident policy explain`: what would happen in a case, by the policy and the people of this workspace."""

import asyncio
from datetime import timedelta

from slack_bolt.async_app import AsyncAck

from blocks import timeline
from bot.domain.errors import InvalidInput
from bot.domain.incident import UserId
from bot.domain.roles import Directory
from bot.domain.timeline import Timeline
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.usecases import people, policy

# Slack waits three seconds; what people read in a chat is over sooner.
LONGEST = timedelta(hours=8)


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """Play the case that was typed after ``explain`` and show it to whoever asked; nothing is sent or stored."""
    from bot.rehearsal import typed
    from bot.rehearsal.explaining import explained
    from bot.rehearsal.times import length

    now = deps.clock()
    rules = await deps.db.read(policy.active, workspace=command.workspace)
    everyone = await deps.db.read(people.everyone, workspace=command.workspace)
    _, _, said = command.rest.partition(" ")
    words = typed.read(said, zone=_zone(everyone, command.user))
    if words.until and length("until", words.until) > LONGEST:
        hours = LONGEST.total_seconds() / 3600
        raise InvalidInput(
            {"until": f"Here a case goes on for at most {hours:g}h; `tocsin policy explain` goes further."}
        )

    def played() -> Timeline:
        return explained(words, rules, everyone, now).timeline

    post = timeline.draw(await asyncio.to_thread(played), rules)
    await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")


def _zone(everyone: Directory, user: UserId) -> str:
    person = everyone.people.get(user)
    return person.tz if person is not None else ""
