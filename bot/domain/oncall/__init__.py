"""Who is on call when: rotations, overrides and feeds, as arithmetic on one moment or one stretch of time.

A schedule by itself::

    on_duty(policy, schedule_id, at, duty)          -> references on duty at a moment
    shifts(policy, schedule_id, since, until, duty) -> its merged final rotation, cut to the stretch; a hole is left out

A slot of the roster (a role's ``primary`` or ``backup``: named people, schedules, and overrides on top)::

    standing(policy, role, part, at, duty)          -> references in the slot at a moment, without the fallback
    slot_shifts(policy, role, part, since, until, duty) -> the same over a stretch without holes: nobody is ``members=()``
    next_change(policy, role, part, at, duty)       -> when somebody else comes on; None when nobody does within 400 days
    handovers(policy, since, until, duty)           -> every change of every slot after ``since``, up to ``until``
    gaps(policy, since, until, duty, directory)     -> when nobody will be in a slot and no fallback is there either

A feed of shifts: ``read(text, timezone, since, until)``. References are as written in the pack (e-mail, user id, group); the
user of an override is his id. Only `bot.domain.roles.holders` turns them into people, and knows the fallback.
"""

from bot.domain.oncall.duty import NOBODY, Duty, Override, Shift
from bot.domain.oncall.feeds import read
from bot.domain.oncall.gaps import Gap, gaps
from bot.domain.oncall.handovers import Handover, handovers
from bot.domain.oncall.schedules import SCHEDULE, on_duty, schedule_id, shifts
from bot.domain.oncall.slots import PARTS, next_change, slot_shifts, standing

__all__ = [
    "NOBODY",
    "PARTS",
    "SCHEDULE",
    "Duty",
    "Gap",
    "Handover",
    "Override",
    "Shift",
    "gaps",
    "handovers",
    "next_change",
    "on_duty",
    "read",
    "schedule_id",
    "shifts",
    "slot_shifts",
    "standing",
]
