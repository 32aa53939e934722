"""Finding the next rung on which somebody can be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain import kinds, quorum, triggers
from bot.domain.incident import Incident, Role, UserId
from bot.domain.items import Item, ItemState, Reason
from bot.domain.oncall import PARTS
from bot.domain.policy import Ladder, Policy, Step
from bot.domain.roles import Directory, holders, is_resolved, stand_ins

Position = tuple[int, int]  # the round, then the rung in it

ALREADY = "already_asked"
NOT_RESOLVED = "not_resolved_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A slot that was passed over at once.

    ``why``: nobody holds it (``vacancy``), it is not known yet who does (``not_resolved_yet``), or whoever does has
    declined, cannot be reached or was asked in this round already.
    """

    round: int
    rung: int
    slot: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a walk up the ladder stopped.

    ``step`` is None at the top, when nobody is left. ``asks`` may be empty on a step that only informs: whoever was
    asked before keeps the time. ``tells`` are the roles to be told without owing an answer. ``vacancy`` says that a
    whole rung was empty on the way.
    """

    round: int
    rung: int
    step: Step | None
    asks: tuple[UserId, ...]
    tells: tuple[Role, ...]
    skipped: tuple[Skipped, ...]
    vacancy: bool


def chosen(incident: Incident, policy: Policy) -> tuple[str, Ladder]:
    """Return the ladder that an incident climbs, as the policy has it, with its name.

    That is the first special ladder of its severity whose condition holds (a trigger, a kind, how much an identity can
    do, how far the harm reaches), or else the severity's own, which is named after it.
    """
    row = policy.row(incident.severity)
    for special in row.special_ladders:
        if any(quorum.holds(incident, when, policy) for when in special.any_of):
            return special.id, special.ladder
    return incident.severity.name.lower(), row.ladder


def ladder_of(incident: Incident, policy: Policy) -> Ladder:
    """Return the ladder that an incident climbs now, with the times that count for it.

    Where its kind runs by the clock nothing waits for support hours; what set it off may shorten the first wait.
    """
    _, ladder = chosen(incident, policy)
    sooner = triggers.acknowledge_span(policy, incident)
    if sooner is None and not kinds.runs_by_clock(policy, incident.kind, incident.severity):
        return ladder
    steps = [
        step.model_copy(update={"wait": kinds.span(policy, incident.kind, incident.severity, step.wait)})
        for step in ladder.steps
    ]
    if sooner is not None and not triggers.lengthens(policy, sooner, steps[0].wait):
        steps[0] = steps[0].model_copy(update={"wait": sooner})
    return ladder.model_copy(update={"steps": tuple(steps)})


def step_of(incident: Incident, item: Item, policy: Policy) -> Step:
    """Return the step an item stands on; past the end of its ladder, the last one."""
    steps = ladder_of(incident, policy).steps
    return steps[min(item.rung, len(steps) - 1)]


def on_slot(
    slot: str, role: Role, incident: Incident, policy: Policy, directory: Directory
) -> tuple[UserId, ...]:
    """Return who is behind one name of a step; another role's empty primary slot is filled by its backup."""
    if slot in ("primary", "backup"):
        return tuple(person.id for person in holders(policy, directory, role, slot))
    return quorum.asked_for(policy, directory, incident, (Role(slot),))


def why_empty(slot: str, role: Role, incident: Incident, policy: Policy, directory: Directory) -> str:
    """Say why nobody is behind one name of a step: nobody holds it, or Slack has not said yet who does."""
    other = quorum.meant(policy, incident, Role(slot)) or Role(slot)
    slots = ((role, slot),) if slot in PARTS else ((other, part) for part in PARTS)
    known = all(is_resolved(policy, directory, of, part) for of, part in slots)
    return Reason.VACANCY.value if known else NOT_RESOLVED


def on_ladder(incident: Incident, item: Item, policy: Policy, directory: Directory) -> tuple[UserId, ...]:
    """Return all people whom an item's ladder can ask, in its order."""
    role = item.role or Role("")
    slots = (slot for step in ladder_of(incident, policy).steps for slot in step.ask)
    return tuple(
        dict.fromkeys(user for slot in slots for user in on_slot(slot, role, incident, policy, directory))
    )


def out_of_reach(item: Item) -> dict[UserId, str]:
    """Return who is not asked again in this climb, and why."""
    declined = {UserId(user): Reason.DECLINED.value for user in item.details.get("declined", ())}
    return declined | {UserId(user): Reason.UNDELIVERED.value for user in item.details.get("unreachable", ())}


def this_round(item: Item) -> tuple[UserId, ...]:
    """Return who was asked in the round that the item is in."""
    return tuple(UserId(user) for user in item.details.get("this_round", ()))


def still_asked(item: Item) -> tuple[UserId, ...]:
    """Return the people asked now who have neither declined nor turned out to be unreachable."""
    return tuple(user for user in item.holders if user not in out_of_reach(item))


def reaches_nobody(item: Item) -> bool:
    """Tell whether everybody was asked in vain because none of them can be reached."""
    lost = set(item.details.get("unreachable", ()))
    return item.state is ItemState.EXHAUSTED and bool(item.asked) and lost.issuperset(item.asked)


def following(item: Item, ladder: Ladder) -> Position | None:
    """Return the position after the one an item stands on; None at the top of the last round.

    After a lease ran out, whoever had it is asked first (``resume``); the ladder then begins at its foot.
    """
    if item.details.get("resume"):
        return (item.round, 0)
    if item.rung + 1 < len(ladder.steps):
        return (item.round, item.rung + 1)
    return (item.round + 1, 0) if item.round < ladder.repeat else None


def walk(
    incident: Incident, item: Item, policy: Policy, directory: Directory, start: Position | None
) -> Found:
    """Walk up from ``start`` to the first rung that has somebody to ask.

    Vacant slots are passed at once, and so is whoever was asked in this round already: the same person on two rungs
    costs no time. One full circle without anybody is the top, whatever the rounds left: climbing an empty ladder again
    would only delay the alarm.
    """
    role = item.role or Role("")
    skipped: list[Skipped] = []
    tells: list[Role] = []
    vacancy = False
    ladder = ladder_of(incident, policy)
    for round_, rung in _circle(start, ladder):
        step = ladder.steps[rung]
        barred = {user: ALREADY for user in this_round(item) if round_ == item.round} | out_of_reach(item)
        asks: list[UserId] = []
        empty = bool(step.ask)
        for slot in step.ask:
            people = on_slot(slot, role, incident, policy, directory)
            free = [user for user in people if user not in barred]
            asks += free
            empty = empty and not people
            if free and slot in PARTS and stand_ins(policy, directory, role):
                # The fallback is asked in place of the empty slot, and the gap is on record like any other.
                gap = why_empty(slot, role, incident, policy, directory)
                skipped.append(Skipped(round=round_, rung=rung, slot=slot, why=gap))
                vacancy = True
            elif not free:
                why = barred[people[0]] if people else why_empty(slot, role, incident, policy, directory)
                skipped.append(Skipped(round=round_, rung=rung, slot=slot, why=why))
        tells += map(Role, step.inform)
        if asks or (not step.ask and still_asked(item)):
            return Found(
                round=round_,
                rung=rung,
                step=step,
                asks=tuple(dict.fromkeys(asks)),
                tells=tuple(dict.fromkeys(tells)),
                skipped=tuple(skipped),
                vacancy=vacancy,
            )
        vacancy = vacancy or empty
    return Found(
        round=item.round,
        rung=item.rung,
        step=None,
        asks=(),
        tells=tuple(dict.fromkeys(tells)),
        skipped=tuple(skipped),
        vacancy=vacancy,
    )


def next_asked(
    item: Item, incident: Incident, policy: Policy, directory: Directory
) -> tuple[tuple[UserId, ...], datetime | None]:
    """Return who is asked next if nobody answers, and when (S3-06).

    Nobody with a time means that the alarm is next; nobody and no time means that nobody is being asked.
    """
    if item.state is ItemState.EXHAUSTED:
        return (), item.due_at
    if not item.is_open:
        return (), None
    start = following(item, ladder_of(incident, policy))
    found = walk(incident, item, policy, directory, start)
    return found.asks or (still_asked(item) if found.step else ()), item.due_at


def _circle(start: Position | None, ladder: Ladder) -> Iterator[Position]:
    if start is None:
        return
    round_, rung = start
    for _ in ladder.steps:
        yield round_, rung
        rung += 1
        if rung == len(ladder.steps):
            round_, rung = round_ + 1, 0
        if round_ > ladder.repeat:
            return
