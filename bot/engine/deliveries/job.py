"""What one delivery is given, and what it may come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blocks.view import View
from bot.domain.incident import ChannelId
from bot.engine.caller import Caller
from bot.slack import Later, Never, Outcome
from storage.outbox import Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the bot is in its workspace, as `auth.test` said; ``url`` is the workspace's own address."""

    team: str
    user: str
    bot: str | None = None
    enterprise: str | None = None
    url: str = "https://slack.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """It is done one way or another: ``settle(tx, sending, *args, now=)`` writes down how."""

    settle: Callable[..., object]
    args: tuple[Any, ...] = ()


Result = Settled | Later | Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed row of the outbox with the state it is about.

    ``channel`` is where it goes (a person's id for direct messages), None when that place is not there yet.
    ``fallback`` is the channel for incidents without one of their own.
    """

    sending: Sending
    view: View
    slack: Caller
    me: Me
    channel: ChannelId | None
    fallback: ChannelId | None
    now: datetime

    @property
    def data(self) -> Mapping[str, Any]:
        """What belongs to this kind of notice."""
        return self.sending.data

    async def call(self, method: str, *, room: str | None = None, **args: Any) -> Outcome:
        """Call Slack in this notice's lane; ``room`` is the channel whose pace counts for a post."""
        return await self.slack.call(method, lane=self.sending.lane, room=room, **args)
