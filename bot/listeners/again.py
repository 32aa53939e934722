"""Running a stored event once more, the same way in that a fresh one takes."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.listeners.middleware import AGAIN


def runner(app: AsyncApp) -> Callable[[Mapping[str, Any]], Awaitable[bool]]:
    """Return what runs a stored event as if Slack had just sent it, and tells whether that worked."""

    async def run(payload: Mapping[str, Any]) -> bool:
        request = AsyncBoltRequest(body=dict(payload), mode="socket_mode", context={AGAIN: True})
        return (await app.async_dispatch(request)).status == 200

    return run
