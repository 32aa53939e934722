"""Whether a page would arrive: what stands in its way, for each role that is called, at the moments that are awkward.

Pure: what the workspace knows goes in, findings come out. The weekly card, the command line and the tests ask the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import acting, policy_review, quorum, roles, small_team
from bot.domain.incident import Role, UserId
from bot.domain.moments import Moment
from bot.domain.policy import Needs, Policy
from bot.domain.roles import Directory, Person

# Somebody asked so often in `LOOK_BACK`, and never heard of, is not reached by what we send.
OFTEN = 3
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that stands in the way of a page, or may; ``urgent`` when one would not arrive. ``todo`` says what helps."""

    rule: str
    urgent: bool
    says: str
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the workspace remembers: how often each person was asked and answered, where the bot is, when drills were.

    ``channels`` None means that nobody has looked.
    """

    asked: Mapping[UserId, tuple[int, int]] = field(default_factory=dict)
    channels: frozenset[str] | None = None
    since: datetime | None = None
    last_drill: datetime | None = None


def findings(
    policy: Policy, directory: Directory, moments: Sequence[Moment], record: Record, now: datetime
) -> tuple[Finding, ...]:
    """Return everything that is in the way, what is urgent first; nothing when a page would arrive."""
    look = _Look(policy=policy, directory=directory, moments=moments, record=record, now=now)
    found = (finding for check in CHECKS for finding in check(look))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: not finding.urgent))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    policy: Policy
    directory: Directory
    moments: Sequence[Moment]
    record: Record
    now: datetime

    def holders(self, role: Role, part: str, at: datetime) -> tuple[Person, ...]:
        return roles.own(self.policy, replace(self.directory, at=at), role, part)

    def stand_ins(self, role: Role, at: datetime) -> tuple[Person, ...]:
        return roles.stand_ins(self.policy, replace(self.directory, at=at), role)

    def label(self, role: Role) -> str:
        return quorum.label(self.policy, role)


def called(policy: Policy) -> tuple[Role, ...]:
    """Return the roles that some severity or some lane asks for an answer."""
    found: list[Role] = []
    for row in policy.severities.values():
        found += [row.lead, *(one.role for one in row.engage if not one.inform_only)]
        found += [Role(name) for step in row.ladder.steps for name in step.ask]
    for lane in policy.lanes.values():
        found += [lane.owner, *([lane.backup] if lane.backup else [])]
    if quorum.SERVICE_OWNER in found:
        found += [service.owner for service in policy.services.values()]
    return tuple(role for role in dict.fromkeys(found) if role in policy.roles)


def _references(look: _Look) -> Iterator[Finding]:
    for name in sorted(roles.references(look.policy, look.directory.duty)):
        if not look.directory.is_resolved(name):
            says = f"{name} has not been looked up in Slack yet."
            yield Finding(
                rule="unmapped", urgent=False, says=says, todo="Start the bot, or run this with --live."
            )
            continue
        people = [look.directory.people.get(user) for user in look.directory.references.get(name, ())]
        if not people and not look.directory.resolve(name):
            says = f"{name} stands for nobody in Slack."
            yield Finding(rule="unmapped", urgent=False, says=says, todo="Correct it in the roster.")
        elif people and not any(person is not None and person.may_act for person in people):
            says = f"{name} cannot be asked: deactivated, a guest, or an app."
            yield Finding(
                rule="deactivated", urgent=False, says=says, todo="Name somebody else in the roster."
            )


def _vacancies(look: _Look) -> Iterator[Finding]:
    for role in called(look.policy):
        nobody: list[str] = []
        primary: list[str] = []
        backup: list[str] = []
        for moment in look.moments:
            first, second = (look.holders(role, part, moment.at) for part in ("primary", "backup"))
            if not first and not second:
                (nobody if not look.stand_ins(role, moment.at) else primary).append(moment.name)
            elif not first or not second:
                (primary if not first else backup).append(moment.name)
        label = look.label(role)
        if nobody:
            says = f"Nobody would be asked as {label}: {_listed(nobody)}."
            yield Finding(
                rule="nobody", urgent=True, says=says, todo="Put somebody into the roster or its schedule."
            )
        if primary:
            says = f"{label} has no primary: {_listed(primary)}."
            yield Finding(
                rule="no_primary", urgent=False, says=says, todo="Somebody else stands in; name a primary."
            )
        if backup:
            says = f"{label} has no backup: {_listed(backup)}."
            todo = "Name one: whoever is asked may be asleep."
            yield Finding(rule="no_backup", urgent=False, says=says, todo=todo)


def _same_person(look: _Look) -> Iterator[Finding]:
    for role in called(look.policy):
        when: dict[tuple[UserId, ...], list[str]] = {}
        for moment in look.moments:
            first, second = (
                {p.id for p in look.holders(role, part, moment.at)} for part in ("primary", "backup")
            )
            if first and first == second:
                when.setdefault(tuple(sorted(first)), []).append(moment.name)
        for users, names in when.items():
            says = f"{acting.names(look.directory, users)} is both primary and backup of {look.label(role)}: {_listed(names)}."
            yield Finding(rule="same_person", urgent=False, says=says, todo="Name another backup.")


def _silent(look: _Look) -> Iterator[Finding]:
    for user, (asked, answered) in sorted(look.record.asked.items()):
        person = look.directory.people.get(user)
        if asked < OFTEN or answered or person is None or not person.may_act:
            continue
        says = f"{person.name} was asked {asked} times in {LOOK_BACK.days} days and never answered."
        todo = "Ask them whether the messages reach them at night, or ask somebody else."
        yield Finding(rule="never_answers", urgent=False, says=says, todo=todo)


def _channels(look: _Look) -> Iterator[Finding]:
    if look.record.channels is None:
        return
    for use, name in look.policy.channels.model_dump().items():
        if name.removeprefix("#") not in look.record.channels:
            says = f"The bot is not in #{name.removeprefix('#')}, which the policy uses for {use.replace('_', ' ')}."
            todo = "Create it and type /invite @Tocsin there."
            yield Finding(rule="channel", urgent=use == "catch_all", says=says, todo=todo)


def _approvers(look: _Look) -> Iterator[Finding]:
    """Say where fewer people can agree than must; whoever leads the incident counts as one person more."""
    policy = look.policy
    wanted: dict[Needs, list[str]] = {((policy.owner,),): ["putting a policy in force"]}
    for level, row in policy.severities.items():
        for name, needs in row.approvals:
            if needs:
                wanted.setdefault(needs, []).append(f"{name.replace('_', ' ')} at {level.name}")
    everyone = [person.id for person in look.directory.people.values() if person.may_act]
    directory = replace(look.directory, at=look.now)
    held = [own for user in everyone if (own := roles.roles_of(policy, directory, user))]
    held.append(frozenset({quorum.ASSIGNEE}))
    for needs, uses in wanted.items():
        able = small_team.met(policy, needs, held)
        if len(able) < len(needs):
            says = f"Too few people can agree to {_listed(uses)}: it needs {quorum.words(policy, needs)}, each another person."
            yield Finding(rule="quorum", urgent=False, says=says, todo="Put more people into these roles.")


def _drills(look: _Look) -> Iterator[Finding]:
    every = timedelta(days=look.policy.drill_every_days)
    last = look.record.last_drill
    begun = last or look.record.since
    if begun is None or look.now - begun <= every:
        return
    said = (
        f"The last drill was {(look.now - last).days} days ago"
        if last
        else "There has never been a drill here"
    )
    says = f"{said}; the policy asks for one every {every.days} days."
    yield Finding(
        rule="drill", urgent=False, says=says, todo="Hold one: open an incident and tick that it is a drill."
    )


def _feeds(look: _Look) -> Iterator[Finding]:
    for name, row in look.policy.schedules.items():
        if row.feed is None:
            continue
        ends = max((shift.until for shift in look.directory.duty.feeds.get(name, ())), default=None)
        if ends is None or ends <= look.now:
            until = f"since {ends:%Y-%m-%d %H:%M} UTC" if ends else "at all"
            says = f"The calendar feed of {row.label} names nobody {until}."
            yield Finding(
                rule="feed", urgent=False, says=says, todo="See that the calendar can be read and goes on."
            )


def _review(look: _Look) -> Iterator[Finding]:
    if policy_review.is_due(look.policy, look.now):
        says = f"The policy was to be reviewed by {look.policy.review_by}."
        yield Finding(
            rule="review", urgent=False, says=says, todo="Look at it, and say that it is right or change it."
        )


CHECKS: tuple[Callable[[_Look], Iterable[Finding]], ...] = (
    _vacancies,
    _references,
    _same_person,
    _silent,
    _channels,
    _approvers,
    _drills,
    _feeds,
    _review,
)


def _listed(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    if len(shown) > 4:
        shown = [*shown[:3], f"{len(shown) - 3} more"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]
