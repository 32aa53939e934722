"""The texts that furnish an incident's channel: topic, purpose and bookmark, each within Slack's 250 characters."""

from blocks import kit
from bot.domain.incident import Incident


def topic(incident: Incident) -> str:
    """Return the channel's topic: what it is and how bad; stage and lead move on without it and stand on the live card."""
    start = f"{'DRILL · ' if incident.drill else ''}{incident.key} · {incident.severity.name}"
    return kit.short(f"{start} · {kit.escape(_line(incident.title))}", kit.TOPIC)


def purpose(incident: Incident) -> str:
    """Return the channel's purpose: what it is for and how to act in it."""
    how = "`/incident who` shows who is asked, `/incident help` the rest."
    return kit.short(f"{kit.short(kit.escape(_line(incident.title)), 150)} · {how}", kit.TOPIC)


def bookmark(incident: Incident) -> str:
    """Return the title of the bookmark that leads to the live card; shown as it is, so it is not escaped."""
    return kit.short(f"{incident.key} live card", kit.TOPIC)


def _line(text: str) -> str:
    return " ".join(text.split())
