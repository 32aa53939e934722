"""The form that sets the next step: what, who, by when."""

from datetime import datetime
from typing import Any

from blocks import ids, kit, words
from blocks.forms import fields
from bot.domain.incident import Incident


def draw(incident: Incident, *, text: str = "", owner: str | None, due: datetime) -> dict[str, Any]:
    """Draw the form with what is known already."""
    blocks = [
        kit.context(words.name(incident)),
        fields.text(
            ids.STEP_TEXT, "What happens next?", initial=text, placeholder="Fail over to the replica"
        ),
        fields.person(ids.STEP_OWNER, "Who does it?", initial=owner),
        fields.moment(
            ids.STEP_DUE, "By when?", initial=due, hint="They are reminded halfway; then the lead is told."
        ),
    ]
    return fields.form(ids.STEP_FORM, "Next step", blocks, submit="Set", carried={"incident": incident.id})
