"""Settling what was unknown when the incident was opened."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import settle as settle_form
from bot.domain.incident import Dimension
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.opening import score
from bot.listeners.payloads import Click, Form
from bot.usecases import settling


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button and its form."""

    @app.action(ids.SETTLE)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, "What is known now", _draw(deps, click))
        await ack()

    @app.view(ids.SETTLE_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        scores = {
            d: score(form.text(ids.dimension(d)))
            for d in Dimension
            if form.answers.get(ids.dimension(d)) not in (None, ids.NOT_INVOLVED)
        }
        said = form.text(ids.USERS_SAID)
        await deps.db.run(settling.rescore, form.incident_id, scores, said, **deps.act(form))
        await ack()


async def _draw(deps: Deps, click: Click) -> dict[str, Any]:
    at = await deps.look(click, looking.at, click.incident_id)
    return settle_form.draw(at.incident, at.policy)
