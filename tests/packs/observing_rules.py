"""Observers: what the bot does with a policy (see `observers`)."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain import (
    conditions,
    desk,
    exceptions,
    identities,
    lane_clock,
    lanes,
    policy_review,
    quorum,
    readiness,
    recurrence,
    severity,
    thresholds,
    triage,
    triggers,
)
from bot.domain.incident import (
    Closure,
    IncidentId,
    Severity,
)
from bot.domain.moments import of_interest
from bot.domain.oncall import NOBODY
from bot.domain.oncall.gaps import gaps
from bot.domain.oncall.handovers import handovers
from bot.domain.policy import Policy
from bot.domain.roles import holders
from bot.rehearsal.words import Words, draft_of
from tests.packs.observers import (
    ANA,
    HERE,
    NOW,
    default,
    drawn,
    incident,
    incidents,
    measured,
    observer,
    people,
    tried,
)


@observer
def asks_at_triage(policy: Policy) -> object:
    """What is asked first, and what must be collected."""
    return [
        (
            [(asked.name, asked.question.text) for asked in triage.questions(policy, one)],
            triage.is_answered(one, policy),
        )
        for one in incidents(policy)
    ]


@observer
def stops_the_line(policy: Policy) -> object:
    """What each condition of the checklist does, confirmed and suspected, and who may lift it."""
    found: list[object] = []
    for name in policy.stop_the_line.conditions:
        for suspected in (True, False):
            said = {"by": ANA, "at": NOW.isoformat(), "suspected": suspected}
            one = incident(policy, Severity.SEV3, conditions={name: said})
            found += [
                conditions.floors(policy, one.conditions), conditions.calls_in(one, policy),
                list(conditions.active(one, policy)), tried(conditions.refuse_approvals, one, policy), severity.rated(policy, one),
            ]  # fmt: skip
    for what in ("ladder_exhausted", "audit_failed", "delivery_blind"):
        found.append(conditions.seen_by_itself(incident(policy, Severity.SEV3), policy, what, NOW))
    return found


@observer
def ticks_the_checklist(policy: Policy) -> object:
    """What a tick does at once, before and after the channel is there, and what it says."""
    from blocks import line
    from blocks.view import View
    from bot.domain import stop_line
    from bot.domain.decision import NoticeKind
    from bot.domain.incident import ChannelState

    at, found = people(policy), list[object]()
    for name in policy.stop_the_line.conditions:
        for state, suspected in ((ChannelState.WANTED, False), (ChannelState.READY, True)):
            one = incident(policy, Severity.SEV3, channel_state=state)
            done = stop_line.tick(one, (), policy, at, {name: suspected}, by=ANA, reason="seen", now=NOW)
            view = View(incident=done.incident, items=done.items, item=None, policy=policy, directory=at)
            lines = [drawn(line.draw(view, n.data)) for n in done.notices if n.kind is NoticeKind.LINE]
            found += [done, lines]
    return found


@observer
def crosses(policy: Policy) -> object:
    """Which numbers bring an incident before somebody, and whom."""
    found: list[object] = []
    for one in incidents(policy):
        earlier = [
            replace(one, id=IncidentId(f"e{n}"), opened_at=NOW - timedelta(days=7 * n + 1))
            for n in range(1, 8)
        ]
        for stage in policy.stages:
            at = replace(one, stage=stage)
            found += [thresholds.timers(at, policy, NOW), thresholds.scored(at, policy, people(policy), NOW)]
        found.append(thresholds.fell_due(one, policy, people(policy), NOW + timedelta(days=60)))
        for count in (1, 2, 3, 7):
            found.append(thresholds.repeated(one, earlier[:count], policy, people(policy), NOW))
        found.append(recurrence.longest(policy))
    return found


@observer
def routes(policy: Policy) -> object:
    """Where what an agent asks goes, and what time does to it."""
    found: list[object] = [lanes.route(policy, given, NOW) for given in measured()]
    for name, lane in policy.lanes.items():
        found += [
            lane_clock.timeline(policy, name, NOW, 48), lane_clock.timeout_outcome(policy, name),
            lane_clock.late_decision_counts(policy, name), lanes.remind_at(policy, lane, NOW),
        ]  # fmt: skip
        found += [lanes.defer_until(policy, lane, NOW, times) for times in range(12)]
    for count in range(1, 40):
        moments = tuple(NOW - timedelta(minutes=3 * minute) for minute in range(count))
        dense = tuple(NOW - timedelta(seconds=second) for second in range(count))
        found += [lanes.grouped(policy, moments, NOW), lanes.heard_too_often(policy, moments, NOW)]
        found += [lanes.grouped(policy, dense, NOW), lanes.heard_too_often(policy, dense, NOW)]
    found += [lanes.approvers(policy, amount, 250.0) for amount in (100, 1000, 2500, 2750, 5000, 10**5)]
    return found


@observer
def opens_by_itself(policy: Policy) -> object:
    """What is opened by what is measured, with the exceptions that are in force."""
    on = [date(2026, 11, 20) + timedelta(days=days) for days in (-300, -30, -1, 0, 1, 20, 60, 100, 300)]
    assets = ["", *(waiver.asset for waiver in default().exceptions.values())]
    found: list[object] = []
    for given in measured():
        for service in ("", *policy.services):
            found.append(triggers.openings(policy, given, on=on[2], service=service))
    for trigger in policy.triggers:
        for asset in assets:
            found += [exceptions.pausing(policy, trigger, asset, day) for day in on]
        found.append(draft_of(Words(trigger=trigger), policy))
    return found


@observer
def is_on_call(policy: Policy) -> object:
    """Who holds what, hour by hour, what is handed over when, and where nobody is."""
    found: list[object] = []
    for day in range(0, 400, 9):
        at = people(policy, NOW + timedelta(days=day, hours=day % 24))
        found += [holders(policy, at, role, part) for role in policy.roster for part in ("primary", "backup")]
    found.append(handovers(policy, NOW, NOW + timedelta(days=60), NOBODY))
    found.append(gaps(policy, NOW, NOW + timedelta(days=60), NOBODY))
    return found


@observer
def is_ready(policy: Policy) -> object:
    """What stands in the way of the next page."""
    at = people(policy)
    found: list[object] = [of_interest(policy, NOW)]
    for drill in (None, NOW - timedelta(days=10), NOW - timedelta(days=91), NOW - timedelta(days=400)):
        record = readiness.Record(
            channels=frozenset({"esc-incidents"}), since=NOW - timedelta(days=500), last_drill=drill
        )
        found.append(readiness.findings(policy, at, of_interest(policy, NOW), record, NOW))
    return found


@observer
def is_reviewed(policy: Policy) -> object:
    """Whether the policy itself is due for a review, and who is asked."""
    table = desk.open_desk(HERE, policy.model_copy(update={"version": "v"}), NOW).incident
    at = people(policy)
    found: list[object] = [policy_review.is_due(policy, NOW)]
    due = policy.model_copy(update={"review_by": date(2026, 11, 1)})
    for user in at.people:
        for known in (policy, due):
            found.append(tried(policy_review.still_right, table, policy.version, known, at, by=user, now=NOW))
    found.append(policy_review.fell_due(table, policy, at, NOW))
    return found


@observer
def is_proposed(policy: Policy) -> object:
    """Who must agree to a new version, for how long it waits, and what they are shown of its review."""
    from bot.domain import policy_change

    # What differs between the two is always the same, so that the list of changes says nothing about the policy.
    new = policy.model_copy(update={"version": "new", "organisation": "Somebody else"})
    table = desk.open_desk(HERE, policy, NOW).incident
    return tried(policy_change.propose, table, (), policy, new, people(policy), by="tocsin", now=NOW)


@observer
def owns(policy: Policy) -> object:
    """What is known of an identity: how critical it is, where it belongs, who must find it an owner."""
    found: list[object] = []
    for one in incidents(policy):
        found += [
            identities.scored(policy, one.identity, {}), identities.service(policy, one.identity),
            identities.label(policy, one.identity), identities.governors(policy, one),
        ]  # fmt: skip
        table = desk.open_desk(HERE, policy, NOW).incident
        found.append(tried(identities.exception, table, (), one, policy, people(policy), NOW))
        found += [quorum.is_unowned(policy, one.identity)]
    return found


@observer
def closes(policy: Policy) -> object:
    """Closing, and what is still possible afterwards."""
    from bot.domain import closure, reopening

    one = incident(policy, Severity.SEV3, stage=list(policy.stages)[-1])
    said = Closure(
        cause="x", cause_is_suspicion=False, actions_taken="y", verification="z", closed_by=ANA, asked_at=NOW
    )
    closed = closure.close(one, (), policy, NOW, ANA, said)
    found: list[object] = [closed]
    for days in (1, 10, 29, 30, 31, 62, 400):
        found.append(
            tried(
                reopening.reopen, closed.incident, (), policy, people(policy),
                by=ANA, reason="again", next_step="look", now=NOW + timedelta(days=days),
            )
        )  # fmt: skip
    return found
