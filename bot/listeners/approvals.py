"""The buttons of approval cards: approving is one click, changing and rejecting ask why."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import decide as decide_form
from bot.domain.items import ItemId, ProposalKind
from bot.listeners import looking, showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Decision, Form
from bot.usecases import approvals


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for decisions; who may decide is checked when the decision is made, not when the card was drawn."""

    @app.action(ids.APPROVE)
    async def approve(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Decision.parse(body)
        await deps.db.run(
            approvals.decide,
            click.item,
            "approve",
            click.digest,
            "",
            **deps.act(click),
        )
        await ack()

    @app.action(ids.CHANGE)
    async def change(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Decision.parse(body)
        await showing.form(deps, click.trigger_id, "Change it", _draw(deps, click, "change"))
        await ack()

    @app.action(ids.REJECT)
    async def reject(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Decision.parse(body)
        await showing.form(deps, click.trigger_id, "Reject it", _draw(deps, click, "reject"))
        await ack()

    @app.view(ids.DECIDE_FORM)
    async def decide(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        await deps.db.run(
            approvals.decide,
            ItemId(form.carried["item"]),
            form.carried["verdict"],
            form.carried["digest"],
            form.text(ids.REASON),
            value(form),
            **deps.act(form),
        )
        await ack()


def value(form: Form) -> Any:
    """Return what the person wants instead, in the kind's own form; None when the proposal is rejected."""
    if form.carried["verdict"] != "change":
        return None
    given = form.text(ids.NEW_VALUE)
    if form.carried["kind"] == ProposalKind.SEVERITY.value:
        return int(given) if given.isdigit() else None
    return given


async def _draw(deps: Deps, click: Decision, verdict: str) -> dict[str, Any]:
    at, item = await deps.look(click, looking.undecided, click.item)
    return decide_form.draw(at.incident, item, at.policy, verdict=verdict, digest=click.digest)
