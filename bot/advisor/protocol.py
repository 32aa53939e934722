"""What an advisor is given, and what it may answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.advice import Suggestion
from bot.domain.incident import Incident, UserId
from bot.domain.policy import Policy

__all__ = ["Advisor", "Said", "Suggestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said in an incident's channel. ``ref`` is what evidence refers to; the text is untrusted."""

    ref: str
    excerpt: str
    by: UserId
    at: datetime


class Advisor(Protocol):
    """Somebody to ask what could be done; it sees one incident and changes nothing."""

    def advise(self, policy: Policy, incident: Incident, said: Sequence[Said]) -> list[Suggestion]:
        """Return suggestions about an incident, each with evidence out of ``said``; none is a good answer."""
        ...
