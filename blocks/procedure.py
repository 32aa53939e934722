"""What a severity asks for, on one page: its stages, who is called in, by when, and who must agree to what (S0-31)."""

from collections.abc import Sequence

from blocks import kit, words
from blocks.post import Post
from bot.domain import gates, hours, ladder, progress
from bot.domain.incident import Incident, Stage
from bot.domain.items import Item
from bot.domain.policy import Policy, Span

# What the severity table calls each length of time, in the order in which it matters.
TIMES = {
    "acknowledge": "Acknowledge within",
    "contain": "Contain within",
    "resolve": "Resolve within",
    "internal_update": "Internal update every",
    "external_update": "Customer update every",
    "executive_brief": "Executive brief every",
    "next_step_within": "A next step within",
    "handoff": "A handoff is accepted within",
}
AGREED = {
    "raise_severity": "raise the severity",
    "lower_severity": "lower it",
    "owner": "change the lead",
    "external_text": "speak outside",
    "remediation": "change production",
    "close": "close",
}


def draw(incident: Incident, items: Sequence[Item], policy: Policy) -> Post:
    """Draw the standard procedure of an incident's severity, with how far the incident has come."""
    row = policy.row(incident.severity)
    title = f"{words.short(incident)}: what {incident.severity.name} ({row.label}) asks for"
    parts = [
        "*Stages*\n" + "\n".join(_stage(incident, items, policy, stage) for stage in policy.stages),
        "*Called in*\n" + ", ".join(_called_in(incident, policy)),
        "*By when*\n" + "\n".join(_times(policy, incident)),
        "*Who must agree*\n"
        + "\n".join(
            f"To {what}: {words.who_must_agree(policy, getattr(row.approvals, name))}"
            for name, what in AGREED.items()
        ),
    ]
    return kit.post(
        title, [kit.header(title), *(kit.section(piece) for part in parts for piece in kit.pieces(part))]
    )


def span(length: Span, policy: Policy) -> str:
    """Return a length of time as people say it: "4 hours", "2 working days"."""
    working = "working " if length.working else ""
    if length.days is not None:
        return _counted(length.days, f"{working}day")
    minutes = int(hours.length(length, policy.support_hours).total_seconds() // 60)
    if minutes % 60:
        return _counted(minutes, f"{working}minute")
    return _counted(minutes // 60, f"{working}hour")


def _stage(incident: Incident, items: Sequence[Item], policy: Policy, stage: Stage) -> str:
    row = policy.stages[stage]
    required = stage in policy.row(incident.severity).stages
    here = stage == incident.stage
    mark = ":arrow_forward:" if here else ":white_check_mark:" if progress.has(incident, stage) else "•"
    must = "required" if required else "may be left out"
    lines = [f"{mark} *{kit.outside(row.label, 100)}* ({must}): {kit.outside(row.meaning, 300)}"]
    if row.entry:
        lines.append(f"    Begins when: {kit.outside(row.entry, 300)}")
    if row.artifacts:
        lines.append(f"    On record: {kit.outside('; '.join(row.artifacts), 500)}")
    wanted = [one for one in row.exit if incident.severity in one.severities]
    open_ones = gates.unmet(incident, items, policy) if here else ()
    for one in wanted:
        state = "" if not here else " (missing)" if one in open_ones else " (done)"
        lines.append(f"    {'Needs' if one.strict else 'Asks'}: {kit.outside(one.text, 300)}{state}")
    return "\n".join(lines)


def _called_in(incident: Incident, policy: Policy) -> list[str]:
    return [
        words.role(policy, one.role) + (" (informed)" if one.inform_only else "")
        for one in ladder.engaged_roles(policy, incident)
    ]


def _times(policy: Policy, incident: Incident) -> list[str]:
    row = policy.row(incident.severity)
    found = ((label, getattr(row, name)) for name, label in TIMES.items())
    return [f"{label} {span(length, policy)}" for label, length in found if length is not None]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
