"""What may not go to an audience without another agreement, because of the data at risk."""

from bot.domain.incident import Dimension, Incident, Role
from bot.domain.policy import DataRule, Policy


def in_force(policy: Policy, incident: Incident, audience: str = "") -> tuple[DataRule, ...]:
    """Return the rules that an incident's scores put in force, for one audience or, without one, for all.

    A score that nobody knows yet puts none in force.
    """
    return tuple(
        rule
        for rule in policy.data_sharing.values()
        if audience in ("", rule.audience) and _reaches(incident, rule)
    )


def must_agree(policy: Policy, incident: Incident, audience: str = "") -> tuple[tuple[Role, ...], ...]:
    """Return which further agreements a text to an audience needs; the same roles are asked once, whatever the rules."""
    return tuple(dict.fromkeys(rule.roles for rule in in_force(policy, incident, audience)))


def _reaches(incident: Incident, rule: DataRule) -> bool:
    score = incident.scores.get(Dimension(rule.dimension))
    return score is not None and score >= rule.score
