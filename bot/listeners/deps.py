"""What every listener is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.advisor.protocol import Advisor
from bot.clock import Clock
from bot.listeners.payloads import Payload
from storage.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The listeners' world. ``web`` shows at once (forms, Home, private answers) and never changes anything."""

    db: Database
    clock: Clock
    web: AsyncWebClient
    advisor: Advisor

    def act(self, payload: Payload) -> dict[str, Any]:
        """Return who does it, where, when, and the key under which it takes effect once."""
        return {
            "by": payload.user,
            "workspace": payload.workspace,
            "now": self.clock(),
            "once": payload.key,
        }

    async def look(self, payload: Payload, reading: Callable[..., T], *what: Any) -> T:
        """Read what somebody asks to see, as it is in their workspace now; nothing is changed by it."""
        return await self.db.read(reading, *what, workspace=payload.workspace, now=self.clock())
