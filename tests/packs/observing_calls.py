"""Observers: what the bot does with a policy (see `observers`)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import (
    gates,
    hours,
    opening,
    quorum,
    raci,
    rights,
    severity,
    sharing,
    stages,
    targets,
    triggers,
    users,
)
from bot.domain.incident import (
    Dimension,
    IncidentId,
    Severity,
)
from bot.domain.items import ProposalKind
from bot.domain.ladder import engagement, rungs
from bot.domain.policy import Policy, Span
from tests.packs.observers import (
    ANA,
    HERE,
    NOW,
    incident,
    incidents,
    observer,
    opened,
    people,
    tried,
)


@observer
def opens(policy: Policy) -> object:
    """Opening an incident: its severity and targets, who is asked, what is owed, by when."""
    drafts = [
        opening.Draft(title="It broke", scores=dict.fromkeys(Dimension, score), customer_visible=visible)
        for score in (4, 3, 2, 1, 0, None)
        for visible in (True, False)
    ]
    calm = dict.fromkeys(("business", "users", "data", "regulatory"), 1)
    scores = {Dimension(name): score for name, score in calm.items()}
    drafts += [opening.Draft(title="It broke", scores=scores, kind=kind) for kind in policy.kinds]
    drafts += [opening.Draft(title="It broke", scores=scores, identity=name) for name in policy.identities]
    return [
        tried(
            opening.open_incident, policy, people(policy), draft,
            id=IncidentId("i"), number=1, by=ANA, workspace=HERE, now=NOW,
        )
        for draft in drafts
    ]  # fmt: skip


@observer
def computes(policy: Policy) -> object:
    """The severity of every score in every dimension, alone and together."""
    said = []
    for score in range(5):
        for known in range(len(Dimension) + 1):
            scores = dict.fromkeys(list(Dimension)[:known], score)
            said.append(severity.compute(policy, scores))
            said.append(severity.compute(policy, dict.fromkeys(list(Dimension)[known:], score)))
    return said


@observer
def counts_users(policy: Policy) -> object:
    """What a number of users that somebody says is worth."""
    numbers = [str(number) for number in (0, 1, 5, 9, 10, 49, 99, 100, 500, 999, 1000, 9999, 10_000, 10**6)]
    return [users.scored(policy, said) for said in (*numbers, "0%", "1%", "5%", "10%", "49%", "50%", "100%")]


@observer
def sets_targets(policy: Policy) -> object:
    """By when each target falls due, at opening and after a change."""
    return [
        severity.targets(policy, level, NOW, changed_at=changed, customer_visible=True, kind=kind)
        for level in policy.severities
        for changed in (None, NOW + timedelta(hours=300))
        for kind in ("", *policy.kinds)
    ] + [severity.soonest(policy, NOW, acknowledgement=yes) for yes in (True, False)]


@observer
def chases_targets(policy: Policy) -> object:
    """What happens when a target is not met."""
    late = NOW + timedelta(days=40)
    found: list[object] = []
    for level in policy.severities:
        at = incident(policy, level, targets=severity.targets(policy, level, NOW, customer_visible=True))
        found.append(targets.timers(at, policy, NOW))
        for stage in policy.stages:
            found += [targets.is_met(replace(at, stage=stage), policy, name) for name in at.targets]
        for timer in targets.timers(at, policy, NOW):
            found.append(targets.fell_due(at, timer.kind, policy, people(policy), late))
    return found


@observer
def counts_hours(policy: Policy) -> object:
    """How long working hours take, over nights, weekends and holidays."""
    starts = [
        datetime(2026, month, day, 3, 15, tzinfo=UTC)
        for month in range(1, 13)
        for day in (1, 6, 7, 14, 23, 24, 25, 26, 28)
    ]
    spans = (Span(minutes=90, working=True), Span(days=1, working=True))
    return [hours.after(start, span, policy.support_hours) for start in starts for span in spans]


@observer
def calls_in(policy: Policy) -> object:
    """Whom an incident calls in, which ladder is climbed, and who stands on each rung."""
    at = people(policy)
    found: list[object] = []
    for one in incidents(policy):
        name, ladder = rungs.chosen(one, policy)
        behind = [
            [
                rungs.on_slot(slot, engaged.role, one, policy, at)
                for engaged in engagement.engaged_roles(policy, one)
            ]
            for step in ladder.steps
            for slot in (*step.ask, *step.inform)
        ]
        called = [(engaged.role, engaged.inform_only) for engaged in engagement.engaged_roles(policy, one)]
        found.append((name, called, behind, triggers.acknowledge_span(policy, one)))
        found.append(engagement.engage_all(one, (), policy, at, NOW, reason=opened()))
    return found


@observer
def climbs(policy: Policy) -> object:
    """A page that nobody answers, rung after rung, to the alarm."""
    from bot.domain import ladder
    from bot.domain.decision import TimerKind

    at, found = people(policy), list[object]()
    for level in policy.severities:
        one = incident(policy, level)
        role = policy.row(level).lead
        decision = engagement.engage(one, role, policy, at, NOW)
        page = decision.items[-1]
        for _ in range(24):
            due = [timer for timer in decision.timers if timer.kind in (TimerKind.RUNG, TimerKind.ALARM)]
            found.append([decision.timers, [notice.to for notice in decision.notices]])
            if not due:
                break
            page = decision.items[-1] if decision.items else page
            decision = ladder.fell_due(decision.incident, page, due[0].kind, policy, at, due[0].at)
    return found


@observer
def needs_agreement(policy: Policy) -> object:
    """Who must agree to what, and whether one person may do it alone."""
    from bot.domain.items import Proposal

    found: list[object] = []
    for one in incidents(policy):
        for kind in ProposalKind:
            for value in (1, 5, "customer", "executive"):
                try:
                    found.append(quorum.words(policy, quorum.needs(policy, one, kind, value)))
                    proposal = Proposal(kind=kind, value=value, current=3, proposed_by=ANA, digest="d")
                    found.append(quorum.two_people(policy, one, proposal))
                except (KeyError, ValueError, TypeError, AttributeError):
                    continue
        found.append(sharing.must_agree(policy, one))
        found += [
            sharing.must_agree(policy, one, audience)
            for audience in ("customer", "executive", "support", "legal")
        ]
        found += [
            len(sharing.in_force(policy, one, audience))
            for audience in ("customer", "executive", "support", "legal")
        ]
    return found


@observer
def allows(policy: Policy) -> object:
    """Who may decide what."""
    at = people(policy)
    decisions = ["open", "close", "remediation", *policy.decision_rights]
    return [
        (
            rights.who(policy, one, decision),
            [rights.may(policy, at, one, user, decision) for user in at.people],
        )
        for one in (incident(policy, Severity.SEV1), incident(policy, Severity.SEV4))
        for decision in decisions
    ]


@observer
def says_who_answers(policy: Policy) -> object:
    """Who is accountable, responsible, consulted and informed."""
    return [raci.of(policy, level) for level in policy.severities]


@observer
def moves(policy: Policy) -> object:
    """Where a stage leads, what it is called, what it needs before it is left."""
    found: list[object] = []
    for one in incidents(policy):
        for stage in policy.stages:
            at = replace(one, stage=stage)
            found += [
                stages.legal(policy, stage),
                stages.label(policy, stage),
                tried(stages.named, policy, str(stage)),
            ]
            found += [
                [row.id for row in gates.wanted(policy, at)],
                [row.id for row in gates.unmet(at, (), policy)],
            ]
            found.append(gates.passed_over(at, policy))
            for to in stages.legal(policy, stage):
                lacks = gates.missing(at, (), policy, to)
                found += [lacks.holds_back, gates.words(policy, lacks)]
            texts = stages.texts_for(policy, at, stage)
            said = {text.template: "{a blank}" for text in texts}
            found.append([text.template for text in texts])
            if not one.kind:
                found.append(stages.say(at, (), texts, policy, people(policy), now=NOW, texts=said))
    return found
