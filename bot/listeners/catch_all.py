"""Whatever nobody else listens for: links, and the buttons, commands and forms of older versions."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from bot.domain.errors import IllegalMove, NotFound
from bot.listeners.payloads import OLD_CARD

ANYTHING = re.compile(".*", re.DOTALL)
OLD_FORM = "That form is from an older version of the bot, so nothing was changed. Please open it again."


def register(app: AsyncApp) -> None:
    """Listen last: Slack shows people a failure for anything that is left unanswered."""

    @app.action(re.compile(f"^{ids.LINK_PREFIX}"))
    async def followed(ack: AsyncAck) -> None:
        await ack()

    @app.action(ANYTHING)
    async def old_button() -> None:
        raise NotFound(OLD_CARD)

    @app.view(ANYTHING)
    async def old_form() -> None:
        raise IllegalMove(OLD_FORM)

    @app.shortcut(ANYTHING)
    async def old_shortcut() -> None:
        raise NotFound("That shortcut no longer exists. Use `/incident open Checkout is down` instead.")

    @app.command(ANYTHING)
    async def old_command(body: dict[str, Any]) -> None:
        raise NotFound(f"I don't know {body['command']}. Use `/incident help` to see what I can do.")

    @app.event(ANYTHING)
    async def unheard() -> None:
        """Acknowledge events that mean nothing to us."""
