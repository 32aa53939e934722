"""What happens to every payload before a listener sees it: who sent it, may they, and has it been seen before."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.domain.errors import NotAllowed
from bot.domain.incident import UserId, Workspace
from bot.listeners import strangers
from bot.listeners.deps import Deps
from bot.listeners.sender import Sender
from bot.usecases import incidents
from storage import inbox

# A stored event that is run again carries this in its context, so that it is not taken for a duplicate of itself.
AGAIN = "tocsin_again"

# Kept until handled. Others only show something (Home) and lose nothing when they are lost.
KEPT = frozenset({"message", "reaction_added"})

# What a person writes; edits, deletions, joins and what apps post are not something said.
SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})

# How long it is remembered that somebody may act, so that a click does not wait for one more query.
TRUSTED = timedelta(minutes=1)
MOST_TRUSTED = 10_000


def register(app: AsyncApp, deps: Deps) -> None:
    """Put the door in front of every listener."""
    door = Doorkeeper(deps)

    @app.middleware
    async def enter(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        is_event, again = body.get("type") == "event_callback", context.get(AGAIN) is True
        if is_event and not (await _matters(deps, body) and await _is_new(deps, body, again=again)):
            return BoltResponse(status=200, body="")
        if not _is_heard(body):
            await door.admit(Sender.of(body))
        await next()
        return None


async def finish(deps: Deps, sender: Sender) -> None:
    """Note that a stored event is finished, so that the sweep does not run it again."""
    await deps.db.run(inbox.done, sender.key)


class Doorkeeper:
    """Refuses apps, leavers and people of other workspaces; what Slack does not say is looked up."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._trusted: dict[tuple[Workspace, UserId], datetime] = {}

    async def admit(self, sender: Sender) -> None:
        """Let somebody act, or raise `NotAllowed`."""
        if sender.is_outsider:
            raise NotAllowed(
                "Only people of this workspace can do this; guests from another workspace cannot."
            )
        who, now = (sender.workspace, sender.user), self._deps.clock()
        if self._trusted.get(who, now) > now:
            return
        known = await strangers.is_one_of_us(self._deps, sender.user, sender.workspace)
        if known is False:
            raise NotAllowed(
                "Only active people of this workspace can do this; apps and guests from outside cannot."
            )
        if known is None:
            return
        if len(self._trusted) >= MOST_TRUSTED:
            self._trusted.clear()
        self._trusted[who] = now + TRUSTED


def _is_heard(body: Mapping[str, Any]) -> bool:
    """Say whether this is something said or shown in a channel: anybody there may, and the rules ask who it was."""
    return "event" in body and body["event"]["type"] in KEPT


async def _matters(deps: Deps, body: Mapping[str, Any]) -> bool:
    """Say whether an event concerns us: what is said elsewhere than in an incident's channel is not even stored."""
    event = body["event"]
    if event.get("bot_id") or not event.get("user"):
        return False
    if event["type"] != "message":
        return True
    if event.get("subtype") not in SPOKEN:
        return False
    sender = Sender.of(body)
    return (
        sender.channel is not None
        and await deps.db.read(incidents.here, sender.channel, workspace=sender.workspace) is not None
    )


async def _is_new(deps: Deps, body: Mapping[str, Any], *, again: bool) -> bool:
    """Store an event before it is acknowledged; if that fails it is not acknowledged, and Slack sends it again."""
    if again or body["event"]["type"] not in KEPT:
        return True
    sender, now = Sender.of(body), deps.clock()
    return await deps.db.run(inbox.store_event, sender.key, dict(body), now=now, workspace=sender.workspace)
