"""The stop-the-line checklist as a form: tick what is true; and the form that lifts a condition again."""

from typing import Any

from slack_sdk.models.blocks import Block, InputBlock

from blocks import ids, kit, stopline, words
from blocks.forms import fields
from bot.domain import conditions, quorum
from bot.domain.incident import Incident
from bot.domain.items import ProposalKind
from bot.domain.policy import Policy

SUSPECTED = ":suspected"


def select(
    policy: Policy, *, ticked: tuple[str, ...] = (), without: frozenset[str] = frozenset(), **how: Any
) -> InputBlock:
    """Ask which conditions hold; one that may be suspected is offered twice."""
    return fields.several(
        ids.CONDITIONS,
        "Stop the line: is any of these true?",
        [choice for choice in _choices(policy) if choice[0] not in without],
        initial=ticked,
        **how,
    )


def read(ticked: tuple[str, ...]) -> dict[str, bool]:
    """Return what was ticked: each condition, and whether it is only suspected; confirmed counts where both are."""
    sure = {value: False for value in ticked if not value.endswith(SUSPECTED)}
    unsure = {value.removesuffix(SUSPECTED): True for value in ticked if value.endswith(SUSPECTED)}
    return {**unsure, **sure}


def draw(incident: Incident, policy: Policy) -> dict[str, Any]:
    """Draw the checklist with what holds already; sending it stops the line at once."""
    held = stopline.lines(incident, policy)
    without = frozenset(
        value
        for name, data in incident.conditions.items()
        for value in (name + SUSPECTED, *(() if data.get("suspected") else (name,)))
    )
    rows = [
        f"*{kit.escape(name)}* {kit.outside(of.text, 300)}"
        for name, of in policy.stop_the_line.conditions.items()
        if name not in incident.conditions
    ]
    blocks: list[Block] = [
        kit.context(words.name(incident)),
        *(
            [kit.section(piece) for piece in kit.pieces("*Holds already*\n" + "\n".join(held))]
            if held
            else []
        ),
        *[kit.section(piece) for piece in kit.pieces("\n".join(rows))],
        select(policy, without=without),
        fields.text(
            ids.REASON,
            "What do you see?",
            lines=True,
            optional=True,
            placeholder="The key is in the build log of 09:12",
        ),
        kit.context(
            "This works at once and needs nobody's agreement: the severity rises to the floor and the roles are called in. "
            "When in doubt, tick it."
        ),
    ]
    return fields.form(
        ids.STOP_FORM, "Stop the line", blocks, submit="Stop the line", carried={"incident": incident.id}
    )


def draw_lift(incident: Incident, policy: Policy) -> dict[str, Any]:
    """Draw the form that asks to lift one of the conditions that hold."""
    held = conditions.active(incident, policy)
    needs = quorum.needs(policy, incident, ProposalKind.LIFT, "")
    blocks: list[Block] = [
        kit.section("\n".join((f"*{words.name(incident)}*", *stopline.lines(incident, policy)))),
        fields.choice(
            ids.CONDITION,
            "Which one is over?",
            [(name, f"{name} · {of.text}", "") for name, of in held.items()],
            initial=next(iter(held)) if len(held) == 1 else None,
        ),
        fields.text(
            ids.REASON, "Why is it safe now?", lines=True, placeholder="The key is revoked, seen by sam"
        ),
        kit.context(
            f"Lifting takes: {words.who_must_agree(policy, needs)}. The severity stays until people lower it."
        ),
    ]
    return fields.form(
        ids.LIFT_FORM, "Lift a condition", blocks, submit="Lift", carried={"incident": incident.id}
    )


def _choices(policy: Policy) -> list[fields.Choice]:
    found: list[fields.Choice] = []
    for name, of in policy.stop_the_line.conditions.items():
        sure = conditions.floor_of(of, suspected=False)
        kept = f"At least {sure.name}" if sure else "The severity stays"
        confirmed = " (confirmed)" if of.suspected_floor else ""
        found.append((name, f"{name}{confirmed} · {of.text}", kept))
        if of.suspected_floor is not None:
            found.append(
                (name + SUSPECTED, f"{name} suspected · {of.text}", f"At least {of.suspected_floor.name}")
            )
    return found
