"""Lists that one person asked for: open incidents, what I owe, help."""

from collections.abc import Mapping, Sequence

from blocks import kit, words
from blocks.post import Post
from bot.domain.incident import Incident
from bot.domain.items import Item

MOST = 40

COMMANDS: Mapping[str, str] = {
    "open [title]": "open an incident; a form asks the rest",
    "ack": "take what you are asked for here",
    "who": "who is asked now, who is next and when",
    "stage contain": "enter a stage: triage, contain, diagnose, resolve, recover, review",
    "next": "say what happens next, who does it and by when",
    "update": "post an update and promise the next one",
    "sev 2 [reason]": "change the severity",
    "close": "close: cause, actions, verification, then the approvals",
    "reopen": "reopen a closed incident",
    "list": "open incidents",
    "mine": "what you owe",
    "help": "this list",
}


def open_incidents(incidents: Sequence[Incident]) -> Post:
    """Draw the open incidents, worst first."""
    if not incidents:
        text = "No incident is open. `/incident open Checkout is down` opens one."
        return kit.post(text, [kit.section(text)])
    lines = incident_lines(incidents)
    return kit.post(
        f"{len(incidents)} open incidents", [kit.section(piece) for piece in kit.pieces("\n".join(lines))]
    )


def incident_lines(incidents: Sequence[Incident]) -> list[str]:
    """Return one line for each incident; of a private one only its key, severity and age."""
    lines = []
    for incident in incidents[:MOST]:
        opened = f"opened {kit.when(incident.opened_at)}"
        if incident.private:
            lines.append(f"• *{incident.key}* ({incident.severity.name}) private, {opened}")
            continue
        place = f" · {kit.channel(incident.channel_id)}" if incident.channel_id else ""
        lines.append(
            f"• *{words.name(incident)}* · {words.STATUS[incident.status].lower()} · {opened}{place}"
        )
    if len(incidents) > MOST:
        lines.append(f"… and {len(incidents) - MOST} more.")
    return lines


def mine(owed: Sequence[tuple[Incident, Item]]) -> Post:
    """Draw what a person owes, soonest first."""
    if not owed:
        text = "You owe nothing now."
        return kit.post(text, [kit.section(text)])
    lines = owed_lines(owed)
    return kit.post(
        f"You owe {len(owed)} things", [kit.section(piece) for piece in kit.pieces("\n".join(lines))]
    )


def owed_lines(owed: Sequence[tuple[Incident, Item]]) -> list[str]:
    """Return one line for each duty: what, on which incident, by when."""
    lines = []
    for incident, item in owed[:MOST]:
        due = f", by {kit.when(item.due_at)}" if item.due_at else ""
        place = f" · {kit.channel(incident.channel_id)}" if incident.channel_id else ""
        lines.append(f"• *{words.name(incident)}*: {words.duty(None, item)}{due}{place}")
    if len(owed) > MOST:
        lines.append(f"… and {len(owed) - MOST} more.")
    return lines


def help_text() -> Post:
    """Draw what `/incident` and `/escalate` can do."""
    lines = [f"`/incident {usage}` {what}" for usage, what in COMMANDS.items()]
    lines.append("`/escalate` here: ask the next person now; outside an incident's channel: open one")
    text = "\n".join(lines)
    return kit.post("What /incident can do", [kit.section(f"*What you can do*\n{text}")])
