"""Where a notice goes: addresses of the policy resolved to channel ids."""

import re
from datetime import datetime, timedelta

from blocks.view import View
from bot.clock import Clock
from bot.domain.decision import ANNOUNCEMENTS, CATCH_ALL, CUSTOMERS, EXECUTIVES, INCIDENT, person
from bot.domain.incident import ChannelId, Workspace
from bot.domain.policy import Channels, Policy
from bot.engine.caller import Caller
from bot.slack import Sent
from storage import channels as rows
from storage.database import Database

# A channel that is unknown is looked for again, but not more often than this.
PATIENCE = timedelta(seconds=30)
_ID = re.compile(r"[CGD][A-Z0-9]{4,}")
_PAGES = 20


class Places:
    """The channels that the bot is in, by name; kept in the database so that a start needs no call to Slack."""

    def __init__(self, db: Database, clock: Clock, slack: Caller, workspace: Workspace) -> None:
        self._db, self._clock, self._slack, self._workspace = db, clock, slack, workspace
        self._known: dict[str, ChannelId] = {}
        self._asked: datetime | None = None

    async def load(self) -> None:
        """Read what was known when the bot last ran."""
        self._known = dict(await self._db.read(rows.named, self._workspace))

    async def refresh(self) -> bool:
        """Ask Slack which channels the bot is in; false when Slack did not say, and nothing changed."""
        self._asked = self._clock()
        found: dict[str, ChannelId] = {}
        cursor: str | None = None
        for _ in range(_PAGES):
            outcome = await self._slack.call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=999,
                cursor=cursor,
            )
            if not isinstance(outcome, Sent):
                return False
            found |= {str(c["name"]): ChannelId(c["id"]) for c in outcome.response.get("channels", ())}
            cursor = outcome.cursor
            if cursor is None:
                break
        self._known = found
        await self._db.run(rows.learn, self._workspace, found)
        return True

    async def search(self, to: str, view: View) -> ChannelId | None:
        """Look for an unknown channel once more in Slack, unless that was done a moment ago."""
        if to != INCIDENT and self._may_ask():
            await self.refresh()
        return self.find(to, view)

    def fallback(self, policy: Policy) -> ChannelId | None:
        """Return the channel for incidents without one of their own."""
        return self._named(policy.channels.catch_all)

    def find(self, to: str, view: View) -> ChannelId | None:
        """Return the channel (or the person, for direct messages) behind an address; None when it is not known."""
        if to == INCIDENT:
            return view.incident.channel_id
        if (user := person(to)) is not None:
            return ChannelId(user)
        if to.startswith("channel:"):
            return ChannelId(to.removeprefix("channel:"))
        name = named(view.policy.channels, to)
        return self._named(name) if name is not None else None

    def _named(self, name: str) -> ChannelId | None:
        if _ID.fullmatch(name):
            return ChannelId(name)
        return self._known.get(name.removeprefix("#"))

    def _may_ask(self) -> bool:
        return self._asked is None or abs(self._clock() - self._asked) > PATIENCE


def named(channels: Channels, to: str) -> str | None:
    """Return the name or id that the policy gives to one of its addresses."""
    table = {
        ANNOUNCEMENTS: channels.announcements,
        CATCH_ALL: channels.catch_all,
        CUSTOMERS: channels.customers,
        EXECUTIVES: channels.executives,
    }
    return table.get(to)
