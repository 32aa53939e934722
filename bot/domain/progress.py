"""How far an incident has come, as it is kept with it: stages entered, criteria met, targets missed, thresholds crossed.

One mapping from a name to who or what put it there and when. The names: ``contain`` (a stage was entered),
``contain/harm_stopped`` (a criterion), ``target:contain`` (it was missed), ``threshold:T-01`` (it was crossed).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.incident import Incident, Stage


def criterion(stage: Stage, name: str) -> str:
    """Return the name under which a criterion of a stage is kept."""
    return f"{stage}/{name}"


def target(name: str) -> str:
    """Return the name under which a missed target is kept."""
    return f"target:{name}"


def threshold(name: str) -> str:
    """Return the name under which a crossed threshold is kept."""
    return f"threshold:{name}"


def has(incident: Incident, name: str) -> bool:
    """Tell whether something is kept under a name."""
    return name in incident.ticked


def kept(incident: Incident, now: datetime, *names: str, **how: Any) -> Incident:
    """Return the incident with these names kept, each since ``now``."""
    if not names:
        return incident
    return replace(incident, ticked={**incident.ticked, **{n: {"at": now.isoformat(), **how} for n in names}})


def without(incident: Incident, *names: str) -> Incident:
    """Return the incident without these names."""
    left = {name: how for name, how in incident.ticked.items() if name not in names}
    return incident if len(left) == len(incident.ticked) else replace(incident, ticked=left)
