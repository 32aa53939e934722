"""Lists that one person asked for: open incidents, what I owe, help."""

from collections.abc import Mapping, Sequence

from blocks import kit, words
from blocks.post import Post
from bot.domain import chasing
from bot.domain.incident import Incident
from bot.domain.items import Item

MOST = 40

COMMANDS: Mapping[str, str] = {
    "open [title]": "open an incident; a form asks the rest",
    "ack": "take what you are asked for here",
    "who": "who is asked now, who is next and when",
    "stage contain": "enter a stage; without a name it lists them",
    "triage": "say how far it reaches, what data is at risk, and what the stage still needs",
    "service checkout": "name the service that it is about; its owner is called in",
    "procedure": "what this severity asks for: stages, roles, times, approvals",
    "remediate [what]": "ask for the agreement to a risky change in production",
    "legal [what]": "ask for the agreement to a legal action",
    "next": "say what happens next, who does it and by when",
    "update": "post an update and promise the next one",
    "sev [2 reason]": "why it is that severe; with a number, change it",
    "stop [S-03 what you see]": "stop the line; `stop lift S-03 why` lifts it",
    "done [word]": "say that the task you owe here is done",
    "close": "close: cause, actions, verification, then the approvals",
    "reopen": "reopen a closed incident",
    "oncall [role]": "who is on call; `take` and `swap` change it",
    "policy [lanes]": "the escalation matrix on one page; also `lanes`, `raci`, `metrics`, `move`, `explain sev1`",
    "list": "open incidents",
    "mine": "what you owe",
    "help": "this list",
}


def open_incidents(incidents: Sequence[Incident]) -> Post:
    """Draw the open incidents, worst first."""
    if not incidents:
        text = "No incident is open. `/incident open Checkout is down` opens one."
        return kit.post(text, [kit.section(text)])
    return _listing(_counted(len(incidents), "open incident"), incident_lines(incidents))


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
    return lines + _more(incidents)


def mine(owed: Sequence[tuple[Incident, Item]]) -> Post:
    """Draw what a person owes, soonest first."""
    if not owed:
        text = "You owe nothing now."
        return kit.post(text, [kit.section(text)])
    return _listing(f"You owe {_counted(len(owed), 'thing')}", owed_lines(owed))


def owed_lines(owed: Sequence[tuple[Incident, Item]]) -> list[str]:
    """Return one line for each duty: what, on which incident, by when."""
    lines = []
    for incident, item in owed[:MOST]:
        late = ", :warning: *overdue since*" if chasing.is_overdue(item) else ", by"
        due = f"{late} {kit.when(item.due_at)}" if item.due_at else ""
        place = f" · {kit.channel(incident.channel_id)}" if incident.channel_id else ""
        lines.append(f"• *{words.name(incident)}*: {words.duty(None, item)}{due}{place}")
    return lines + _more(owed)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def help_text() -> Post:
    """Draw what `/incident` and `/escalate` can do."""
    lines = [f"`/incident {usage}` {what}" for usage, what in COMMANDS.items()]
    lines.append(
        "`/escalate` ask the next person now, in an incident's channel; anywhere else, open an incident"
    )
    text = "\n".join(lines)
    return kit.post("What /incident can do", [kit.section(f"*What you can do*\n{text}")])


def _more(found: Sequence[object]) -> list[str]:
    return [f"… and {len(found) - MOST} more."] if len(found) > MOST else []


def _listing(text: str, lines: Sequence[str]) -> Post:
    return kit.post(text, [kit.section(piece) for piece in kit.pieces("\n".join(lines))])
