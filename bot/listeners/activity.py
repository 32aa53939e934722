"""What is said and shown in channels: it keeps acknowledgements alive, and a reaction can be an answer."""

from contextlib import suppress
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.deps import Deps
from bot.listeners.middleware import finish
from bot.listeners.payloads import Heard, Reacted
from bot.usecases import activity, items
from storage.inbox import Duplicate

# Reactions that mean "I have it", whatever skin they are given.
MINE = frozenset({"eyes", "white_check_mark", "raised_hand"})


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for messages and reactions; each was stored before, and is finished here."""

    @app.event("message")
    async def heard(body: dict[str, Any]) -> None:
        said = Heard.parse(body)
        act = deps.act(said) | {"once": f"said:{said.channel}:{said.ts}"}
        with suppress(Duplicate):
            await deps.db.run(activity.heard, said.channel, said.text, said.ts, deps.advisor, **act)
        await finish(deps, said.sender)

    @app.event("reaction_added")
    async def reacted(body: dict[str, Any]) -> None:
        seen = Reacted.parse(body)
        if seen.reaction.partition("::")[0] in MINE:
            act = deps.act(seen) | {"once": f"{seen.key}/taken"}
            with suppress(Duplicate):
                await deps.db.run(items.acknowledge_message, seen.channel, seen.ts, **act)
        await finish(deps, seen.sender)
