"""What an update must say, by whom it is for and where the incident stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.incident import Incident, Status
from bot.domain.policy import Policy


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    CUSTOMER = "customer"
    EXECUTIVE = "executive"


class Moment(StrEnum):
    """Where an incident stands, as an update sees it."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    CONTAIN = "contain"
    DIAGNOSE = "diagnose"
    RESOLVE = "resolve"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing an update says. ``example`` is a text that would do."""

    name: str
    label: str
    example: str
    required: bool = True


def _field(name: str, label: str, example: str, *, required: bool = True) -> Field:
    return Field(name=name, label=label, example=example, required=required)


_IMPACT = _field("impact", "What users see", "Search is slow and sometimes returns nothing.")
_SCOPE = _field("scope", "Who is affected: product, region", "customers of search in Europe")
_ACTIONS = _field("actions", "What we are doing", "We are moving search to spare capacity.")
_NEXT = _field("next_step", "Next step", "We check that search is fast again.")
_WORKAROUND = _field("workaround", "What users can do meanwhile", "Filters still work.", required=False)

CUSTOMER: Mapping[Moment, tuple[Field, ...]] = MappingProxyType(
    {
        Moment.OPEN: (
            _IMPACT,
            _SCOPE,
            _field("since", "Since when", "09:00 UTC"),
            _ACTIONS,
            _NEXT,
            _WORKAROUND,
        ),
        Moment.ACKNOWLEDGE: (_IMPACT, _SCOPE, _ACTIONS, _NEXT, _WORKAROUND),
        Moment.CONTAIN: (
            _field("changed", "What changed for users", "Most searches answer again."),
            _field("impact", "What still hurts", "Saved searches are still slow."),
            _field("actions", "Protective step taken", "We limited large exports."),
            _NEXT,
            _WORKAROUND,
        ),
        Moment.DIAGNOSE: (
            _field("understanding", "What we understand, in plain words", "We know which part is slow."),
            _field("impact", "What users see now", "Search is slower than usual."),
            _ACTIONS,
            _NEXT,
        ),
        Moment.RESOLVE: (
            _field("actions", "The fix that is in place", "We added capacity to search."),
            _field("impact", "What to expect", "Search may be slow for a few more minutes."),
            _NEXT,
        ),
        Moment.CLOSE: (
            _field("recovered_at", "Over since", "10:40 UTC"),
            _field("duration", "How long it lasted", "1 hour 40 minutes"),
            _SCOPE,
            _field("cause", "Cause in plain words, or: still investigating", "We are still investigating."),
            _field(
                "data_loss",
                "Was data lost, and who verified it",
                "No data was lost; we compared every record.",
            ),
            _field("prevention", "What we will do", "We will watch the capacity of search."),
            _field("contact", "Where to turn with questions", "support@acme.example"),
        ),
    }
)

INTERNAL = (
    _field("condition", "Condition", "Search is slow for one in five."),
    _field("actions", "Actions: done, under way, by whom", "eli adds capacity, done by 10:15."),
    _field("needs", "Needs and blockers", "nothing"),
)

EXECUTIVE = (
    _field("situation", "The situation in one line", "Search is slow in Europe."),
    _field("trend", "Trend", "improving"),
    _field(
        "impact",
        "Business impact: users, revenue, key accounts",
        "One in five searches fails; no orders lost.",
    ),
    _field("position", "Data and regulation, and the next clock", "No data involved; no clock runs."),
    _field("decisions", "Decisions needed from you, and by when", "none"),
    _field("told_outside", "What we told outside", "One customer update at 09:20 UTC."),
)


def moment(incident: Incident, policy: Policy) -> Moment:
    """Return where an incident stands for those who are told about it; each stage of the policy says its own."""
    if incident.is_closed:
        return Moment.CLOSE
    row = policy.stages.get(incident.stage)
    if row is not None and row.moment is not None:
        return Moment(row.moment)
    return Moment.ACKNOWLEDGE if incident.status is Status.ACKNOWLEDGED else Moment.OPEN


def wanted(audience: Audience, at: Moment) -> tuple[Field, ...]:
    """Return the fields of an update, in the order in which they are asked."""
    match audience:
        case Audience.INTERNAL:
            return INTERNAL
        case Audience.EXECUTIVE:
            return EXECUTIVE
        case Audience.CUSTOMER:
            return CUSTOMER[at]
