"""The severity that explains itself: what it is, what is computed, why, and what it asks for by when."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from blocks import ids, kit, stopline, words
from blocks.post import Post
from bot.domain import identities, severity
from bot.domain.incident import Dimension, Incident
from bot.domain.items import Item, ProposalKind
from bot.domain.policy import Policy


def draw(incident: Incident, items: Sequence[Item], policy: Policy) -> Post:
    """Draw the whole reckoning for one person, with the buttons that change what it rests on."""
    found = severity.rated(policy, incident)
    name = words.severity(policy, incident.severity)
    text = f"{words.name(incident)}. {kit.outside(found.reason, 1000)}"
    blocks: list[Block] = [
        kit.section(
            f"*{words.short(incident)}* is *{name}*: {kit.outside(policy.row(incident.severity).meaning, 500)}"
        ),
        kit.section(_computed(incident, found, policy)),
        kit.section("\n".join(_scores(incident, policy)) or "Nothing was scored."),
        *[kit.section(piece) for piece in kit.pieces("\n".join(_circumstances(incident, policy)))],
        *_waiting(items, policy),
    ]
    if incident.is_closed:
        return kit.post(text, blocks)
    due = sorted(incident.targets.items(), key=lambda target: target[1])
    blocks += kit.fields(
        [(words.TARGETS.get(key, key.replace("_", " ")), kit.when(at, incident.opened_at)) for key, at in due]
    )
    moves = [
        kit.button("Score again", ids.SETTLE, incident.id),
        kit.button("Change severity", ids.SEVERITY, incident.id),
        kit.button("Stop the line", ids.STOP_LINE, incident.id),
    ]
    if incident.conditions:
        moves.append(kit.button("Lift a condition", ids.LIFT, incident.id))
    return kit.post(text, [*blocks, *kit.buttons(moves)])


def _computed(incident: Incident, found: severity.Computed, policy: Policy) -> str:
    sentence = kit.outside(found.reason, 1500)
    if found.severity is incident.severity:
        return f"*Computed and in force*: {sentence}"
    side = "worse" if incident.severity < found.severity else "milder"
    chosen = kit.outside(incident.severity_reason, 1000)
    return f"*Computed*: {sentence}\n*Chosen by people*: {incident.severity.name}, {side} than computed. {chosen}"


def _scores(incident: Incident, policy: Policy) -> list[str]:
    said = []
    for dimension in (d for d in Dimension if d in incident.scores and d in policy.dimensions):
        row, score = policy.dimensions[dimension], incident.scores[dimension]
        meaning = (
            f"unknown, counts as {row.unknown_counts}" if score is None else f"{score} · {row.scores[score]}"
        )
        said.append(f"*{kit.outside(row.label, 100)}*: {kit.outside(meaning, 200)}")
    return said


def _circumstances(incident: Incident, policy: Policy) -> list[str]:
    said = stopline.lines(incident, policy) or ["No stop-the-line condition holds."]
    kind = policy.kinds.get(incident.kind)
    if kind is not None:
        clock = ", by the clock" if kind.by_clock_from and incident.severity <= kind.by_clock_from else ""
        said.append(f"*Kind*: {kit.outside(kind.label, 100)}{clock}")
    if incident.identity:
        row = policy.identities.get(incident.identity)
        owner = words.role(policy, row.owner) if row and row.owner else "nobody"
        label = kit.outside(identities.label(policy, incident.identity), 100)
        said.append(f"*Identity*: {label}, owned by {owner}")
    return said


def _waiting(items: Sequence[Item], policy: Policy) -> list[Block]:
    kinds = (ProposalKind.SEVERITY, ProposalKind.LIFT)
    waits = [i for i in items if i.is_open and i.proposal is not None and i.proposal.kind in kinds]
    return [kit.context(f"Waiting for a decision: {words.duty(policy, item)}") for item in waits[:5]]
