"""The escalation matrix in words, row by row: one source for Slack and for paper. Nothing here is escaped."""

from collections.abc import Mapping

from blocks import condition_words, spans
from bot.domain import lane_clock, lanes, quorum, raci
from bot.domain.incident import Role, Severity
from bot.domain.policy import (
    AutoTrigger,
    Continue,
    Engagement,
    Interim,
    Ladder,
    Policy,
    SpecialLadder,
    Step,
    StopCondition,
)

Rows = list[tuple[str, str]]

INTERIM: Mapping[Interim, str] = {
    "hold_draft": "hold the draft",
    "park_item": "park the item",
    "safe_mode": "safe mode",
    "block": "block",
    "deny": "deny",
}
CONTINUE: Mapping[Continue, str] = {
    "yes": "yes, the rest goes on",
    "this_item_no": "this item no, the rest yes",
    "safe_path_only": "on the safe path only",
    "no": "no",
}


TYPES: Mapping[str, str] = {
    "number": "number",
    "yes_no": "yes or no",
    "text": "text",
    "duration": "length of time",
}


def standing(policy: Policy) -> str:
    """Return which policy this is, when it was last looked at, by whom, and by when it must be again."""
    parts = [f"{policy.organisation}, policy {policy.version[:12]}"]
    by = f" by {policy.reviewed_by}" if policy.reviewed_by else ""
    parts.append(f"last reviewed {policy.reviewed_on}{by}" if policy.reviewed_on else f"never reviewed{by}")
    if policy.review_by:
        parts.append(f"to be reviewed by {policy.review_by}")
    if policy.endorsement:
        parts.append(f"endorsed by {policy.endorsement.by} on {policy.endorsement.on}")
    return " · ".join(parts)


def title(policy: Policy, level: Severity) -> str:
    """Return "SEV2 major"."""
    return f"{level.name} {policy.row(level).label}"


def severity(policy: Policy, level: Severity) -> Rows:
    """Return one column of the severity table: what it means, its targets, who leads, who must agree."""
    row = policy.row(level)
    agree = row.approvals
    return [
        ("Means", row.meaning),
        ("Such as", "; ".join(row.examples)),
        ("Answer within", spans.said(row.acknowledge)),
        ("Contain within", spans.said(row.contain)),
        ("Resolve within", spans.said(row.resolve)),
        ("Inside every", spans.said(row.internal_update)),
        ("Customers every", spans.said(row.external_update)),
        ("Led by", label(policy, row.lead)),
        ("Called in", _called(policy, row.lead, row.engage)),
        ("Asked", _asked(policy, row.ladder)),
        ("Asked instead", _instead(policy, row.special_ladders)),
        ("To lower it", quorum.words(policy, agree.lower_severity)),
        ("Text outside", quorum.words(policy, agree.external_text)),
        ("To close it", quorum.words(policy, agree.close)),
    ]


def lane(policy: Policy, name: str) -> Rows:
    """Return one row of the agent matrix, with its eight fields and whether the rest may go on."""
    row = policy.lanes[name]
    after = row.after_timeout
    told = ", ".join(label(policy, role) for role in after.tell)
    later = f" {spans.said(after.tell_after)} after the request" if after.tell_after else ""
    tail = [f"Again every {spans.said(after.repeat)}."] if after.repeat else []
    tail += [f"Told{later}: {told}."] if told else []
    tail += [] if after.late_decision else ["A late decision does not count."]
    first = next(iter(row.triggers.values()))
    return [
        ("When", "; ".join(" ".join(trigger.when.split()) for trigger in row.triggers.values())),
        ("Such as", first.examples[0].says),
        ("But not", "; ".join(example.says for example in first.counterexamples)),
        ("Asks", f"{place(policy, lanes.owner(row))}, then {place(policy, lanes.backup(row))}"),
        ("Decide within", f"{spans.said(row.urgency)}, reminder at {_percent(policy)} of it"),
        ("Agent", f"{row.agent_action.rstrip('.')} ({INTERIM[row.interim]})."),
        ("Person", row.operator_action),
        ("Evidence", ", ".join(row.evidence)),
        (
            "No answer",
            " ".join([_sentence(lane_clock.timeout_outcome(policy, name).says), after.says, *tail]),
        ),
        (
            "May it go on?",
            CONTINUE[row.safe_to_continue] + (" (cannot be undone)" if row.irreversible else ""),
        ),
    ]


def lane_title(policy: Policy, name: str) -> str:
    """Return "1 Security", by the order in which lanes lead."""
    return f"{policy.lanes[name].precedence} {policy.lanes[name].label}"


def in_order(policy: Policy) -> list[str]:
    """Return the lanes, the one that leads first."""
    return sorted(policy.lanes, key=lambda name: policy.lanes[name].precedence)


def everywhere(policy: Policy) -> list[str]:
    """Return what holds in every lane, the exceptions in force by the policy, and what touches a credential."""
    rules = policy.lane_rules
    touches = policy.remediation.touches_credentials
    lines = [
        f"The owner is reminded and the backup told at {_percent(policy)} of the time. Silence is never approval.",
        f"A decision is put off at most {rules.defers} times. "
        f"From {rules.two_approvers_at:g} times the limit on, two people agree.",
        f"{rules.group_count} requests by one trigger within {spans.said(rules.group_within)} are shown as one; "
        f"an agent is heard {rules.rate_count} times in {spans.said(rules.rate_within)}.",
        f"The bot touches a credential only at the timeout of the lane {policy.remediation.approved_rule}."
        if touches
        else "The bot never touches a credential by itself.",
    ]
    for name, waiver in policy.exceptions.items():
        lines.append(
            f"Exception {name}: {waiver.trigger} does not count for {waiver.asset} until {waiver.expires_on}, "
            f"because {waiver.reason} (owner {label(policy, waiver.owner)}, agreed to by {label(policy, waiver.approved_by)})"
        )
    return lines


def accountability(policy: Policy) -> list[tuple[str, str, str]]:
    """Return the RACI: each activity, at which severities, and who does what there, the accountable role first."""
    told: dict[tuple[str, str], list[Severity]] = {}
    for level in policy.severities:
        for activity, cells in raci.of(policy, level).items():
            told.setdefault((activity, _letters(policy, cells)), []).append(level)
    rows = [(activity, _levels(levels), said) for (activity, said), levels in told.items()]
    order = list(dict.fromkeys(activity for activity, _, _ in rows))
    return sorted(rows, key=lambda row: order.index(row[0]))


def metrics(policy: Policy) -> list[str]:
    """Return what triggers may look at: each metric with its type, its unit and what it means."""
    return [
        f"{name} ({TYPES[metric.type]}{f', {metric.unit}' if metric.unit else ''}): {metric.meaning}"
        for name, metric in policy.metrics.items()
    ]


def opens(policy: Policy) -> list[tuple[str, str]]:
    """Return what opens an incident by itself: each trigger with its condition, its severity and who hears of it first."""
    return [(row.label, _opens(policy, row)) for row in policy.triggers.values()]


def stops(policy: Policy) -> list[tuple[str, str]]:
    """Return the stop-the-line checklist: each condition, what it keeps the severity at, whom it calls in, what is owed."""
    line = policy.stop_the_line
    return [(name, _stops(policy, line.engage, of)) for name, of in line.conditions.items()]


def lifts(policy: Policy) -> str:
    """Return who lifts a condition, by severity; alike severities are said once."""
    by: dict[str, list[Severity]] = {}
    for level, needs in policy.stop_the_line.lift.items():
        by.setdefault(quorum.words(policy, needs), []).append(level)
    return "; ".join(f"{_levels(levels)}: {who}" for who, levels in by.items())


def label(policy: Policy, role: Role) -> str:
    """Return a role as people read it."""
    return quorum.label(policy, role)


def place(policy: Policy, where: lanes.Place) -> str:
    """Return "security", or "the backup of security"."""
    role, part = where
    return ("the backup of " if part == "backup" else "") + label(policy, role)


def _percent(policy: Policy) -> str:
    return f"{policy.lane_rules.remind_at:.0%}"


def _called(policy: Policy, lead: Role, engage: tuple[Engagement, ...]) -> str:
    others = [row for row in engage if row.role != lead]
    said = [
        label(policy, row.role)
        + (" (told)" if row.inform_only else "")
        + (f" ({when})" if (when := condition_words.any_of(policy, row.any_of)) else "")
        for row in others
    ]
    return ", ".join(said) or "nobody else"


def _asked(policy: Policy, ladder: Ladder) -> str:
    return "; ".join(_step(policy, step) for step in ladder.steps)


def _instead(policy: Policy, ladders: tuple[SpecialLadder, ...]) -> str:
    said = [
        (condition_words.any_of(policy, one.any_of) or "always", _asked(policy, one.ladder))
        for one in ladders
    ]
    return ". ".join(f"{when[0].upper()}{when[1:]}: {steps}" for when, steps in said)


def _step(policy: Policy, step: Step) -> str:
    asked = [name if name in ("primary", "backup") else label(policy, Role(name)) for name in step.ask]
    told = [f"{label(policy, Role(name))} is told" for name in step.inform]
    return f"{', '.join([*asked, *told])}, {spans.said(step.wait)}"


def _opens(policy: Policy, row: AutoTrigger) -> str:
    worse = f" ({row.tier1_opens.name} for a tier-1 service)" if row.tier1_opens else ""
    kind = policy.kinds.get(row.kind)
    said = [f"{row.opens.name}{worse}" + (f", {kind.label.lower()}" if kind else "")]
    said += (
        [f"first: {', '.join(label(policy, role) for role in row.notify_first)}"] if row.notify_first else []
    )
    said += [f"an answer within {spans.said(row.acknowledge)}"] if row.acknowledge else []
    said += [f"stops the line: {', '.join(row.conditions)}"] if row.conditions else []
    return f"{'; '.join(said)}. When {' '.join(row.when.split())}"


def _stops(policy: Policy, everybody: tuple[Role, ...], of: StopCondition) -> str:
    kept = of.floor.name if of.floor else "The severity stays"
    kept += f", {of.suspected_floor.name} if only suspected" if of.suspected_floor else ""
    said = [kept, ", ".join(label(policy, role) for role in dict.fromkeys((*of.engage, *everybody)))]
    said += [f"owed: {of.owes}"] if of.owes else []
    marks = {
        "private": of.private,
        "legal hold": of.legal_hold,
        "no approvals": of.refuses_approvals,
        "seen by the bot itself": bool(of.automatic),
    }
    said += [mark for mark, holds in marks.items() if holds]
    return f"{of.text}. {'; '.join(said)}."


def _letters(policy: Policy, cells: raci.Cells) -> str:
    by: dict[str, list[str]] = {}
    for role, letters in cells.items():
        by.setdefault(letters, []).append(label(policy, role))
    order = sorted(by, key=lambda letters: ("A" not in letters, "RCI".find(letters[0])))
    return "; ".join(f"{letters} {', '.join(by[letters])}" for letters in order)


def _levels(levels: list[Severity]) -> str:
    first, last = levels[0].name, levels[-1].name
    return first if len(levels) == 1 else f"{first} to {last}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
