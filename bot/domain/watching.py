"""What is watched on an incident besides its duties: targets that may be missed, thresholds that may be crossed."""

from datetime import datetime

from bot.domain import targets, thresholds
from bot.domain.decision import Decision
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.domain.roles import Directory


def anew(incident: Incident, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Watch an incident as it is now: after its opening, a new severity, new scores, another policy."""
    if incident.is_closed or incident.is_desk:
        return Decision(incident=incident)
    decision = targets.armed(incident, policy, now)
    decision = decision.then(thresholds.scored(decision.incident, policy, directory, now))
    timers = thresholds.timers(decision.incident, policy, now)
    return decision.then(Decision(incident=decision.incident, timers=timers))
