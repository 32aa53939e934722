"""What everybody may know: an incident was opened, reopened or closed."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, words
from blocks.post import Post
from blocks.view import View


def draw(view: View, data: Mapping[str, Any]) -> Post:
    """Draw an announcement; of a private incident only its key, severity and age are told."""
    incident = view.incident
    if data.get("moment") == "closed" or incident.is_closed:
        verb, at = "closed", incident.closed_at
    elif incident.reopened:
        verb, at = "reopened", None
    else:
        verb, at = "opened", incident.opened_at
    moment = f" {kit.when(at)}" if at is not None else ""
    if incident.private:
        text = f"A private incident, *{incident.key}* ({incident.severity.name}), was {verb}{moment}."
        return kit.post(text, [kit.section(text)])
    by = f" by {kit.mention(incident.opened_by)}" if verb == "opened" else ""
    lines = [f"*{words.name(incident)}* was {verb}{moment}{by}."]
    if verb == "closed":
        if incident.closure is not None:
            kind = "Top suspicion" if incident.closure.cause_is_suspicion else "Root cause"
            lines.append(f"{kind}: {kit.outside(incident.closure.cause, 500)}")
    else:
        lines.append(kit.outside(incident.severity_reason, 1000))
    if incident.channel_id:
        where = "Read on in" if incident.is_closed else "Join in"
        lines.append(f"{where}: {kit.channel(incident.channel_id)}")
    if incident.drill:
        lines.append("This is a drill: nothing here is real.")
    return kit.post(" ".join(lines), [kit.section("\n".join(lines))])
