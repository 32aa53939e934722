"""The form that changes how bad an incident is."""

from typing import Any

from blocks import ids, kit, words
from blocks.forms import fields
from bot.domain.incident import Incident, Severity
from bot.domain.policy import Policy


def draw(
    incident: Incident, policy: Policy, *, to: Severity | None = None, reason: str = ""
) -> dict[str, Any]:
    """Draw the form; a lead's raise takes effect at once, anything else asks for the approvals of the severity table."""
    higher = words.who_must_agree(policy, policy.row(incident.severity).approvals.raise_severity)
    lower = words.who_must_agree(policy, policy.row(incident.severity).approvals.lower_severity)
    choices = [
        (str(int(level)), f"{level.name} · {policy.row(level).label}", policy.row(level).meaning)
        for level in Severity
        if level in policy.severities and level is not incident.severity
    ]
    blocks = [
        kit.section(f"*{words.name(incident)}*\n{kit.outside(incident.severity_reason, 1000)}"),
        fields.choice(ids.RAISE_TO, "New severity", choices, initial=str(int(to)) if to else None),
        fields.text(
            ids.REASON, "Why?", initial=reason, lines=True, placeholder="Half of all checkouts fail now"
        ),
        kit.context(
            f"Raising takes effect at once for whoever leads; from anybody else it waits for: {higher}. "
            f"Lowering waits for: {lower}."
        ),
    ]
    return fields.form(
        ids.SEVERITY_FORM, "Severity", blocks, submit="Change", carried={"incident": incident.id}
    )
