"""The buttons of pages and of the incident card."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from bot.domain.errors import NotFound
from bot.domain.incident import Stage
from bot.listeners import stages
from bot.listeners.deps import Deps
from bot.listeners.payloads import OLD_CARD, Click
from bot.usecases import channels, items


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for what people answer and for the moves they make; every ack comes after the commit."""

    @app.action(re.compile(f"^{ids.ACKNOWLEDGE}(:\\d+)?$"))
    async def acknowledge(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(items.acknowledge, click.item_id, **deps.act(click))
        await ack()

    @app.action(ids.ACKNOWLEDGE_MINE)
    async def acknowledge_mine(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        if click.channel is None:
            raise NotFound(OLD_CARD)
        await deps.db.run(items.acknowledge_mine, click.channel, **deps.act(click))
        await ack()

    @app.action(ids.DECLINE)
    async def decline(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(items.decline, click.item_id, "", **deps.act(click))
        await ack()

    @app.action(ids.ESCALATE_NOW)
    async def escalate_now(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(items.escalate_now, click.item_id, **deps.act(click))
        await ack()

    @app.action(re.compile(f"^{ids.STAGE_PREFIX}"))
    async def enter_stage(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        stage = Stage(click.action_id.removeprefix(ids.STAGE_PREFIX))
        await stages.move(deps, click, stage)
        await ack()

    @app.action(ids.REPAIR_CHANNEL)
    async def repair_channel(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(channels.retry, click.incident_id, **deps.act(click))
        await ack()
