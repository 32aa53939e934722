"""`/incident policy`: the matrix on one page, and what else the policy can be asked."""

from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches

from slack_bolt.async_app import AsyncAck

from blocks import kit, matrix
from blocks.post import Post
from bot.domain.errors import InvalidInput
from bot.domain.policy import Policy
from bot.listeners import policy_versions, rehearsing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Command
from bot.usecases import policy

Word = Callable[[Deps, Command, AsyncAck], Awaitable[None]]


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """Answer what the next word asks for; without one, the severity table. Only the person who asked sees it."""
    first = (command.rest.split(maxsplit=1) or [""])[0].lower()
    word = WORDS.get(first)
    if word is None:
        raise InvalidInput({"policy": unknown(first)})
    await word(deps, command, ack)


def unknown(word: str) -> str:
    """Say kindly that a word is not known, with the nearest one that is."""
    near = get_close_matches(word, WORDS, n=1, cutoff=0.5)
    meant = f" Did you mean `/incident policy {near[0]}`?" if near else ""
    known = ", ".join(f"`{known}`" for known in WORDS if known)
    return f"I don't know `/incident policy {kit.short(word, 40)}`.{meant} After `policy` comes nothing or one of {known}."


def _page(draw: Callable[[Policy], Post]) -> Word:
    async def show(deps: Deps, command: Command, ack: AsyncAck) -> None:
        post = draw(await deps.db.read(policy.active, workspace=command.workspace))
        await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")

    return show


WORDS: Mapping[str, Word] = {
    "": _page(matrix.draw),
    "lanes": _page(matrix.draw_lanes),
    "raci": _page(matrix.draw_raci),
    "triggers": _page(matrix.draw_triggers),
    "stop": _page(matrix.draw_stop),
    "metrics": _page(matrix.draw_metrics),
    "move": policy_versions.move_command,
    "explain": rehearsing.command,
}
