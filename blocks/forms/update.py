"""The form of an update: what an audience has to be told now, and when it hears from us next."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from blocks import ids, kit, words
from blocks.forms import fields as ask
from bot.domain import fields
from bot.domain.fields import Audience, Field
from bot.domain.incident import Incident
from bot.domain.policy import Policy

OUTSIDE = "It is posted once it is approved by: {who}."


def draw(
    incident: Incident,
    policy: Policy,
    audience: Audience,
    *,
    filled: Mapping[str, str],
    next_update: str = "",
) -> dict[str, Any]:
    """Draw the form for one audience; what it asks depends on where the incident stands."""
    who = words.who_must_agree(policy, policy.row(incident.severity).approvals.external_text)
    what_follows = "It is posted at once." if audience is Audience.INTERNAL else OUTSIDE.format(who=who)
    blocks: list[Block] = [
        kit.context(words.name(incident)),
        ask.choice(
            ids.AUDIENCE,
            "For whom?",
            [(a.value, words.AUDIENCES[a.value], "") for a in Audience],
            initial=audience.value,
            action_id=ids.AUDIENCE_CHOSEN,
            at_once=True,
        ),
        *[_question(field, filled) for field in fields.wanted(audience, fields.moment(incident, policy))],
        ask.text(
            ids.NEXT_UPDATE_AT,
            "When is the next update?",
            initial=next_update,
            placeholder="in 30m, or 15:30",
            hint="You are reminded 5 minutes before. Your own time zone.",
            optional=incident.is_closed,
        ),
        kit.context(what_follows),
    ]
    return ask.form(
        ids.UPDATE_FORM, "Post an update", blocks, submit="Post", carried={"incident": incident.id}
    )


def _question(field: Field, filled: Mapping[str, str]) -> Block:
    return ask.text(
        field.name,
        field.label,
        initial=filled.get(field.name, ""),
        placeholder=field.example,
        lines=True,
        optional=not field.required,
    )
