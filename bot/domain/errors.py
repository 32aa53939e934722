"""Everything the bot refuses to do, and how it says so.

BotError
├── InvalidInput       one or more fields need fixing
├── NotFound           what was named does not exist here
├── NotAllowed         you may not do this (yet)
├── IllegalMove        that button no longer applies
│   └── AlreadyDecided     somebody else was first
└── NotNow             right thing, wrong moment; says what to do first
    └── NotMet             a stage is not finished; names what it still needs
"""

from collections.abc import Mapping


class BotError(Exception):
    """A refusal. ``str(error)`` is one sentence written for the person who asked.

    ``audit_kind`` names the audit row that the refusal leaves behind.
    """

    audit_kind = "input.rejected"


class InvalidInput(BotError):
    """Maps each field of a form (its block id) or of a command to what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class NotFound(BotError):
    """What was named does not exist, or not here."""


class NotAllowed(BotError):
    """The person lacks the role for this."""

    audit_kind = "access.denied"


class IllegalMove(BotError):
    """The state has moved on, so the button or command no longer applies."""


class AlreadyDecided(IllegalMove):
    """Somebody else was first; the sentence says who."""


class NotNow(BotError):
    """The move is legal but something has to happen first; the sentence says what."""


class NotMet(NotNow):
    """A stage still needs something before it is left; the sentence names each of it."""

    audit_kind = "stage.refused"
