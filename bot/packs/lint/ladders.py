"""Ladders that would not end well: a rung nobody gets to, nobody behind a place, no second person, a silent end."""

from collections.abc import Iterator

from bot.domain.incident import Role
from bot.domain.policy import Ladder, Policy, SeverityRow, Span
from bot.domain.quorum import ASSIGNEE, SERVICE_OWNER
from bot.packs.lint.found import Found
from bot.packs.reading import Trail

# From here on a page is urgent: whoever is asked needs somebody behind them.
URGENT = 60
_OWN = ("primary", "backup")


def check(found: Found) -> None:
    """Refuse ladders with a rung out of reach, roles that nobody holds, urgent roles with one person, silent ends."""
    for level, row in found.policy.severities.items():
        here: Trail = ("severities", level.name)
        asked = _engaged(found.policy, row)
        for path, role in asked:
            _somebody(found, (*here, *path), role)
        if _minutes(row.acknowledge) <= URGENT:
            for path, role in asked:
                _backup(found, (*here, *path), role, level.name)
        for path, ladder in _ladders(row):
            _rungs(found, (*here, *path), ladder, tuple(role for _, role in asked))
            if ladder.alarm is None and _minutes(row.acknowledge) <= URGENT and not row.acknowledge.working:
                found.refuse(
                    (*here, *path), "no alarm at the end", f"an alarm: {level.name} never ends in silence",
                    "alarm: {minutes: 15} repeats it until somebody answers", rule="alarm",
                )  # fmt: skip
        _approvers(found, here, row)


def _ladders(row: SeverityRow) -> Iterator[tuple[Trail, Ladder]]:
    yield ("ladder",), row.ladder
    for at, special in enumerate(row.special_ladders):
        yield ("special_ladders", at, "ladder"), special.ladder


def _engaged(policy: Policy, row: SeverityRow) -> list[tuple[Trail, Role]]:
    """Return whom a severity may call in with a page of their own, be it as the owner of a service, and where it says so."""
    called: dict[Role, Trail] = {row.lead: ("lead",)}
    for at, engagement in enumerate(row.engage):
        owners = [service.owner for service in policy.services.values()]
        for role in owners if engagement.role == SERVICE_OWNER else [engagement.role]:
            if not engagement.inform_only:
                called.setdefault(role, ("engage", at, "role"))
    return [(path, role) for role, path in called.items()]


def _rungs(found: Found, here: Trail, ladder: Ladder, roles: tuple[Role, ...]) -> None:
    policy = found.policy
    before: dict[Role, set[str]] = {role: set() for role in roles}
    for at, step in enumerate(ladder.steps):
        for number, name in enumerate(step.ask):
            if name not in _OWN:
                _somebody(found, (*here, "steps", at, "ask", number), Role(name))
        behind = {
            role: {reference for name in step.ask for reference in _references(policy, name, role)}
            for role in roles
        }
        known = [role for role in roles if behind[role]]
        if step.ask and known and all(behind[role] <= before[role] for role in known):
            found.refuse(
                (*here, "steps", at, "ask"), "nobody who was not asked on an earlier rung",
                "a rung that asks somebody else", "the same person is asked once in a round", rule="unreachable",
            )  # fmt: skip
        for role in roles:
            before[role] |= behind[role]


def _references(policy: Policy, name: str, role: Role) -> tuple[str, ...]:
    """Return what the roster has behind one name of a rung, as the ladder reads it."""
    slot = policy.roster.get(role if name in _OWN else Role(name))
    if slot is None:
        return ()
    own = slot.backup if name == "backup" else slot.primary
    return own or slot.fallback if name in _OWN else slot.primary or slot.backup or slot.fallback


def _somebody(found: Found, path: Trail, role: Role) -> None:
    """Somebody must stand behind a role that is asked; a name that is no role at all is refused elsewhere."""
    slot = found.policy.roster.get(role)
    if role in found.policy.roles and (slot is None or not (*slot.primary, *slot.backup, *slot.fallback)):
        found.refuse(
            path, f"the role {role!r}, which nobody holds", "a role with somebody on the roster",
            f"roster: {role}: {{primary: [ana@acme.example]}}", rule="nobody",
        )  # fmt: skip


def _backup(found: Found, path: Trail, role: Role, level: str) -> None:
    slot = found.policy.roster.get(role)
    if slot is None or not slot.primary or {*slot.backup, *slot.fallback} - set(slot.primary):
        return
    said = f"the role {role!r} without a second person", f"a backup: {level} is urgent, and people sleep"
    hint = f"roster: {role}: {{primary: [...], backup: [ben@acme.example]}}"
    if found.policy.profile == "small_team":
        found.warn(path, *said, hint, rule="backup")
    else:
        found.refuse(path, *said, hint, rule="backup")


def _approvers(found: Found, here: Trail, row: SeverityRow) -> None:
    """Each grant needs at least one role that somebody holds; a decision that nobody can make is never made."""
    for name, needs in row.approvals:
        for at, need in enumerate(needs):
            roles = need if isinstance(need, tuple) else need.roles
            known = [role for role in roles if role in found.policy.roles]
            if (
                len(known) == len(roles)
                and ASSIGNEE not in roles
                and not any(_held(found.policy, r) for r in known)
            ):
                found.refuse(
                    (*here, "approvals", name, at), f"{' or '.join(map(repr, roles))}, which nobody holds",
                    "at least one role with somebody on the roster", rule="nobody",
                )  # fmt: skip


def _held(policy: Policy, role: Role) -> bool:
    slot = policy.roster.get(role)
    return slot is not None and bool((*slot.primary, *slot.backup, *slot.fallback))


def _minutes(span: Span) -> float:
    return span.minutes if span.minutes is not None else (span.days or 0) * 24 * 60
