"""A request in a lane of the agent matrix that nobody decides: who hears of it when, and what its time limit does."""

from datetime import datetime, timedelta

from bot.domain import lane_clock, quorum
from bot.domain.incident import UserId
from bot.domain.lanes import Place
from bot.domain.policy import Policy
from bot.domain.roles import Directory, holders
from bot.domain.timeline import Row, Timeline, span

LONGEST = timedelta(hours=8)


def explain(policy: Policy, directory: Directory, lane: str, since: datetime, length: timedelta) -> Timeline:
    """Tell what happens to a request in a lane, as long as nobody decides."""
    row = policy.lanes[lane]
    found = lane_clock.timeline(policy, lane, since, length.total_seconds() / 3600)
    rows = tuple(
        Row(
            at=one.at,
            offset=one.at - since,
            kind=f"lane.{one.what}",
            role=role,
            people=_people(policy, directory, (role, part), one.at),
            rule=one.rule,
            round=sum(before.what == one.what for before in found[:number]),
            detail=one.says,
        )
        for number, one in enumerate(found)
        for role, part in (one.to or ((row.owner, "primary"),))
    )
    limit = next((one for one in found if one.what == "timed_out"), None)
    ends = (
        f"after {span(limit.at - since)}: {limit.says}"
        if limit
        else f"nothing is decided within {span(length)}"
    )
    return Timeline(
        title=f"{row.label} lane: {row.agent_action}",
        opens_at=since,
        rows=rows,
        outcome=f"Nobody decides; {ends}. Silence never approves.",
        names={person.id: person.name for person in directory.people.values()},
        facts={
            "because": f"Owner {quorum.label(policy, row.owner)}; safe to continue: {row.safe_to_continue.replace('_', ' ')}.",
            "lane": lane,
        },
    )


def _people(policy: Policy, directory: Directory, place: Place, at: datetime) -> tuple[UserId, ...]:
    role, part = place
    there = Directory(people=directory.people, references=directory.references, duty=directory.duty, at=at)
    return tuple(person.id for person in holders(policy, there, role, part))
