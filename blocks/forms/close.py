"""The form that asks for the close of an incident."""

from typing import Any

from blocks import ids, kit, words
from blocks.forms import fields
from bot.domain.incident import Incident
from bot.domain.policy import Policy

CONFIRMED, SUSPECTED = "root_cause", "top_suspicion"


def draw(incident: Incident, policy: Policy) -> dict[str, Any]:
    """Draw the form; it says who has to agree before the incident is closed."""
    who = words.who_must_agree(policy, policy.row(incident.severity).approvals.close)
    kinds = [
        (CONFIRMED, "Root cause", "We know, and can show it"),
        (SUSPECTED, "Top suspicion", "We believe it, and cannot show it yet"),
    ]
    blocks = [
        kit.context(words.name(incident)),
        fields.text(ids.CAUSE, "What caused it?", lines=True),
        fields.choice(ids.CAUSE_KIND, "How sure is that?", kinds),
        fields.text(ids.ACTIONS_TAKEN, "What was done?", lines=True),
        fields.text(
            ids.VERIFICATION,
            "How do you know that it is over?",
            lines=True,
            placeholder="Error rate below 0.1 % for 60 minutes, checked by Caro at 11:40",
        ),
        kit.context(f"Closing waits for: {who}."),
    ]
    carried = {"incident": incident.id}
    return fields.form(
        ids.CLOSE_FORM, "Close the incident", blocks, submit="Ask for the close", carried=carried
    )
