"""Which observer notices which key of a pack; see `test_readers`."""

from collections.abc import Mapping

_SEEN_BY: Mapping[str, str] = {
    "asks_at_triage": "Kind.collect Question.id Question.text",
    "asks_for_agreement": "DataRule.says",
    "calls_in": "SpecialLadder.id SpecialLadder.any_of SpecialLadder.ladder Kind.notify_first",
    "chases_targets": """
        SeverityRow.approvals When.customer_visible When.at_least When.kinds StageRow.meets
    """,
    "climbs": "Ladder.repeat Ladder.alarm Step.ask Step.inform Step.wait",
    "closes": """
        Policy.archive_after Policy.reopen_within_days Policy.thresholds
        SeverityRow.next_step_within SeverityRow.stages SeverityRow.special_ladders
    """,
    "computes": "Computation.compound_count DimensionRow.only_with_identity",
    "counts_hours": """
        SupportHours.timezone SupportHours.weekdays SupportHours.opens SupportHours.closes
        SupportHours.holidays SupportHours.calendars Calendar.country Calendar.subdivision
        Calendar.add Calendar.remove
    """,
    "counts_users": "Computation.user_bands UserBand.score UserBand.percent UserBand.users",
    "crosses": """
        Threshold.measure Threshold.severities Threshold.stages Threshold.span Threshold.count
        Threshold.within_days Threshold.dimension Threshold.owner Threshold.says
    """,
    "fetches_calendars": "Schedule.feed Feed.url",
    "finds_channels": """
        Channels.announcements Channels.catch_all Channels.customers Channels.executives
    """,
    "hands_over": "SeverityRow.handoff",
    "is_checked": """
        Policy.metrics SeverityRow.reviewed_on SeverityRow.review_by DataRule.reviewed_on
        DataRule.review_by Metric.type Metric.unit Metric.meaning Lane.reviewed_on Lane.review_by
        Trigger.counterexamples Example.given AutoTrigger.reviewed_on AutoTrigger.review_by
        AutoTrigger.examples AutoTrigger.counterexamples AutoTrigger.exception_days
        AutoTrigger.exception_by
    """,
    "is_on_call": """
        Slot.primary Slot.backup Slot.fallback Schedule.timezone Layer.members Layer.starts
        Layer.handoff Layer.every Layer.weekday Layer.days Layer.hours Hours.weekdays Hours.since
        Hours.until
    """,
    "is_proposed": "Policy.owner Policy.sponsor Policy.activation_waits",
    "is_ready": "Policy.drill_every_days Policy.channels Schedule.label",
    "is_reviewed": "Policy.review_every_days Policy.schedules Policy.support_hours",
    "lets_one_person_agree_twice": "Policy.profile",
    "makes_channels": """
        Policy.channel_prefix Policy.invite_batch Policy.computation Policy.dimensions Policy.roster
        Computation.compound_scores DimensionRow.label SeverityRow.executive_brief
    """,
    "moves": """
        StageRow.leads_to Criterion.id Criterion.text Criterion.check Criterion.severities
        Criterion.any_of Criterion.strict StageText.template StageText.approve StageText.severities
        StageText.customer_visible_only StageText.at_least
    """,
    "needs_agreement": """
        Policy.data_sharing Computation.two_people_from Approvals.raise_severity
        Approvals.lower_severity Approvals.owner Approvals.external_text Approvals.close
        Approvals.remediation DataRule.audience DataRule.dimension DataRule.score DataRule.roles
    """,
    "opens": """
        Policy.decision_rights SeverityRow.update_backup_after When.triggers When.conditions
        When.tier When.unowned_identity Kind.asks
    """,
    "opens_by_itself": """
        AutoTrigger.label AutoTrigger.when AutoTrigger.opens AutoTrigger.tier1_opens
        AutoTrigger.kind AutoTrigger.conditions AutoTrigger.notify_first AutoTrigger.acknowledge
        Waiver.trigger Waiver.asset Waiver.granted_on Waiver.expires_on
    """,
    "owns": """
        Identity.label Identity.owner Identity.criticality Identity.service Governance.role
        Governance.owner_within_days
    """,
    "routes": """
        AfterTimeout.says AfterTimeout.repeat AfterTimeout.tell AfterTimeout.tell_after
        AfterTimeout.late_decision LaneRules.remind_at LaneRules.defers LaneRules.group_count
        LaneRules.group_within LaneRules.rate_count LaneRules.rate_within LaneRules.two_approvers_at
        Remediation.touches_credentials Remediation.approved_rule Remediation.approved_by
    """,
    "says_who_answers": "RaciRow.activity RaciRow.severities RaciRow.cells",
    "sets_targets": "Computation.soonest Computation.soonest_acknowledgement Kind.by_clock_from",
    "settles": "SeverityRow.settle_unknown",
    "shows_an_incident": """
        Policy.runbook_stale_days Policy.stop_the_line Policy.kinds Policy.credible Policy.teams
        Policy.services Policy.identities Policy.governance Policy.stages Policy.triggers
        StopCondition.text StopCondition.floor StopCondition.engage Kind.label Team.label Team.role
        Team.channel Service.label Service.tier Service.owner Service.team Service.runbook
        Service.repositories Runbook.url Runbook.reviewed_on Runbook.exercised_on Runbook.plan_b
        PlanB.text PlanB.tested_on StageRow.meaning StageRow.entry StageRow.artifacts StageRow.exit
    """,
    "shows_forms": """
        DimensionRow.question DimensionRow.scores DimensionRow.unknown_counts Kind.meaning
    """,
    "shows_the_matrix": """
        Policy.reviewed_on Policy.review_by Policy.organisation Policy.endorsement
        Policy.reviewed_by Policy.severities Policy.roles Policy.raci Policy.lanes Policy.lane_rules
        Policy.exceptions Policy.remediation Endorsement.by Endorsement.on SeverityRow.label
        SeverityRow.meaning SeverityRow.examples SeverityRow.lead SeverityRow.acknowledge
        SeverityRow.contain SeverityRow.resolve SeverityRow.internal_update
        SeverityRow.external_update SeverityRow.engage SeverityRow.ladder Engagement.role
        Engagement.any_of Engagement.inform_only Ladder.steps RoleRow.label Lane.label
        Lane.precedence Lane.triggers Lane.owner Lane.backup Lane.urgency Lane.interim
        Lane.agent_action Lane.operator_action Lane.evidence Lane.timeout Lane.timeout_action
        Lane.after_timeout Lane.irreversible Lane.safe_to_continue Trigger.when Trigger.examples
        Example.says Waiver.owner Waiver.reason Waiver.approved_by
    """,
    "shows_what_to_tick": "StopTheLine.lift Question.answer",
    "shows_who_is_on_call": "Schedule.layers",
    "stays_answered": "SeverityRow.ack_lease",
    "stops_the_line": """
        StopTheLine.engage StopTheLine.conditions StopCondition.suspected_floor
        StopCondition.refuses_approvals StopCondition.automatic StopCondition.automatic_from
    """,
    "suggests": """
        Policy.advice AdviceRule.id AdviceRule.any_of AdviceRule.dimension AdviceRule.score
        AdviceRule.because
    """,
    "ticks_the_checklist": """
        StopTheLine.owes_within StopCondition.private StopCondition.legal_hold StopCondition.owes
        StopCondition.says
    """,
    "waits_for_agreement": """
        Span.minutes Span.days Span.working SeverityRow.suggestion_expires
        SeverityRow.approval_expires
    """,
    "writes": "StageRow.label StageRow.moment StageRow.texts StageText.audience",
}

PROBES: Mapping[str, str] = {key: observer for observer, keys in _SEEN_BY.items() for key in keys.split()}

# What is written down so that the check of a pack can hold the rest to it.
CHECKED = frozenset(_SEEN_BY["is_checked"].split())
