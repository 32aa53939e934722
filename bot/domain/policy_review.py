"""Looking at the policy again: past its date the owner is warned every month, until somebody has (S1-74)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.domain import acting, quorum, roles
from bot.domain.decision import (
    CATCH_ALL,
    Decision,
    Fact,
    Notice,
    NoticeKind,
    Standing,
    Timer,
    TimerKind,
    direct,
)
from bot.domain.errors import AlreadyDecided, IllegalMove, NotAllowed
from bot.domain.incident import Incident, UserId
from bot.domain.policy import Policy
from bot.domain.policy_words import short
from bot.domain.roles import Directory

# When a warning comes on its day, by the clock of the policy's support hours: people are at work, and not yet busy.
AT = time(9)
MONTHLY = relativedelta(months=1)


def first(desk: Incident, review_by: date | str | None, policy: Policy, now: datetime) -> tuple[Timer, ...]:
    """Return the timer of the first warning of a version: the morning after its date, none where it has no date."""
    if not review_by:
        return ()
    last = date.fromisoformat(review_by) if isinstance(review_by, str) else review_by
    morning = datetime.combine(last + timedelta(days=1), AT, ZoneInfo(policy.support_hours.timezone))
    return (Timer(kind=TimerKind.REVIEW, incident_id=desk.id, at=max(morning.astimezone(now.tzinfo), now)),)


def is_due(policy: Policy, now: datetime) -> bool:
    """Tell whether the date by which the policy was to be looked at has passed."""
    today = now.astimezone(ZoneInfo(policy.support_hours.timezone)).date()
    return policy.review_by is not None and today > policy.review_by


def fell_due(desk: Incident, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Warn whoever holds the owner's role, and again in a month; a policy that is not due is only waited for.

    Where nobody holds the role the catch-all channel is told instead.
    """
    if not is_due(policy, now):
        return Decision(incident=desk, timers=first(desk, policy.review_by, policy, now))
    people = tuple(
        dict.fromkeys(
            person.id
            for part in ("primary", "backup")
            for person in roles.holders(policy, directory, policy.owner, part)
        )
    )
    data = {
        "version": policy.version,
        "review_by": policy.review_by.isoformat() if policy.review_by else None,
        "users": list(people),
    }
    return Decision(
        incident=desk,
        facts=(Fact(kind="policy.review_due", data=data, rule="policy.review"),),
        notices=tuple(
            Notice(
                kind=NoticeKind.POLICY_REVIEW,
                to=to,
                key=f"{desk.id}/review/{policy.version}/{policy.review_by}/{now:%Y-%m-%d}/{to}",
                data=data,
            )
            for to in (tuple(direct(user) for user in people) or (CATCH_ALL,))
        ),
        timers=(Timer(kind=TimerKind.REVIEW, incident_id=desk.id, at=now + MONTHLY),),
    )


def still_right(
    desk: Incident, version: str, policy: Policy, directory: Directory, *, by: UserId, now: datetime
) -> Decision:
    """Note that the owner looked at the policy and found it right: it is good for another `review_every_days`.

    Raises `NotAllowed` for anybody but a holder of the owner's role, `IllegalMove` for a version that is not in force any
    more and `AlreadyDecided` when somebody else was first.
    """
    acting.require(directory, by)
    if policy.owner not in quorum.roles_now(policy, directory, desk, by):
        raise NotAllowed(f"The policy is reviewed by: {quorum.label(policy, policy.owner)}.")
    if version != policy.version:
        raise IllegalMove(
            f"Policy {short(version)} is not in force any more; now it is {short(policy.version)}."
        )
    if not is_due(policy, now):
        who = policy.reviewed_by or "Somebody"
        raise AlreadyDecided(f"{who} has reviewed this policy already: it is good until {policy.review_by}.")
    today = now.astimezone(ZoneInfo(policy.support_hours.timezone)).date()
    until = today + timedelta(days=policy.review_every_days)
    data = {"version": version, "by": by, "review_by": until.isoformat(), "changes": 0}
    line = {"line": "policy_reviewed", "version": version, "by": by, "review_by": until.isoformat()}
    return Decision(
        incident=desk,
        facts=(Fact(kind="policy.approved", data=data, rule="policy.still_right"),),
        notices=(
            Notice(
                kind=NoticeKind.LINE, to=CATCH_ALL, key=f"{desk.id}/reviewed/{version}/{until}", data=line
            ),
        ),
        timers=first(desk, until, policy, now),
        standings=(Standing(version=version, reviewed_by=acting.name(directory, by), review_by=until),),
    )
