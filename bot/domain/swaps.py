"""Changing who is on call: taking a place oneself, offering it to somebody else, swapping two shifts, giving one back."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import acting, covers, desk_notices, offers
from bot.domain.covers import Cover
from bot.domain.decision import Decision, Fact
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed
from bot.domain.incident import Incident, UserId
from bot.domain.oncall import PARTS, Override, slot_shifts
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of

# Shifts further away than this are not offered for swapping.
AHEAD = timedelta(days=30)


def take(
    desk: Incident, policy: Policy, directory: Directory, takes: Override, *, by: UserId, now: datetime
) -> Decision:
    """Put ``by`` on call at once; for anybody else it becomes an offer, which they accept or decline.

    Raises `NotAllowed` for who may not arrange this, and `InvalidInput` by field: ``role``, ``owner``, ``since``, ``until``.
    """
    acting.require(directory, by)
    covers.require(policy, directory, takes, by)
    takes = covers.from_now(takes, now)
    if offers.still_has(policy, directory, takes, takes.user):
        who = "You are" if takes.user == by else f"{acting.name(directory, takes.user)} is"
        raise InvalidInput(
            {"owner": f"{who} on call there all that time already. `/incident oncall` shows it."}
        )
    if takes.user != by:
        return offers.offered(desk, policy, (takes,), "cover", by, now)
    instead = covers.displaced(policy, directory, takes)
    data = {**offers.told(takes), "by": by, "instead": list(instead)}
    return Decision(
        incident=desk,
        covers=offers.kept((takes,), (by,), by, now),
        facts=(Fact(kind="oncall.overridden", data=data, rule="oncall.override"),),
        notices=desk_notices.lines(
            f"{desk.id}/taken/{by}/{desk_notices.stamp(now)}", (by, *instead), "taken", data
        ),
    )


def swap(
    desk: Incident,
    policy: Policy,
    directory: Directory,
    mine: Override,
    theirs: Override,
    *,
    by: UserId,
    now: datetime,
) -> Decision:
    """Offer a shift of ``by`` for one of somebody else's; ``mine`` and ``theirs`` say who would be on call in each.

    Nothing changes before the other person accepts. Raises as `take` does.
    """
    acting.require(directory, by)
    other = mine.user
    if other == by or theirs.user != by:
        raise InvalidInput({"theirs": "Please choose a shift of somebody else to swap with."})
    agreed = []
    for takes, gives in ((mine, by), (theirs, other)):
        covers.require(policy, directory, takes, by)
        left = covers.from_now(takes, now)
        if not offers.still_has(policy, directory, left, gives):
            name = acting.name(directory, gives)
            raise InvalidInput(
                {"theirs": f"{name} is not on call then any more. `/incident oncall` shows who is."}
            )
        agreed.append(left)
    if not {by, other} <= covers.members(policy, directory, mine.role) & covers.members(
        policy, directory, theirs.role
    ):
        problem = "Both of you must be of both roles. `/incident oncall` shows who is of which."
        raise InvalidInput({"theirs": problem})
    return offers.offered(desk, policy, tuple(agreed), "swap", by, now)


def give_back(
    desk: Incident, policy: Policy, directory: Directory, cover: Cover, *, by: UserId, now: datetime
) -> Decision:
    """End a place taken: the rota holds again from now on, and whoever it puts on call is told.

    Whoever took it alone may; what two agreed on, only those in charge of the role undo.
    """
    acting.require(directory, by)
    takes = cover.takes
    if takes.until <= now:
        raise IllegalMove("That time is over, so there is nothing to cancel.")
    alone = by == takes.user and not cover.was_agreed
    if not alone and not covers.is_in_charge(policy, directory, takes.role, by):
        who = covers.who_is_in_charge(policy, takes.role)
        agreed = "two people agreed on this" if cover.was_agreed else "somebody else took this place"
        raise NotAllowed(f"Because {agreed}, only {who} can cancel it. You can offer a swap instead.")
    left = replace(takes, since=max(takes.since, now))
    others = tuple(one for one in directory.duty.overrides if one != takes)
    without = replace(directory, duty=replace(directory.duty, overrides=others))
    again = covers.displaced(policy, without, left)
    data = {**offers.told(left), "by": by, "again": list(again)}
    people = (takes.user, *again, *((cover.arranged_by,) if cover.was_agreed else ()))
    return Decision(
        incident=desk,
        uncovered=(cover.id,),
        facts=(Fact(kind="oncall.cancelled", data=data, rule="oncall.override"),),
        notices=desk_notices.lines(f"{desk.id}/cancelled/{cover.id}", people, "cancelled", data),
    )


def swappable(
    policy: Policy, directory: Directory, user: UserId, now: datetime
) -> tuple[tuple[Override, ...], tuple[Override, ...]]:
    """Return a person's own coming shifts, and those of others that they could take, the nearest first.

    Whole ones, of their roles only.
    """
    mine: list[Override] = []
    theirs: list[Override] = []
    for role in policy.roster:
        if user not in covers.members(policy, directory, role):
            continue
        for part in PARTS:
            found = slot_shifts(policy, role, part, now, now + AHEAD, duty_of(directory))
            # The last one is cut at the end of what was looked at.
            for shift in found[:-1]:
                people = {person.id for name in shift.members for person in directory.resolve(name)}
                if len(people) == 1:
                    (holder,) = people
                    one = Override(role=role, part=part, user=holder, since=shift.since, until=shift.until)
                    (mine if holder == user else theirs).append(one)
    first, second = (tuple(sorted(all_of, key=lambda one: one.since)) for all_of in (mine, theirs))
    return first, second
