"""The repair of an incident that has no channel of its own."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from blocks import ids, kit, words
from blocks.post import Post
from blocks.view import View
from bot.domain.incident import ChannelState, Incident


def draw(view: View, _data: Mapping[str, Any]) -> Post:
    """Say in the catch-all channel that an incident has no channel, in words that everybody may read."""
    incident, name = view.incident, f"The {words.masked(view.incident)}"
    if incident.is_closed or incident.channel_state is not ChannelState.FALLBACK:
        text = f"{name} {'is closed' if incident.is_closed else 'has its channel now'}."
        return kit.post(text, [kit.section(text)])
    text = (
        f":warning: *{name} has no channel of its own* ({why(incident)}). "
        "Its people are asked by direct message; everything else waits. Mend that, then press Make the channel."
    )
    return kit.post(text, [kit.section(text, button=button(incident))])


def why(incident: Incident) -> str:
    """Return why Slack would not make the channel, escaped."""
    return kit.outside(incident.channel_problem or "Slack refused", 500)


def button(incident: Incident) -> ButtonElement:
    """Return the button that tries once more."""
    return kit.button("Make the channel", ids.REPAIR_CHANNEL, incident.id, style="primary")
