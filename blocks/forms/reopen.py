"""The form that reopens a closed incident."""

from typing import Any

from blocks import ids, kit, words
from blocks.forms import fields
from bot.domain.incident import Incident


def draw(incident: Incident) -> dict[str, Any]:
    """Ask why an incident is open again and what happens next; a private one is named by its key alone."""
    blocks = [
        kit.context(incident.key if incident.private else words.name(incident)),
        fields.text(
            ids.REASON, "Why is it open again?", lines=True, placeholder="The errors came back at 14:05"
        ),
        fields.text(ids.FIRST_STEP, "What happens next?", placeholder="Roll back the hotfix"),
    ]
    return fields.form(ids.REOPEN_FORM, "Reopen", blocks, submit="Reopen", carried={"incident": incident.id})
