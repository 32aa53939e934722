"""What the page needs to know of the sandbox it shows."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.sandbox.delivery import Delivery
from bot.sandbox.state import Workspace


class Stage(Protocol):
    """The running sandbox, as seen from its page."""

    manifest: Mapping[str, Any]
    clock: Callable[[], datetime]
    skip: Callable[[timedelta], Awaitable[None]] | None
    next_due: Callable[[], Awaitable[datetime | None]] | None
    workspace: Workspace
    delivery: Delivery

    @property
    def ui_url(self) -> str: ...
