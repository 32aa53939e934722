"""The Home tab: what I owe, and which incidents are open."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from blocks import home as home_blocks
from bot.listeners.deps import Deps
from bot.listeners.payloads import HomeOpened
from bot.usecases import home


def register(app: AsyncApp, deps: Deps) -> None:
    """Draw a person's Home whenever they look at it."""

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any]) -> None:
        looked = HomeOpened.parse(body)
        if looked.tab != "home":
            return
        seen = await deps.db.read(home.owed, by=looked.user, workspace=looked.workspace)
        view = home_blocks.draw(seen.owed, seen.open_incidents)
        await deps.web.views_publish(user_id=looked.user, view=view)
