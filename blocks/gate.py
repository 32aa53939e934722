"""What the card says of the way through the stages: what is missing, what was overridden, what was missed or crossed."""

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import ids, kit, service, threshold, words
from blocks.view import View
from bot.domain import gates, stages, targets, triage

MISSED = {"contain": "not contained in time", "resolve": "not resolved in time"}


def marks(view: View) -> list[str]:
    """Return the breach markers: each target that is missed, and by when it was to be met."""
    incident = view.incident
    return [
        f":rotating_light: *{text} (by {kit.when(incident.targets[name], incident.opened_at)})*"
        for name, text in MISSED.items()
        if name in incident.targets and targets.missed(incident, name) is not None
    ]


def on_card(view: View) -> list[Block]:
    """Return what stands below the facts of the card."""
    incident = view.incident
    lines = [
        *marks(view),
        *threshold.on_card(view),
        *service.lines(incident, view.policy, view.directory),
        *_triage(view),
    ]
    if not incident.is_closed and incident.stage in view.policy.stages:
        left = gates.unmet(incident, view.items, view.policy)
        if left:
            missing = "; ".join(kit.outside(one.text, 200) for one in left)
            lines.append(f"*Before {words.stage(view.policy, incident.stage)} is left*: {missing}")
    for name, reason, by in gates.overridden(incident):
        lines.append(
            f":warning: *Went on without* {kit.outside(_called(view, name), 200)}: {kit.outside(reason, 300)}"
            + (f" ({kit.mention(by)})" if by else "")
        )
    return [kit.section(piece) for piece in kit.pieces("\n".join(lines))] if lines else []


def version(view: View) -> Block:
    """Return which version of the policy the incident goes by."""
    return kit.context(f"Policy {kit.outside(view.incident.policy_version[:8], 20)}")


def button(view: View) -> list[ButtonElement]:
    """Return the button that opens the triage or the checklist, while there is something to fill in."""
    incident, policy = view.incident, view.policy
    begins = incident.stage == policy.first_stage
    if (
        begins
        and (policy.credible or gates.wanted(policy, incident))
        and not triage.is_answered(incident, policy)
    ):
        return [kit.button(stages.label(policy, incident.stage), ids.TRIAGE, incident.id)]
    if gates.unmet(incident, view.items, policy):
        return [kit.button("What is missing", ids.TRIAGE, incident.id)]
    return []


def _triage(view: View) -> list[str]:
    incident, said = view.incident, []
    yes = [one for one in view.policy.credible if incident.answers.get(f"credible:{one.id}") == triage.YES]
    answered = [one for one in view.policy.credible if incident.answers.get(f"credible:{one.id}")]
    if answered:
        said.append(f"{len(yes)} of {len(answered)} signs of a credible incident")
    if scope := str(incident.answers.get(triage.SCOPE) or ""):
        said.append(kit.outside(scope, 100))
    for asked in triage.questions(view.policy, incident):
        if asked.name.startswith("collect:") and (text := str(incident.answers.get(asked.name) or "")):
            said.append(f"{kit.outside(asked.question.text, 100)} {kit.outside(text, 200)}")
    return [f"*Triage*: {' · '.join(said)}"] if said else []


def _called(view: View, name: str) -> str:
    stage, _, criterion = name.partition("/")
    row = next((one for id_, one in view.policy.stages.items() if id_ == stage), None)
    if row is None:
        return name
    found = next((one.text for one in row.exit if one.id == criterion), "")
    return found or row.label
