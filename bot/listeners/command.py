"""`/incident`: one word says what to do; every word has one short function."""

from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import kit, lists, words
from blocks import who as who_blocks
from blocks.post import Post
from bot.domain.errors import InvalidInput
from bot.domain.items import ProposalKind
from bot.domain.opening import LONGEST_TITLE
from bot.listeners import (
    checklist,
    closing,
    comms,
    oncall,
    opening,
    policy,
    remediation,
    service,
    severity,
    stages,
    steps,
)
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.listeners.plain import plain
from bot.listeners.repeated import once
from bot.usecases import incidents, items

COMMAND = "/incident"

Verb = Callable[[Deps, Command, AsyncAck], Awaitable[None]]


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the command; its first word chooses."""

    @app.command(COMMAND)
    async def incident(ack: AsyncAck, body: dict[str, Any]) -> None:
        command = Command.parse(body)
        verb = VERBS.get(command.verb)
        if verb is None:
            raise InvalidInput({"command": unknown(command.verb)})
        await verb(deps, command, ack)


def unknown(word: str) -> str:
    """Say kindly that a word is not known, with the nearest ones that are."""
    near = get_close_matches(word, VERBS, n=2, cutoff=0.5)
    meant = f" Did you mean {' or '.join(f'`{COMMAND} {verb}`' for verb in near)}?" if near else ""
    return (
        f"I don't know `{COMMAND} {kit.short(word, 40)}`.{meant} `{COMMAND} help` shows everything I can do."
    )


def check_title(title: str, typed: str) -> str:
    """Return a title that fits; raises `InvalidInput` with its length for one that does not."""
    if len(title) <= LONGEST_TITLE:
        return title
    too_long = f"That title has {len(title)} characters; {LONGEST_TITLE} fit."
    raise InvalidInput({"title": f"{too_long} Please shorten it, for example `{typed} Checkout is down`."})


async def answer(ack: AsyncAck, post: Post) -> None:
    """Answer so that only the person who asked sees it."""
    await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")


async def _open(deps: Deps, command: Command, ack: AsyncAck) -> None:
    title = check_title(plain(command.rest), f"{COMMAND} open")
    await opening.show(deps, command.trigger_id, command.workspace, title=title)
    await ack()


async def _acknowledge(deps: Deps, command: Command, ack: AsyncAck) -> None:
    await once(deps.db.run(items.acknowledge_mine, command.channel, **deps.act(command)))
    seen = await deps.look(command, items.who, command.channel)
    mine = (item for item in seen.acknowledged if item.answered_by == command.user)
    roles = ", ".join(words.role(seen.policy, item.role) for item in mine)
    await ack(f"You have {seen.incident.key} as {roles}. Everyone can see it on the card.")


async def _who(deps: Deps, command: Command, ack: AsyncAck) -> None:
    seen = await deps.look(command, items.who, command.channel)
    asked = [(one.item, one.then, one.then_at) for one in seen.asked]
    await answer(ack, who_blocks.draw(seen.incident, asked, seen.acknowledged, seen.policy))


async def _list(deps: Deps, command: Command, ack: AsyncAck) -> None:
    await answer(
        ack, lists.open_incidents(await deps.db.read(incidents.list_open, workspace=command.workspace))
    )


async def _mine(deps: Deps, command: Command, ack: AsyncAck) -> None:
    await answer(
        ack, lists.mine(await deps.db.read(items.mine, by=command.user, workspace=command.workspace))
    )


async def _help(_deps: Deps, _command: Command, ack: AsyncAck) -> None:
    await answer(ack, lists.help_text())


VERBS: Mapping[str, Verb] = {
    "": _help,
    "open": _open,
    "ack": _acknowledge,
    "who": _who,
    "stage": stages.command,
    "triage": stages.triage_command,
    "service": service.command,
    "procedure": stages.procedure_command,
    "remediate": remediation.asking_for(ProposalKind.REMEDIATION),
    "legal": remediation.asking_for(ProposalKind.LEGAL),
    "next": steps.command,
    "update": comms.command,
    "sev": severity.command,
    "stop": checklist.command,
    "done": checklist.done_command,
    "close": closing.close_command,
    "reopen": closing.reopen_command,
    "oncall": oncall.command,
    "policy": policy.command,
    "list": _list,
    "mine": _mine,
    "help": _help,
}
