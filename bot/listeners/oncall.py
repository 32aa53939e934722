"""Who is on call: looking, taking a place, swapping shifts, and answering."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks import oncall as drawn
from blocks.forms import oncall as forms
from blocks.forms.fields import Choice
from bot.domain import covers, quorum, swaps
from bot.domain.errors import InvalidInput, NotNow
from bot.domain.incident import Role, UserId
from bot.domain.oncall import Override
from bot.listeners import showing, strangers, times
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Command, Form, Payload
from bot.listeners.steps import NOT_THEM
from bot.usecases import oncall
from bot.usecases.oncall import Board

_ANSWERS = {
    ids.OFFER_ACCEPT: oncall.accept,
    ids.OFFER_DECLINE: oncall.decline,
    ids.OFFER_WITHDRAW: oncall.withdraw,
    ids.SHIFT_TAKEN: oncall.take_over,
}
# What the form begins with; the person chooses.
AT_FIRST = timedelta(hours=12)


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons and the forms."""
    _answers(app, deps)

    @app.action(ids.TAKE_PLACE)
    async def ask_take(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, "Take a place", _take(deps, click, ""))
        await ack()

    @app.action(ids.SWAP_SHIFTS)
    async def ask_swap(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await showing.form(deps, click.trigger_id, "Swap shifts", _swap(deps, click))
        await ack()

    @app.view(ids.TAKE_FORM)
    async def take(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        owner = UserId(form.text(ids.STEP_OWNER) or form.user)
        if owner != form.user and await strangers.is_one_of_us(deps, owner, form.workspace) is False:
            raise InvalidInput({ids.STEP_OWNER: NOT_THEM})
        takes = Override(
            role=Role(form.text(ids.ON_CALL_ROLE)),
            part=form.text(ids.ON_CALL_PART),
            user=owner,
            since=moment(form, ids.SINCE),
            until=moment(form, ids.UNTIL),
        )
        await deps.db.run(oncall.take, takes, **deps.act(form))
        await ack()

    @app.view(ids.SWAP_FORM)
    async def swap(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        seen = await deps.look(form, oncall.board)
        mine, theirs = swaps.swappable(seen.policy, seen.directory, form.user, seen.now)
        given, got = chosen(mine, form, ids.MINE), chosen(theirs, form, ids.THEIRS)
        await deps.db.run(oncall.swap, _by(given, got.user), _by(got, form.user), **deps.act(form))
        await ack()


def _answers(app: AsyncApp, deps: Deps) -> None:
    for action, answer in _ANSWERS.items():
        app.action(action)(_answered(deps, answer))

    @app.action(ids.GIVE_BACK)
    async def give_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(oncall.give_back, click.value, **deps.act(click))
        await ack()


def _answered(deps: Deps, answer: Callable[..., None]) -> Callable[..., Awaitable[None]]:
    async def answered(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await deps.db.run(answer, click.item_id, **deps.act(click))
        await ack()

    return answered


async def command(deps: Deps, command: Command, ack: AsyncAck) -> None:
    """`/incident oncall` shows everybody, `oncall l2` two weeks of a role; `oncall take` and `oncall swap` open the forms."""
    word, _, rest = command.rest.partition(" ")
    match word.lower():
        case "take":
            await showing.form(deps, command.trigger_id, "Take a place", _take(deps, command, rest))
            await ack()
            return
        case "swap":
            await showing.form(deps, command.trigger_id, "Swap shifts", _swap(deps, command))
            await ack()
            return
    seen = await deps.look(command, oncall.board)
    about = (seen.covers, seen.offers, command.user, seen.now)
    post = (
        drawn.draw_role(seen.policy, seen.directory, named(seen, command.rest), *about)
        if command.rest
        else drawn.draw(seen.policy, seen.directory, *about)
    )
    await ack(text=post.text, blocks=list(post.blocks), response_type="ephemeral")


def named(seen: Board, word: str) -> Role:
    """Return the role that was named, by its id or as people call it; raises `InvalidInput` naming all."""
    called = {quorum.label(seen.policy, role).lower(): role for role in seen.policy.roster}
    called |= {role.lower(): role for role in seen.policy.roster}
    near = get_close_matches(word.strip().lower(), called, n=1, cutoff=0.7)
    if not near:
        names = ", ".join(seen.policy.roster)
        raise InvalidInput({"role": f"Please name a role: {names}. For example `/incident oncall l2`."})
    return called[near[0]]


def moment(form: Form, field: str) -> datetime:
    """Return a moment picked in a form; raises `InvalidInput` where none was, or one that no calendar has."""
    try:
        return datetime.fromtimestamp(form.number(field) or 0, UTC)
    except (OverflowError, OSError, ValueError):
        raise InvalidInput({field: "I cannot read that time. Please pick a day and a time."}) from None


def key_of(shift: Override) -> str:
    """Return what a choice of the swap form carries; the beginning of a shift under way moves on, so it is left out."""
    return f"{shift.role}|{shift.part}|{shift.user}|{int(shift.until.timestamp())}"


def chosen(shifts: Sequence[Override], form: Form, field: str) -> Override:
    """Return the shift that was chosen; raises `InvalidInput` when it is not to be had any more."""
    found = next((shift for shift in shifts if key_of(shift) == form.text(field)), None)
    if found is None:
        raise InvalidInput({field: "That shift is over or has changed hands. Please open the form again."})
    return found


async def _take(deps: Deps, payload: Payload, rest: str) -> dict[str, Any]:
    seen = await deps.look(payload, oncall.board)
    mine = [
        role
        for role in seen.policy.roster
        if payload.user in covers.members(seen.policy, seen.directory, role)
        or covers.is_in_charge(seen.policy, seen.directory, role, payload.user)
    ]
    if not mine:
        raise NotNow("The policy names you for no role, so there is no place on call that you could take.")
    role = named(seen, rest) if rest.strip() else mine[0]
    roles = mine if role in mine else [role, *mine]
    until = seen.now + AT_FIRST
    return forms.take(seen.policy, roles, user=payload.user, role=role, since=seen.now, until=until)


async def _swap(deps: Deps, payload: Payload) -> dict[str, Any]:
    seen, zone = await deps.look(payload, oncall.board), await times.zone_of(deps, payload.sender)
    mine, theirs = swaps.swappable(seen.policy, seen.directory, payload.user, seen.now)
    if not mine or not theirs:
        raise NotNow(
            f"There is nothing to swap in the next {swaps.AHEAD.days} days: you and somebody else of a role must each have a "
            "whole shift in a rota. `/incident oncall take` puts somebody on call for any time."
        )
    return forms.swap(_choices(seen, mine, zone), _choices(seen, theirs, zone))


def _choices(seen: Board, shifts: Sequence[Override], zone: str) -> list[Choice]:
    return [(key_of(shift), _when(shift, zone), _who(seen, shift)) for shift in shifts]


def _when(shift: Override, zone: str) -> str:
    here = times.place(zone)
    since, until = (at.astimezone(here) for at in (shift.since, shift.until))
    return f"{since:%a %d %b %H:%M} until {until:%a %d %b %H:%M}"


def _who(seen: Board, shift: Override) -> str:
    place = quorum.label(seen.policy, shift.role)
    person = seen.directory.people.get(shift.user)
    return f"{person.name if person else shift.user}: {place} ({shift.part}), in your time zone"


def _by(shift: Override, user: UserId) -> Override:
    return Override(role=shift.role, part=shift.part, user=user, since=shift.since, until=shift.until)
