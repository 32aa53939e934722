"""What every part of a policy is made of: strict models, spans of time, names of severities."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.incident import Dimension, Role, Severity

Minutes = Annotated[int, Field(gt=0, le=60 * 24 * 366)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Score = Annotated[int, Field(ge=0, le=4)]

# Who must agree: one grant by a holder of each inner tuple (any role of it is enough).
Needs = tuple[tuple[Role, ...], ...]


def _level(value: object) -> object:
    """Read a severity as people write it (`SEV2`) or as JSON keys carry it (`"2"`)."""
    if isinstance(value, str):
        return Severity.__members__.get(value, int(value) if value.isdecimal() else value)
    return value


Level = Annotated[Severity, BeforeValidator(_level)]


class Model(BaseModel):
    """A typo in the pack is an error at load, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Model):
    """A length of time, by the clock or in support hours (`working: true`; a day is then one support day)."""

    minutes: Minutes | None = None
    days: Annotated[int, Field(gt=0, le=366)] | None = None
    working: bool = False


class Reviewed(Model):
    """When something was last looked at by somebody, and by when it must be looked at again (S1-69)."""

    reviewed_on: date | None = None
    review_by: date | None = None


class When(Model):
    """A condition on an incident; all that is given must hold. Nothing given means always.

    ``at_least`` maps dimensions to the least score; ``kinds``, ``triggers`` and ``conditions`` (stop-the-line, active now) hold
    when the incident has one of them; ``tier`` holds when its service is of that tier or a more important one (1 is the
    most important); ``unowned_identity`` when its identity has no owner.
    """

    customer_visible: bool | None = None
    at_least: dict[Dimension, Score] | None = None
    kinds: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tier: Annotated[int, Field(ge=1, le=4)] | None = None
    unowned_identity: bool | None = None
