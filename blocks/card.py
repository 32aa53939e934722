"""The live card of an incident: where it stands, who is asked, and exactly the moves that are legal now."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import gate, ids, kit, repair, stopline, words
from blocks.post import Post
from blocks.view import View
from bot.domain import chasing, ladder, promises, stages
from bot.domain.incident import ChannelState, Incident
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def draw(view: View, _data: Mapping[str, Any]) -> Post:
    """Draw the card. It is also the first notice of the people asked at the opening, so it mentions them."""
    incident = view.incident
    asked = [item for item in view.items if words.is_asked(item)]
    blocks: list[Block] = [
        kit.header(words.headline(incident)),
        kit.section(_why(view)),
        *_stopped(view),
        *_channel_problem(incident),
        kit.section("\n".join(_people(view, asked))),
        *kit.fields(_facts(view)),
        *([kit.context(" · ".join(marks))] if (marks := _marks(incident)) else []),
        *gate.on_card(view),
        kit.section("\n".join(_promises(view))),
        *_moves(view, asked),
        gate.version(view),
    ]
    who = kit.mentions(user for item in asked for user in item.holders)
    text = f"{words.name(incident)}. Asked now: {who}." if asked else words.name(incident)
    return kit.post(text, blocks)


def who_is_asked(item: Item, incident: Incident, policy: Policy, directory: Directory) -> str:
    """Return "L2 lead: @caro, answer by 09:15, then @dev"."""
    line = f"*{words.role(policy, item.role)}*: {kit.mentions(item.holders)}"
    if item.state is ItemState.EXHAUSTED:
        return f"{line}. Nobody has answered; everyone on the ladder was asked."
    if item.due_at is not None:
        line += f", answer by {kit.when(item.due_at, item.asked_at)}"
    then, _ = ladder.next_asked(item, incident, policy, directory)
    new = [user for user in then if user not in item.holders]
    return f"{line}, then {kit.mentions(new)}" if new else line


def _why(view: View) -> str:
    incident = view.incident
    row = view.policy.severities.get(incident.severity)
    label = f"*{kit.escape(row.label.capitalize())}*: " if row else ""
    lines = [f"{label}{kit.outside(incident.severity_reason, 1000)}"]
    if incident.severity is not incident.computed_severity:
        lines.append(f"The answers alone make it {incident.computed_severity.name}.")
    if incident.summary:
        lines.append(kit.quoted(incident.summary, 1500))
    return "\n".join(lines)


def _facts(view: View) -> list[tuple[str, str]]:
    incident = view.incident
    facts = [
        ("Stage", words.stage(view.policy, incident.stage)),
        ("Status", words.STATUS[incident.status]),
        ("Lead", kit.mention(incident.lead) if incident.lead else "nobody yet"),
        ("Opened", f"{kit.when(incident.opened_at)} by {kit.mention(incident.opened_by)}"),
    ]
    if incident.closed_at is not None:
        return [*facts, ("Closed", kit.when(incident.closed_at))]
    answered = not any(map(words.is_asked, view.items))
    left = {key: at for key, at in incident.targets.items() if not (answered and key == "acknowledge")}
    known = {key: words.TARGETS.get(key, key.replace("_", " ").capitalize()) for key in left}
    ordered = sorted(left.items(), key=lambda target: target[1])
    return [*facts, *((known[key], kit.when(at, incident.opened_at)) for key, at in ordered)]


def _stopped(view: View) -> list[Block]:
    said = stopline.on_card(view)
    return [kit.section(piece) for piece in kit.pieces(said)] if said else []


def _marks(incident: Incident) -> list[str]:
    marks = {
        "Customers can see it": incident.customer_visible,
        "Private": incident.private,
        "Drill: nothing here is real": incident.drill,
        f"Reopened {incident.reopened}×": incident.reopened > 0,
    }
    return [mark for mark, holds in marks.items() if holds]


def _channel_problem(incident: Incident) -> list[Block]:
    if incident.channel_state is not ChannelState.FALLBACK:
        return []
    text = f"*This incident has no channel of its own* ({repair.why(incident)}), so it is run here."
    return [kit.section(f"{text} Mend that, then press the button.", button=repair.button(incident))]


def _people(view: View, asked: list[Item]) -> list[str]:
    incident = view.incident
    lines = [who_is_asked(item, incident, view.policy, view.directory) for item in asked]
    for item in view.items:
        if item.kind is ItemKind.ACKNOWLEDGE and item.answered_by is not None:
            taken = f" since {kit.when(item.answered_at, incident.opened_at)}" if item.answered_at else ""
            lines.append(
                f"*{words.role(view.policy, item.role)}*: {kit.mention(item.answered_by)} has it{taken}"
            )
    if incident.is_closed:
        return lines or ["Nobody is asked."]
    return ["*Asked now*", *lines] if asked else [*lines, "Nobody owes an answer now."]


def _promises(view: View) -> list[str]:
    incident = view.incident
    if incident.closure is not None and incident.is_closed:
        kind = "Top suspicion" if incident.closure.cause_is_suspicion else "Root cause"
        return [f"*{kind}*: {kit.outside(incident.closure.cause, 1000)}"]
    lines = []
    for item in view.items:
        if item.kind is ItemKind.NEXT_STEP and item.is_open:
            text = kit.outside(str(item.details.get("text") or ""), 500) or "_not set yet_"
            lines.append(f"*Next step*: {text} ({kit.mentions(item.holders)}{_due(item, ', due')})")
        elif item.kind is ItemKind.SETTLE and item.is_open:
            what = kit.outside(item.title, 300)
            lines.append(f"*Still unknown*: {what}, to be settled{_due(item, ' by')}")
        elif item.kind is ItemKind.TASK and item.is_open:
            owed = f"{words.duty(view.policy, item)} ({kit.mentions(item.holders)}{_due(item, ', due')})"
            lines.append(f"*Task*: {owed}")
        elif item.kind is ItemKind.APPROVAL and item.is_open:
            due = f", until {kit.when(item.due_at, item.asked_at)}" if item.due_at else ""
            who = f" ({kit.mentions(item.holders)}{due})"
            lines.append(f"*Waiting for a decision*: {kit.outside(item.title, 300)}{who}")
    promised = promises.current(view.items)
    if promised is not None and chasing.is_overdue(promised):
        lines.append(f"*Promised update*: {kit.mentions(promised.holders)} owes it{_due(promised, '')}")
    elif incident.next_update_at is not None:
        lines.append(f"*Next promised update*: {kit.when(incident.next_update_at, incident.opened_at)}")
    return lines or [
        "No next step yet: press *Next step* and say what happens next, who does it and by when."
    ]


def _due(item: Item, word: str) -> str:
    """Return by when something is owed, or since when it is overdue."""
    if item.due_at is None:
        return ""
    at = kit.when(item.due_at, item.asked_at)
    return f", :warning: *overdue since {at}*" if chasing.is_overdue(item) else f"{word} {at}"


def _moves(view: View, asked: list[Item]) -> list[Block]:
    incident = view.incident
    if incident.is_closed:
        return kit.buttons([kit.button("Reopen", ids.REOPEN, incident.id)])
    moves = [
        kit.button(words.stage(view.policy, to), ids.stage(to), incident.id)
        for to in stages.legal(view.policy, incident.stage)
    ]
    unknown = any(item.kind is ItemKind.SETTLE and item.is_open for item in view.items)
    rest = [
        *([kit.button("Settle", ids.SETTLE, incident.id)] if unknown else []),
        kit.button("Post update", ids.POST_UPDATE, incident.id),
        kit.button("Next step", ids.NEXT_STEP, incident.id),
        *gate.button(view),
        kit.button("Severity", ids.SEVERITY, incident.id),
        *([kit.button("Stop the line", ids.STOP_LINE, incident.id)] if _has_checklist(view) else []),
        kit.button("Close", ids.CLOSE, incident.id, style="danger"),
    ]
    return [*kit.buttons(_answers(view, asked)), *kit.buttons(moves), *kit.buttons(rest)]


def _has_checklist(view: View) -> bool:
    return bool(view.policy.stop_the_line.conditions)


def _answers(view: View, asked: list[Item]) -> list[ButtonElement]:
    """Return one button that takes whatever one is asked for, and where it could not tell, one for each role by name."""
    incident = view.incident
    if len(asked) > 1 and incident.channel_state is ChannelState.READY:
        return [kit.button("Acknowledge", ids.ACKNOWLEDGE_MINE, incident.id, style="primary")]
    return [
        kit.button(
            f"Acknowledge as {words.role_label(view.policy, item.role)}",
            f"{ids.ACKNOWLEDGE}:{number}",
            item.id,
            style="primary",
        )
        for number, item in enumerate(asked)
    ]
