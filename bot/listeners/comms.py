"""Posting updates to each audience."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import update as update_form
from bot.domain import comms as drafts
from bot.domain import fields
from bot.domain.errors import InvalidInput
from bot.domain.fields import Audience
from bot.listeners import looking, showing, times
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form
from bot.usecases import comms
from bot.usecases.scene import Scene


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, the choice of audience and the form."""

    @app.action(ids.POST_UPDATE)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        looked = deps.look(click, looking.at, click.incident_id)
        await showing.form(deps, click.trigger_id, "Post an update", _first(looked, Audience.INTERNAL))
        await ack()

    @app.action(ids.AUDIENCE_CHOSEN)
    async def ask_again(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        at = await deps.look(form, looking.at, form.incident_id)
        view = _draw(at, audience(form), next_update=form.text(ids.NEXT_UPDATE_AT))
        await showing.redraw(deps, form.view_id, form.view_hash, view)
        await ack()

    @app.view(ids.UPDATE_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        draft = drafts.UpdateDraft(
            audience=audience(form),
            fields=written(form),
            next_update_at=await promised(deps, form),
        )
        await deps.db.run(comms.post_update, form.incident_id, draft, **deps.act(form))
        await ack()


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident update [internal | customer | executive]` opens the form."""
    known = {a.value: a for a in Audience}
    chosen = known.get(command.rest.lower() or Audience.INTERNAL.value)
    if chosen is None:
        wanted = f"An update is for {', '.join(known)}, for example `/incident update customer`."
        raise InvalidInput({ids.AUDIENCE: wanted})
    looked = deps.look(command, looking.here, command.channel)
    await showing.form(deps, command.trigger_id, "Post an update", _first(looked, chosen))
    await ack()


async def promised(deps: Deps, form: Form) -> datetime | None:
    """Return the moment promised for the next update, read in the person's own zone; None when nothing was written."""
    text = form.text(ids.NEXT_UPDATE_AT)
    if not text:
        return None
    zone = await times.zone_of(deps, form.sender)
    return times.parse(text, field=ids.NEXT_UPDATE_AT, zone=zone, now=deps.clock())


def audience(form: Form) -> Audience:
    """Return whom the update is for; raises `InvalidInput` when nobody was chosen."""
    try:
        return Audience(form.text(ids.AUDIENCE))
    except ValueError:
        raise InvalidInput(
            {ids.AUDIENCE: "Please choose whom it is for, for example Internal update."}
        ) from None


def written(form: Form) -> dict[str, str]:
    """Return what was written, by the name of each field."""
    names = {field.name for a in Audience for moment in fields.Moment for field in fields.wanted(a, moment)}
    return {name: form.text(name) for name in form.answers if name in names}


async def _first(looked: Awaitable[Scene], chosen: Audience) -> dict[str, Any]:
    return _draw(await looked, chosen, next_update="")


def _draw(at: Scene, chosen: Audience, *, next_update: str) -> dict[str, Any]:
    filled = drafts.last_fields(at.items, chosen)
    return update_form.draw(at.incident, at.policy, chosen, filled=filled, next_update=next_update)
