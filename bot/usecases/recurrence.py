"""The same thing again: looked for at the opening, among the incidents of the last weeks."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import recurrence
from bot.domain.decision import Decision
from bot.domain.policy import Policy
from bot.domain.roles import Directory
from storage import incidents
from storage.database import Tx


def noticed(tx: Tx, opened: Decision, policy: Policy, directory: Directory, now: datetime) -> Decision:
    """Return an opening that knows its fingerprint, with what follows when the same thing came back too often (S1-07)."""
    incident = opened.incident
    mark = incident.fingerprint or recurrence.fingerprint(incident.service, incident.kind, incident.title)
    marked = opened.then(Decision(incident=replace(incident, fingerprint=mark)))
    days = recurrence.longest(policy)
    if not days or not mark or incident.drill:
        return marked
    earlier = incidents.alike(tx, marked.incident, since=now - timedelta(days=days))
    return marked.then(recurrence.came_back(marked.incident, marked.items, earlier, policy, directory, now))
