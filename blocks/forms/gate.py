"""The form of the triage, and of what a stage still needs before it is left: one form, one submit."""

from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock

from blocks import ids, kit, words
from blocks.forms import fields, service
from bot.domain import gates, stages, triage
from bot.domain.incident import Dimension, Incident, Stage
from bot.domain.items import Item
from bot.domain.policy import Criterion, Policy

# Slack shows ten boxes in one question, and a form has room for a hundred blocks.
BOXES = 10
MOST_QUESTIONS = 40

# Which question of the triage answers which check; the policy's own questions answer the other two.
ANSWERED_BY = {
    "severity_confirmed": triage.SEVERITY,
    "scope_set": triage.SCOPE,
    "data_classified": triage.DATA,
}


def draw(
    incident: Incident,
    items: Sequence[Item],
    policy: Policy,
    *,
    to: Stage | None = None,
    override_by: str = "",
) -> dict[str, Any]:
    """Draw the triage, or on the way ``to`` a stage only what is missing before it.

    ``override_by`` names who may go on without; empty asks for the reason, since whoever looks may.
    """
    lacks = gates.missing(incident, items, policy, to) if to is not None else gates.Missing()
    left = lacks.criteria if to is not None else gates.unmet(incident, items, policy)
    blocks: list[Block] = [
        kit.context(words.name(incident)),
        *_head(policy, incident, lacks, left),
        *_questions(policy, incident, None if to is None else left),
        *_boxes(left),
        *_override(lacks, override_by),
    ]
    title = f"Before {stages.label(policy, to)}" if to is not None else stages.label(policy, incident.stage)
    submit = kit.short(f"To {stages.label(policy, to)}", fields.TITLE) if to is not None else "Save"
    carried = {"incident": incident.id, "to": to or ""}
    return fields.form(ids.GATE_FORM, kit.short(title, fields.TITLE), blocks, submit=submit, carried=carried)


def _head(policy: Policy, incident: Incident, lacks: gates.Missing, left: Sequence[Criterion]) -> list[Block]:
    needed = [one for one in left if one.strict] or list(left)
    lines = [f"• {kit.outside(one.text, 300)}" for one in needed]
    lines += [f"• {words.stage(policy, stage)} is not done yet" for stage in lacks.skipped]
    row = policy.stages.get(incident.stage)
    said: list[Block] = []
    if lines:
        said.append(kit.section("*Still missing*\n" + "\n".join(lines)))
    if row is not None and row.artifacts:
        kept = ", ".join(kit.outside(one, 200) for one in row.artifacts)
        said.append(kit.context(f"On record in {words.stage(policy, incident.stage)}: {kept}."))
    return said


def _questions(policy: Policy, incident: Incident, left: Sequence[Criterion] | None) -> list[InputBlock]:
    """Return every question of the triage, or only those whose answers are missing."""
    checks = None if left is None else {one.check for one in left}
    wanted = {name for check, name in ANSWERED_BY.items() if checks is None or check in checks}
    asked: list[InputBlock] = []
    for one in triage.questions(policy, incident)[:MOST_QUESTIONS]:
        check = "credible" if one.name.startswith("credible:") else "collected"
        if checks is None or check in checks:
            asked.append(_question(one, str(incident.answers.get(one.name) or "")))
    if triage.SCOPE in wanted:
        scopes = [(name, label, "") for name, label in triage.SCOPES.items()]
        given = str(incident.answers.get(triage.SCOPE) or "") or (
            "external" if incident.customer_visible else ""
        )
        asked.append(_choice(triage.SCOPE, "How far does it reach?", scopes, given))
    if triage.DATA in wanted and (row := policy.dimensions.get(Dimension.DATA)) is not None:
        score = incident.scores.get(Dimension.DATA)
        classes = [(str(at), f"{at} · {meaning}", "") for at, meaning in enumerate(row.scores)]
        asked.append(
            _choice(triage.DATA, "What data is at risk?", classes, "" if score is None else str(score))
        )
    if triage.SEVERITY in wanted:
        level = words.severity(policy, incident.severity)
        answers = [(triage.YES, "Yes", ""), (triage.NO, "No", "Press Severity on the card to change it")]
        given = triage.YES if incident.answers.get(triage.SEVERITY) else ""
        asked.append(_choice(triage.SEVERITY, f"Is the severity right? It is {level}", answers, given))
    if left is None and policy.services:
        asked.append(service.select(policy, incident.service))
    return asked


def _question(asked: triage.Asked, given: str) -> InputBlock:
    label = asked.question.text
    if asked.question.answer == "yes_no":
        return _choice(asked.name, label, [(triage.YES, "Yes", ""), (triage.NO, "No", "")], given)
    return fields.text(asked.name, label, initial=given, optional=True)


def _choice(name: str, label: str, choices: Sequence[fields.Choice], given: str) -> InputBlock:
    return fields.choice(name, label, choices, initial=given or None, optional=True)


def _boxes(left: Iterable[Criterion]) -> list[Block]:
    ticked = [(one.id, one.text, "") for one in left if one.check is None][:BOXES]
    return [fields.ticks(ids.CRITERIA, "Which of these hold now?", ticked)] if ticked else []


def _override(lacks: gates.Missing, by: str) -> list[Block]:
    if not lacks.holds_back:
        return []
    if by:
        return [kit.context(f"Going on without what is missing takes: {kit.escape(by)}.")]
    return [
        fields.text(
            ids.OVERRIDE,
            "Go on without it? Say why",
            hint="It is said in the channel and stays on record.",
            placeholder="The harm is spreading; containing it comes first",
            optional=True,
        )
    ]
