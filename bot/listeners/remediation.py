"""`/incident remediate` and `/incident legal`: ask for the agreement that an action needs."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck

from blocks import words
from bot.domain.items import Item, ProposalKind
from bot.domain.policy import Policy
from bot.domain.remediation import NAMES
from bot.listeners import looking
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.listeners.plain import plain
from bot.usecases import remediation


def asking_for(kind: ProposalKind) -> Callable[[Deps, Command, AsyncAck], Awaitable[None]]:
    """Return the command that asks for one kind of action."""

    async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
        at = await deps.look(command, looking.here, command.channel)
        asked = await deps.db.run(
            remediation.request, at.incident.id, kind, plain(command.rest), **deps.act(command)
        )
        await ack(_answer(asked, at.policy, kind))

    return command


def _answer(asked: Item, policy: Policy, kind: ProposalKind) -> str:
    if asked.is_over:
        return f"This {NAMES[kind]} is approved and on record. Please say in the channel when it is done."
    assert asked.proposal is not None, "it was asked for with one"
    who = words.who_must_agree(policy, asked.proposal.needs)
    return f"Please wait: this {NAMES[kind]} needs the agreement of {who}. Nothing is approved yet."
