"""The answer to `/incident oncall`: who is on call now, who is next, and what is arranged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block

from blocks import ids, kit, oncall_words
from blocks.post import Post
from bot.domain import covers, offers, shift_changes
from bot.domain.covers import Cover
from bot.domain.incident import Role, UserId
from bot.domain.items import Item
from bot.domain.oncall import PARTS, slot_shifts
from bot.domain.policy import Policy
from bot.domain.roles import Directory, duty_of, holders, own

AHEAD = timedelta(days=14)
_MOST_LINES, _MOST_COVERS = 60, 15


def draw(
    policy: Policy,
    directory: Directory,
    arranged: Sequence[Cover],
    waiting: Sequence[Item],
    reader: UserId,
    now: datetime,
) -> Post:
    """Draw every role: who is on call, until when, who is next; then what is arranged, with a way back."""
    lines = ["*On call now*", *(_role(policy, directory, role, now) for role in policy.roster)]
    return _answer("On call now", lines, _arranged(policy, directory, arranged, waiting, reader))


def draw_role(
    policy: Policy,
    directory: Directory,
    role: Role,
    arranged: Sequence[Cover],
    waiting: Sequence[Item],
    reader: UserId,
    now: datetime,
) -> Post:
    """Draw the next two weeks of one role."""
    lines = []
    for part in PARTS:
        lines.append(f"*{oncall_words.place(policy, role, part)}, the next {AHEAD.days} days*")
        lines += _stretches(policy, directory, role, part, now)
    mine = [cover for cover in arranged if cover.takes.role == role]
    asked = [item for item in waiting if any(one.role == role for one in offers.taken(item))]
    title = f"On call as {oncall_words.place(policy, role, 'primary')}"
    return _answer(title, lines[:_MOST_LINES], _arranged(policy, directory, mine, asked, reader))


def _role(policy: Policy, directory: Directory, role: Role, now: datetime) -> str:
    label = oncall_words.place(policy, role, "primary")
    if not any(own(policy, directory, role, part) for part in PARTS):
        stand_in = _people(policy, directory, role, "primary")
        if not stand_in:
            return f"• *{label}*: nobody :warning:"
        return f"• *{label}*: {kit.mentions(stand_in)} (fallback: both places are empty)"
    return f"• *{label}*: " + "; ".join(_slot(policy, directory, role, part, now) for part in PARTS)


def _slot(policy: Policy, directory: Directory, role: Role, part: str, now: datetime) -> str:
    there = kit.mentions(person.id for person in own(policy, directory, role, part))
    line = there if part == "primary" else f"{part} {there}"
    change = shift_changes.next_change_of_people(policy, directory, role, part, now)
    if change is None:
        return line
    then = kit.mentions(_people(policy, replace(directory, at=change), role, part))
    return f"{line} until {kit.when(change)}, then {then}"


def _stretches(policy: Policy, directory: Directory, role: Role, part: str, now: datetime) -> list[str]:
    found = slot_shifts(policy, role, part, now, now + AHEAD, duty_of(directory))
    merged: list[tuple[list[str], datetime, datetime]] = []
    for shift in found:
        people, since = _people(policy, replace(directory, at=shift.since), role, part), shift.since
        if merged and merged[-1][0] == people:
            since = merged.pop()[1]
        merged.append((people, since, shift.until))
    if len(merged) == 1:
        return [f"• {kit.mentions(merged[0][0])}, all the time"]
    return [
        f"• {kit.when(since)} until {kit.when(until)}: {kit.mentions(people)}"
        for people, since, until in merged
    ]


def _people(policy: Policy, directory: Directory, role: Role, part: str) -> list[str]:
    return [person.id for person in holders(policy, directory, role, part)]


def _arranged(
    policy: Policy, directory: Directory, arranged: Sequence[Cover], waiting: Sequence[Item], reader: UserId
) -> list[Block]:
    blocks: list[Block] = []
    if arranged or waiting:
        blocks.append(kit.section("*Arranged*"))
    for cover in sorted(arranged, key=lambda one: one.takes.since)[:_MOST_COVERS]:
        takes, line = cover.takes, f"• {oncall_words.takes(policy, offers.told(cover.takes), reader)}"
        alone = reader == takes.user and not cover.was_agreed
        may = alone or covers.is_in_charge(policy, directory, takes.role, reader)
        blocks.append(
            kit.section(line, button=kit.button("Cancel", ids.GIVE_BACK, cover.id) if may else None)
        )
    for item in waiting[:_MOST_COVERS]:
        who = f"{kit.mention(offers.giver_of(item))} waits for the answer of {kit.mentions(item.holders)}"
        due = f" until {kit.when(item.due_at)}" if item.due_at else ""
        what = "; ".join(oncall_words.takes(policy, one, reader, would=True) for one in item.details["takes"])
        blocks.append(kit.section(f"• {who}{due}: {what}"))
    return blocks


def _answer(title: str, lines: Sequence[str], arranged: Sequence[Block]) -> Post:
    pieces = [kit.section(piece) for piece in kit.pieces("\n".join(lines))]
    ways = [
        kit.button("Take a place", ids.TAKE_PLACE, "take", style="primary"),
        kit.button("Swap shifts", ids.SWAP_SHIFTS, "swap"),
    ]
    return kit.post(title, [*pieces, *arranged, *kit.buttons(ways)])
